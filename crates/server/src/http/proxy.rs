//! Looks at each request for a proxy in front that the settings do not account for.

use crate::{peer::Peer, proxies::fault, state::AppState};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

/// Looks at each request.
pub(crate) async fn notice(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let peer = Peer::of(request.extensions());
    if let Some(fault) = fault(peer, request.headers(), &state.settings) {
        state.proxies.note(fault, &state.settings.forwarded_header);
    }
    next.run(request).await
}
