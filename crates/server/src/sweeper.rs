//! Removes what its retention has passed, in small batches, so that nobody waits for it.

use crate::state::AppState;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, sleep};
use wicketgate_domain::{StoreError, event::LogRetention};

/// Between two rounds.
const EVERY: Duration = Duration::from_mins(5);
/// Between two batches of one round.
const PAUSE: Duration = Duration::from_millis(50);
/// The most rows of one batch.
const BATCH: u32 = 200;
/// How many days events of messages and receipts are kept: the chat's own numbers serve whoever comes later.
const PASSING_DAYS: u32 = 1;
/// Between two tidyings of the limits' memory.
const TIDY_EVERY: Duration = Duration::from_mins(1);

/// Sweeps now and every few minutes, until it is dropped.
pub(crate) async fn run(state: AppState) {
    let mut rounds = interval(EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tidyings = interval(TIDY_EVERY);
    tidyings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = rounds.tick() => match round(&state).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "removed what its retention had passed"),
                Err(error) => tracing::warn!(%error, "the sweep stopped early and will go on later"),
            },
            _ = tidyings.tick() => state.limits.tidy(),
        }
    }
}

/// One round; answers how many rows went.
///
/// # Errors
/// [`StoreError`] when the store can't answer. What was removed stays removed.
pub async fn round(state: &AppState) -> Result<u64, StoreError> {
    let now = state.now();
    let before = now.minus_days(state.settings.retention_days);
    let store = &state.store;
    let mut removed = 0;
    removed += until_empty(|| store.sweep_links(before, BATCH)).await?;
    removed += until_empty(|| store.sweep_chats(before, BATCH)).await?;
    removed += until_empty(|| store.sweep_sessions(now, BATCH)).await?;
    let keep = LogRetention {
        passing_before: now.minus_days(PASSING_DAYS),
        audit_before: now.minus_days(state.settings.event_days),
    };
    removed += until_empty(|| store.sweep_events(keep, BATCH)).await?;
    Ok(removed)
}

async fn until_empty<F>(mut batch: impl FnMut() -> F) -> Result<u64, StoreError>
where
    F: Future<Output = Result<u32, StoreError>>,
{
    let mut removed = 0;
    loop {
        match batch().await? {
            0 => return Ok(removed),
            count => removed += u64::from(count),
        }
        sleep(PAUSE).await;
    }
}
