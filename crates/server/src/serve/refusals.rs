//! What is answered where no request could be read, head and all, made once.

use super::heads::Refusals;
use crate::{
    http::{headers, page, problem::ApiError},
    state::AppState,
};
use axum::{
    body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::StatusCode;
use wicketgate_protocol::{Code, Problem};

/// The answers of a server with these settings.
pub(super) async fn of(state: &AppState) -> Refusals {
    let too_large = Problem::new(
        Code::HeadTooLarge,
        "The head of the request is too large. Send fewer or shorter headers and cookies.",
    );
    let malformed = Problem::new(Code::InvalidRequest, "The request can't be read.");
    Refusals {
        too_large: both(state, too_large).await,
        malformed: both(state, malformed).await,
    }
}

async fn both(state: &AppState, problem: Problem) -> [Bytes; 2] {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    let for_api = ApiError::from(problem).into_response();
    let for_pages = page::unreadable(state, status);
    [
        written(state, for_api).await,
        written(state, for_pages).await,
    ]
}

/// The answer as it goes over the wire.
async fn written(state: &AppState, mut response: Response) -> Bytes {
    headers::complete(state, response.headers_mut());
    let (parts, body) = response.into_parts();
    // The body is in memory already.
    let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut bytes = format!(
        "HTTP/1.1 {}\r\ncontent-length: {}\r\nconnection: close\r\n",
        parts.status,
        body.len()
    )
    .into_bytes();
    for (name, value) in &parts.headers {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            bytes.extend_from_slice(part);
        }
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    bytes.into()
}
