//! Whether the store works, found out at most once a second.

use crate::system::Clock;
use tokio::sync::Mutex;
use wicketgate_domain::{Store, StoreError, Timestamp};

/// For how long a good answer is remembered, in milliseconds: finding out costs a durable write, and anybody may ask.
const REMEMBERED: i64 = 1_000;

/// When the store was last found to work.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<Timestamp>>);

impl Readiness {
    /// Asks the store, unless it answered a moment ago. Whoever asks at the same time waits for the same answer.
    ///
    /// # Errors
    /// [`StoreError`] when it can't read and write.
    pub(crate) async fn look(&self, store: &dyn Store, clock: &Clock) -> Result<(), StoreError> {
        let mut good = self.0.lock().await;
        let now = clock.now();
        let age = good.map(|then| now.millis().saturating_sub(then.millis()));
        if age.is_some_and(|age| (0..REMEMBERED).contains(&age)) {
            return Ok(());
        }
        *good = None;
        store.ready().await?;
        *good = Some(now);
        Ok(())
    }
}
