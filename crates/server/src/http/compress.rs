//! Brotli: whether a caller takes it, and the pages' HTML in it. Files have their copies since the build.

use super::problem::{Refusal, internal};
use axum::{
    body::{self, Body, Bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use brotli::enc::{BrotliEncoderParams, backward_references::BrotliEncoderMode};
use http::{HeaderMap, HeaderValue, header};

/// The effort, of 11: a page is made anew for each visitor.
const QUALITY: i32 = 5;
/// The window's size as a power of two: 16 KiB holds any page, and little memory is asked for.
const WINDOW: i32 = 14;

/// Shortens a page for whoever takes Brotli. What it holds is public to its reader, with no secret beside a stranger's
/// words: its length tells nothing.
pub(crate) async fn pages(request: Request, next: Next) -> Response {
    let takes = takes_brotli(request.headers());
    let response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !(takes && is_page) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The whole page is in memory already.
    let page = match body::to_bytes(body, usize::MAX).await {
        Ok(page) => page,
        Err(cause) => return Refusal::from(internal(&cause)).into_response(),
    };
    let Some(shorter) = shortened(&page) else {
        return Response::from_parts(parts, Body::from(page));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    Response::from_parts(parts, Body::from(shorter))
}

fn shortened(page: &Bytes) -> Option<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: page.len(),
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        ..BrotliEncoderParams::default()
    };
    let mut shorter = Vec::with_capacity(page.len() / 2);
    brotli::BrotliCompress(&mut &**page, &mut shorter, &parameters).ok()?;
    Some(shorter)
}

/// Whether `Accept-Encoding` names Brotli without refusing it.
pub(crate) fn takes_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("br"));
            let refused =
                parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            named && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_only_for_whoever_takes_it() {
        for (value, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0.5", true),
            ("gzip, br;q=0", false),
            ("gzip", false),
            ("brotli", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            assert_eq!(takes_brotli(&headers), takes, "{value}");
        }
    }
}
