//! Texts in fewer bytes, by Brotli or gzip, for whoever takes them so. The pages' files have their copies since the
//! build. Answers of the API stay as they are: there, secrets stand beside what strangers wrote, and a length would tell.

use super::problem::{ApiError, internal};
use crate::coding::Coding;
use axum::{
    body::{self, Body, Bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header};

/// Shortens a text for whoever takes it so. What it holds is public to its reader, with no secret beside a stranger's
/// words: its length tells nothing.
pub(crate) async fn texts(request: Request, next: Next) -> Response {
    let coding = Coding::of(request.headers());
    let mut response = next.run(request).await;
    if !is_text(response.headers()) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    vary(response.headers_mut());
    let Some(coding) = coding else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    // The whole text is in memory already.
    let text: Bytes = match body::to_bytes(body, usize::MAX).await {
        Ok(text) => text,
        Err(cause) => return ApiError::from(internal(&cause)).into_response(),
    };
    let Some(shorter) = coding.shorten(&text) else {
        return Response::from_parts(parts, Body::from(text));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_ENCODING, coding.name());
    Response::from_parts(parts, Body::from(shorter))
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| {
        [
            &b"text/"[..],
            b"application/json",
            b"application/manifest+json",
            b"image/svg+xml",
        ]
        .iter()
        .any(|text| kind.starts_with(text))
    })
}

/// Says that the answer depends on what the request takes, unless it says so already.
fn vary(headers: &mut HeaderMap) {
    let named = headers
        .get_all(header::VARY)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("accept-encoding"));
    if !named {
        let value = HeaderValue::from_static("accept-encoding");
        headers.append(header::VARY, value);
    }
}
