//! The Origin rule: a page of another origin can't act in the user's name.

use super::{cookie, identity, problem::ApiError};
use crate::state::AppState;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, header};
use wicketgate_protocol::{Code, Problem};

/// Passes when the request comes from a page of this server, or from no page and without a cookie of ours.
///
/// An explicit bearer passes from anywhere: no browser attaches one by itself, a page of another origin can't without our
/// leave (CORS), which nobody gets, and where one is given no cookie counts.
///
/// # Errors
/// 403 `wrong_origin`.
pub(crate) fn check(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    if identity::has_bearer(headers) {
        return Ok(());
    }
    let sentence = match headers.get(header::ORIGIN) {
        Some(origin)
            if origin
                .to_str()
                .is_ok_and(|origin| state.settings.public_url.is_own_origin(origin)) =>
        {
            return Ok(());
        }
        Some(_) => "This request came from a page of another address.",
        None if !cookie::carries_ours(headers) => return Ok(()),
        None => {
            "This request carries a cookie but not the Origin of its page. A program sends Authorization: Bearer."
        }
    };
    Err(Problem::new(Code::WrongOrigin, sentence))
}

/// Holds every call that may change something to the rule.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && let Err(problem) = check(&state, request.headers())
    {
        return ApiError::from(problem).into_response();
    }
    next.run(request).await
}
