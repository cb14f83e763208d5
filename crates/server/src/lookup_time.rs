//! How long looking for an account by its e-mail takes: the same, whether there is one.
//!
//! Reading a row takes longer than finding none, and how much longer depends on the database: microseconds on this
//! machine's disk, more over a network. So a lookup is answered at the next multiple of a step that is at least twice
//! what finding an account took lately. It is measured on lookups that found one, for those are the slow ones: whoever
//! asks for e-mails that do not exist can't make the step shorter.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep_until};

/// The shortest step.
const SHORTEST: Duration = Duration::from_millis(10);

/// So often the shortest step may double: to 640 ms. A database that takes longer than half of that is answered at the
/// next multiple, and nobody waits for a whole minute because it stalled once.
const DOUBLINGS: u32 = 6;

/// So many lookups are remembered.
const RECENT: usize = 16;

/// How long finding an account is taken to be before any was found.
const UNKNOWN: Duration = Duration::from_millis(50);

/// What finding an account took lately.
pub(crate) struct LookupTime(Mutex<Recent>);

struct Recent {
    took: [Duration; RECENT],
    /// The place of the oldest.
    next: usize,
}

impl Default for LookupTime {
    fn default() -> Self {
        Self(Mutex::new(Recent {
            took: [UNKNOWN; RECENT],
            next: 0,
        }))
    }
}

impl LookupTime {
    /// Looks something up, and answers at the next multiple of the step after that.
    ///
    /// # Errors
    /// Those of the lookup, no sooner.
    pub(crate) async fn even<T, E>(
        &self,
        lookup: impl Future<Output = Result<Option<T>, E>>,
    ) -> Result<Option<T>, E> {
        let (began, step) = (Instant::now(), self.step());
        let found = lookup.await;
        let took = began.elapsed();
        if let Ok(Some(_)) = found {
            self.remember(took);
        }
        sleep_until(began + next_multiple(took, step)).await;
        found
    }

    fn step(&self) -> Duration {
        let slowest = self.recent().took.iter().max().copied().unwrap_or(UNKNOWN);
        (0..DOUBLINGS)
            .map(|doublings| SHORTEST * (1 << doublings))
            .find(|step| *step >= slowest * 2)
            .unwrap_or(SHORTEST * (1 << DOUBLINGS))
    }

    fn remember(&self, took: Duration) {
        let mut recent = self.recent();
        let oldest = recent.next;
        recent.took[oldest] = took;
        recent.next = (oldest + 1) % RECENT;
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first multiple of the step that is later than this.
fn next_multiple(took: Duration, step: Duration) -> Duration {
    let whole = took.as_millis() / step.as_millis().max(1);
    step * u32::try_from(whole + 1).unwrap_or(u32::MAX)
}

impl fmt::Debug for LookupTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookupTime")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    /// A database that takes this long for the e-mails that it knows, and less for all others.
    struct Database {
        known: Duration,
        unknown: Duration,
    }

    impl Database {
        async fn account(&self, email: &str) -> Result<Option<()>, ()> {
            let is_known = email == "known";
            sleep(if is_known { self.known } else { self.unknown }).await;
            Ok(is_known.then_some(()))
        }
    }

    async fn answered_after(time: &LookupTime, database: &Database, email: &str) -> Duration {
        let began = Instant::now();
        let found = time.even(database.account(email)).await.unwrap();
        assert_eq!(found.is_some(), email == "known");
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn known_and_unknown_emails_are_answered_alike_from_the_first_on() {
        let milliseconds = Duration::from_millis;
        for (known, unknown) in [(0, 0), (2, 1), (9, 1), (45, 0), (49, 3), (80, 30)] {
            let database = Database {
                known: milliseconds(known),
                unknown: milliseconds(unknown),
            };
            let time = LookupTime::default();
            for round in 0..40 {
                let nobody = answered_after(&time, &database, "unknown").await;
                let somebody = answered_after(&time, &database, "known").await;
                assert_eq!(somebody, nobody, "{known} ms in round {round}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slower_database_makes_the_step_longer_at_once() {
        let time = LookupTime::default();
        let mut database = Database {
            known: Duration::from_millis(2),
            unknown: Duration::from_millis(1),
        };
        for _ in 0..RECENT {
            answered_after(&time, &database, "known").await;
        }
        let quick = answered_after(&time, &database, "unknown").await;
        assert_eq!(quick, SHORTEST);
        database.known = Duration::from_millis(60);
        answered_after(&time, &database, "known").await;
        for email in ["unknown", "known"] {
            let slow = answered_after(&time, &database, email).await;
            assert_eq!(slow, Duration::from_millis(160), "{email}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_for_unknown_emails_does_not_make_the_step_shorter() {
        let time = LookupTime::default();
        let database = Database {
            known: Duration::from_millis(60),
            unknown: Duration::ZERO,
        };
        let first = answered_after(&time, &database, "known").await;
        for _ in 0..100 {
            answered_after(&time, &database, "unknown").await;
        }
        let last = answered_after(&time, &database, "unknown").await;
        assert!(last > database.known && last >= first, "{last:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stall_is_not_waited_for_by_everybody() {
        let time = LookupTime::default();
        let mut database = Database {
            known: Duration::from_secs(20),
            unknown: Duration::ZERO,
        };
        answered_after(&time, &database, "known").await;
        database.known = Duration::from_millis(1);
        let after = answered_after(&time, &database, "known").await;
        assert_eq!(after, SHORTEST * (1 << DOUBLINGS));
        for _ in 0..RECENT {
            answered_after(&time, &database, "known").await;
        }
        assert_eq!(answered_after(&time, &database, "known").await, SHORTEST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lookup_that_fails_is_answered_no_sooner() {
        let time = LookupTime::default();
        let began = Instant::now();
        let failed = time.even(async { Err::<Option<()>, ()>(()) }).await;
        assert!(failed.is_err());
        assert_eq!(began.elapsed(), time.step());
    }
}
