//! What the head of a request has to say, and may not, whatever it asks for.

use super::problem::ApiError;
use crate::peer::Peer;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, Method, Version, header, uri::Authority};
use wicketgate_protocol::{Code, Problem};

/// Refuses what came over a connection without naming one host, what a page elsewhere makes a browser send, and bodies in
/// a form that is not read here.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let over_connection = request.extensions().get::<Peer>().is_some();
    if over_connection && !names_one_host(request.version(), request.headers()) {
        let sentence = "The request must name one host, in one Host header.";
        return ApiError::from(Problem::new(Code::InvalidRequest, sentence)).into_response();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && is_from_elsewhere(request.headers()) {
        let sentence = "This request came from a page of another address.";
        return ApiError::from(Problem::new(Code::WrongOrigin, sentence)).into_response();
    }
    if is_encoded(request.headers()) {
        let sentence = "The body must be sent as it is, without Content-Encoding.";
        let problem = Problem::new(Code::EncodedBody, sentence);
        let mut response = ApiError::from(problem).into_response();
        // Which forms are taken (RFC 9110, 15.5.16).
        response.headers_mut().insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
        return response;
    }
    next.run(request).await
}

/// Whether a browser says that a page of another site is behind it (Fetch Metadata). Whoever brings a credential of their
/// own does not act in anybody else's name.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site == "cross-site") && !headers.contains_key(header::AUTHORIZATION)
}

/// Whether a body is in a form of which it has to be undone first.
fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .any(|coding| !coding.trim_ascii().eq_ignore_ascii_case(b"identity"))
}

/// HTTP/1.1 has it so (RFC 9112, 3.2): where two are named, a proxy on the way may have gone by the other one.
fn names_one_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            host.is_empty()
                || Authority::try_from(host.as_bytes())
                    .is_ok_and(|host| !host.as_str().contains('@'))
        }
        // What spoke HTTP/1.0 did not have to.
        (None, _) => version < Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}
