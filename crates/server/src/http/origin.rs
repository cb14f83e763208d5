//! The Origin rule: a page of another origin can't act in the user's name.

use super::{cookie, problem::Refusal};
use crate::app::AppState;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};
use wicketgate_protocol::{Code, Problem};

/// Passes when the request comes from a page of this server, or from no page and without a cookie of ours.
///
/// # Errors
/// 403 `wrong_origin`.
pub(crate) fn check(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    let own = match headers.get(header::ORIGIN) {
        Some(origin) => origin
            .to_str()
            .is_ok_and(|origin| state.settings.public_url.is_own_origin(origin)),
        None => !cookie::carries_ours(headers),
    };
    if own {
        return Ok(());
    }
    Err(Problem::new(
        Code::WrongOrigin,
        "This request came from a page of another address.",
    ))
}

/// Holds every call that may change something to the rule.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && let Err(problem) = check(&state, request.headers())
    {
        return Refusal::from(problem).into_response();
    }
    next.run(request).await
}
