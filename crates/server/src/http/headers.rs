//! What every answer carries, and the one line that the log gets about each request.

use super::problem::{ApiError, internal};
use crate::{settings::Hsts, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::time::Instant;
use tracing::Instrument as _;

const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NOTHING_RUNS: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const A_YEAR_BELOW: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs each request by its route, never by its path, and gives each answer the headers that all have.
pub(crate) async fn security_headers(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let id = state.request_ids.next();
    let span = span(&id, &request);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "answered");
        }
    });
    complete(&state, response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn span(id: &str, request: &Request) -> tracing::Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str);
    let method = known(request.method());
    tracing::info_span!("request", id, method, route)
}

/// A method's name, if it is a usual one: others are the client's own words.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Adds what every answer carries, where it does not say otherwise.
pub(crate) fn complete(state: &AppState, headers: &mut HeaderMap) {
    let mut default = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    default(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
    default(header::CACHE_CONTROL, NO_STORE);
    default(header::REFERRER_POLICY, NO_REFERRER);
    default(header::CONTENT_SECURITY_POLICY, NOTHING_RUNS);
    default(
        HeaderName::from_static("cross-origin-resource-policy"),
        SAME_ORIGIN,
    );
    let hsts = match state.settings.hsts {
        Hsts::Host => Some(A_YEAR),
        Hsts::Subdomains => Some(A_YEAR_BELOW),
        Hsts::Off => None,
    };
    if let Some(hsts) = hsts.filter(|_| state.settings.public_url.is_https()) {
        default(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
}

/// Runs work in a task of its own, so that it completes once it was begun, even if the client goes away meanwhile.
///
/// # Errors
/// 500 when it panicked.
pub(crate) async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::spawn(work.in_current_span())
        .await
        .map_err(|error| internal(&error).into())
}

/// An answer for what is not there.
pub(crate) fn not_found() -> Response {
    ApiError::from(wicketgate_protocol::Problem::new(
        wicketgate_protocol::Code::NotFound,
        "There is nothing at this address.",
    ))
    .into_response()
}

/// The answer to a method that the path does not take.
pub(crate) async fn method_not_allowed() -> Response {
    let problem = wicketgate_protocol::Problem::new(
        wicketgate_protocol::Code::MethodNotAllowed,
        "This address does not take that method.",
    );
    let response = ApiError::from(problem).into_response();
    debug_assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    response
}
