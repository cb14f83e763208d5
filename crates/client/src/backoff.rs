//! How long to wait before trying again: full jitter, so that a thousand clients don't come back in one instant.

use std::time::Duration;

use rand_core::Rng;

use crate::error::Error;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// How often a call is made before its error is believed.
const TRIES: u32 = 6;

/// Counts failures in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The time to wait after one more failure: a random part of a limit that doubles up to ten seconds
    /// (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).
    pub(crate) fn next(&mut self, rng: &mut impl Rng) -> Duration {
        let limit = FIRST
            .saturating_mul(1 << self.failures.min(16))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        limit.mul_f64(f64::from(rng.next_u32()) / f64::from(u32::MAX))
    }

    /// It worked: the next failure is the first again.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

/// Makes a call that is safe to repeat, again while the server can't be reached or asks to come again.
pub(crate) async fn repeated<T, F: Future<Output = Result<T, Error>>>(
    mut call: impl FnMut() -> F,
) -> Result<T, Error> {
    let mut backoff = Backoff::default();
    loop {
        match call().await {
            Err(error) if error.is_passing() && backoff.failures + 1 < TRIES => {
                let asked = error.retry_after().unwrap_or(Duration::ZERO).min(LONGEST);
                let wait = backoff.next(&mut crate::ambient::random());
                tokio::time::sleep(wait.max(asked)).await;
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Always draws the greatest number.
    struct Greatest;

    impl rand_core::TryRng for Greatest {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(u32::MAX)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(u64::MAX)
        }
        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.fill(0xff);
            Ok(())
        }
    }

    #[test]
    fn the_limit_doubles_up_to_ten_seconds_and_starts_over() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..8)
            .map(|_| backoff.next(&mut Greatest).as_millis())
            .collect();
        assert_eq!(
            waits,
            [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]
        );
        backoff.reset();
        assert_eq!(backoff.next(&mut Greatest).as_millis(), 250);
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
