//! Is it alive, and can it work?

use crate::state::AppState;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;

/// Alive: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "alive\n"
}

/// Ready: the store reads and writes.
pub(crate) async fn readyz(State(state): State<AppState>) -> Response {
    match state.readiness.look(&*state.store, &state.clock).await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}
