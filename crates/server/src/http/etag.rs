//! Answers with an `ETag`, and 304 for who has them already.

use super::problem::{ApiResult, internal};
use axum::response::{IntoResponse as _, Response};
use headers::{ETag, HeaderMapExt as _, IfNoneMatch};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use wicketgate_domain::{Hash, id::encode};

/// The answer in JSON, or 304 without a body where the request names its tag.
///
/// The tag is weak: a proxy may compress the answer on its way.
pub(crate) fn unless_known(request: &HeaderMap, answer: &impl Serialize) -> ApiResult<Response> {
    let body = serde_json::to_vec(answer).map_err(|cause| internal(&cause))?;
    let tag = format!("W/\"{}\"", encode(&Hash::of(&body).as_bytes()[..16]));
    // Letters, digits and quotes.
    let tag: ETag = tag.parse().map_err(|_| internal(&"a tag is malformed"))?;
    let is_known = request
        .typed_get::<IfNoneMatch>()
        .is_some_and(|known| !known.precondition_passes(&tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let json = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, json)], body).into_response()
    };
    response.headers_mut().typed_insert(tag);
    Ok(response)
}
