//! How long to wait before trying again: jittered, so that a thousand clients don't come back in one instant
//! (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>). The pages keep the same rule
//! (`web/src/api/retry.ts`).

use std::time::Duration;

use rand_core::Rng;
use tokio::time::Instant;

use crate::error::Error;

const FIRST: Duration = Duration::from_millis(500);

/// The longest pause while a line has been away for less than [`KEEN`].
const STEADY: Duration = Duration::from_secs(3);

/// For how long a line that went away is expected back at any moment.
const KEEN: Duration = Duration::from_mins(2);

const LONGEST: Duration = Duration::from_secs(30);

/// A connection that stood for so long had nothing wrong with it.
const STANDING: Duration = Duration::from_secs(10);

/// How often a call is made before its error is believed.
const TRIES: u32 = 6;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nobody answers: the network or the server is away, and nothing says for how long.
    Lost,
    /// Somebody answers, and does not want to: trying at once would be refused at once.
    Refused,
}

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
    /// How many of them came after it was plain that this takes longer.
    slow: u32,
    lost_at: Option<Instant>,
    up_at: Option<Instant>,
}

impl Backoff {
    /// The time to wait after one more failure. `random` is in 0 to 1.
    pub(crate) fn after(&mut self, failure: Failure, now: Instant, random: f64) -> Duration {
        if self.up_at.take().is_some_and(|up| now - up >= STANDING) {
            self.worked();
        }
        let lost_at = *self.lost_at.get_or_insert(now);
        if failure == Failure::Refused || now - lost_at >= KEEN {
            self.slow = self.slow.saturating_add(1);
        }
        let limit = if self.slow == 0 {
            doubled(FIRST, self.failures).min(STEADY)
        } else {
            doubled(STEADY, self.slow).min(LONGEST)
        };
        self.failures = self.failures.saturating_add(1);
        match failure {
            Failure::Lost => limit.mul_f64(random),
            // Half of it is certain: a refusal is never answered with a try at once.
            Failure::Refused => limit.mul_f64(f64::midpoint(1.0, random)),
        }
    }

    /// A connection stands. That alone is no success: it may be refused as soon as something is said on it.
    pub(crate) const fn up(&mut self, now: Instant) {
        self.up_at = Some(now);
    }

    /// It worked: the next failure is the first again.
    pub(crate) fn worked(&mut self) {
        *self = Self::default();
    }
}

fn doubled(time: Duration, times: u32) -> Duration {
    time.saturating_mul(1 << times.min(16))
}

/// A number in 0 to 1.
pub(crate) fn fraction(rng: &mut impl Rng) -> f64 {
    f64::from(rng.next_u32()) / f64::from(u32::MAX)
}

/// Makes a call that is safe to repeat, again while the server can't be reached or asks to come again.
pub(crate) async fn repeated<T, F: Future<Output = Result<T, Error>>>(
    mut call: impl FnMut() -> F,
) -> Result<T, Error> {
    let mut backoff = Backoff::default();
    let mut tries = 0;
    loop {
        tries += 1;
        match call().await {
            Err(error) if error.is_passing() && tries < TRIES => {
                let asked = error.retry_after().unwrap_or(Duration::ZERO).min(LONGEST);
                let random = fraction(&mut crate::system::random());
                let wait = backoff.after(Failure::Lost, Instant::now(), random);
                tokio::time::sleep(wait.max(asked)).await;
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The waits after failures in a row, in milliseconds, each try failing at once.
    fn waits(backoff: &mut Backoff, failure: Failure, start: Instant, random: f64) -> Vec<u128> {
        let mut now = start;
        std::iter::repeat_with(|| {
            let wait = backoff.after(failure, now, random);
            now += wait;
            wait.as_millis()
        })
        .take(60)
        .collect()
    }

    #[test]
    fn a_lost_line_is_tried_every_three_seconds_for_two_minutes_and_then_ever_less_often() {
        let mut backoff = Backoff::default();
        let waits = waits(&mut backoff, Failure::Lost, Instant::now(), 1.0);
        assert_eq!(waits[..4], [500, 1_000, 2_000, 3_000]);
        let slower = waits.iter().position(|wait| *wait > 3_000).unwrap();
        let before: u128 = waits[..slower].iter().sum();
        assert!((120_000..=123_000).contains(&before), "{before}");
        assert_eq!(waits[slower..slower + 4], [6_000, 12_000, 24_000, 30_000]);
        assert_eq!(waits.last(), Some(&30_000));
        assert_eq!(
            backoff.after(Failure::Lost, Instant::now(), 0.0),
            Duration::ZERO
        );
    }

    #[test]
    fn a_refusal_backs_off_at_once_and_never_tries_at_once() {
        let now = Instant::now();
        let longest = waits(&mut Backoff::default(), Failure::Refused, now, 1.0);
        assert_eq!(longest[..5], [6_000, 12_000, 24_000, 30_000, 30_000]);
        let shortest = waits(&mut Backoff::default(), Failure::Refused, now, 0.0);
        assert_eq!(shortest[..5], [3_000, 6_000, 12_000, 15_000, 15_000]);
    }

    #[test]
    fn a_connection_that_stands_for_a_moment_is_no_success() {
        let (mut backoff, start) = (Backoff::default(), Instant::now());
        let after = |backoff: &mut Backoff, seconds: u64, failure| {
            let now = start + Duration::from_secs(seconds);
            backoff.after(failure, now, 1.0).as_millis()
        };
        assert_eq!(after(&mut backoff, 0, Failure::Refused), 6_000);
        backoff.up(start + Duration::from_secs(6));
        assert_eq!(after(&mut backoff, 7, Failure::Refused), 12_000);
        backoff.up(start + Duration::from_secs(20));
        assert_eq!(after(&mut backoff, 30, Failure::Refused), 6_000);
        backoff.worked();
        assert_eq!(after(&mut backoff, 31, Failure::Lost), 500);
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_may_pass_is_repeated() {
        let mut calls = 0;
        let result = repeated(|| {
            calls += 1;
            std::future::ready(if calls < 3 {
                Err(Error::Unreachable("x".into()))
            } else {
                Ok(calls)
            })
        });
        assert_eq!(result.await.unwrap(), 3);
        let mut calls = 0;
        let refused = repeated(|| {
            calls += 1;
            std::future::ready(Err::<(), _>(Error::Untrusted("x")))
        });
        refused.await.unwrap_err();
        assert_eq!(calls, 1);
    }
}
