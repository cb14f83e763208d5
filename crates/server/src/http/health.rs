//! Is it alive, and can it work?

use crate::app::AppState;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tokio::sync::Mutex;
use wicketgate_domain::{StoreError, Timestamp};

/// For how long a good answer is remembered, in milliseconds: finding out costs a durable write, and anybody may ask.
const REMEMBERED: i64 = 1_000;

/// When the store was last found to work.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<Timestamp>>);

impl Readiness {
    /// Asks the store, unless it answered a moment ago. Whoever asks at the same time waits for the same answer.
    async fn look(&self, state: &AppState) -> Result<(), StoreError> {
        let mut good = self.0.lock().await;
        let now = state.now();
        let age = good.map(|then| now.millis().saturating_sub(then.millis()));
        if age.is_some_and(|age| (0..REMEMBERED).contains(&age)) {
            return Ok(());
        }
        *good = None;
        state.store.ready().await?;
        *good = Some(now);
        Ok(())
    }
}

/// Alive: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "alive\n"
}

/// Ready: the store reads and writes.
pub(crate) async fn readyz(State(state): State<AppState>) -> Response {
    match state.readiness.look(&state).await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}
