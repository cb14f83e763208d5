//! JSON bodies: bounded in size and time, with a problem that names the field that does not fit.

use super::problem::ApiError;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use std::time::Duration;
use wicketgate_protocol::{Code, FieldError, Problem};

/// The largest body of most calls, in bytes.
pub(crate) const USUAL: usize = 64 * 1_024;
/// The largest body of a call that carries a keyring, in bytes.
pub(crate) const LARGE: usize = 512 * 1_024;
/// The largest body of a call that carries many links, in bytes.
pub(crate) const BATCH: usize = 4 * 1_024 * 1_024;

/// How many levels a body may nest, also in what nobody reads.
const MOST_LEVELS: usize = 64;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Extracts a JSON object of at most `LIMIT` bytes.
pub(crate) struct Json<T, const LIMIT: usize = USUAL>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync, const LIMIT: usize> FromRequest<S> for Json<T, LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                Code::NotJson,
                "The body must be JSON, declared as Content-Type: application/json.",
            )
            .into());
        }
        let bytes = read(request.into_body(), LIMIT).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// Extracts the body of a call that takes none: nothing at all, or an object without members.
pub(crate) struct NoMembers;

impl<S: Send + Sync> FromRequest<S> for NoMembers {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}

        let bytes = read(request.into_body(), USUAL).await?;
        if !bytes.is_empty() {
            let Nothing {} = parse(&bytes)?;
        }
        Ok(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.to_str())
    else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence
            .get(essence.len().saturating_sub(5)..)
            .is_some_and(|end| end.eq_ignore_ascii_case("+json"))
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(PATIENCE, Limited::new(body, limit).collect())
        .await
        .map_err(|_| Problem::new(Code::TooSlow, "The request took too long to arrive."))?;
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(
            Code::TooLarge,
            format!("The body must be at most {} KiB.", limit / 1_024),
        )),
        Err(_) => Err(Problem::new(
            Code::InvalidJson,
            "The body broke off before its end.",
        )),
    }
}

/// Reads a JSON object.
///
/// # Errors
/// 400 when it is no JSON, 422 with the field when something in it does not fit.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if nests_deeper_than(bytes, MOST_LEVELS) {
        return Err(Problem::new(
            Code::InvalidJson,
            "The body nests too deeply.",
        ));
    }
    if first_byte(bytes) != Some(b'{') {
        // The derived readers would take a list for an object.
        return Err(match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => Problem::new(Code::InvalidField, "The body must be a JSON object."),
            Err(error) => no_json(&error),
        });
    }
    // The quick way first: only a refusal needs to know where it happened.
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // What breaks off further down is no JSON, whatever stands above it.
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) {
        return Err(no_json(&error));
    }
    let out_of_range = error.to_string().starts_with("number out of range");
    if !error.is_data() && !out_of_range {
        return Err(no_json(&error));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Ok(_) => Err(no_json(&error)),
        Err(error) => {
            let path = error.path().to_string();
            Err(field_error(&path, &error.inner().to_string()))
        }
    }
}

fn first_byte(bytes: &[u8]) -> Option<u8> {
    bytes
        .iter()
        .copied()
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// Whether brackets stand so deep in each other. What is in texts does not count.
fn nests_deeper_than(bytes: &[u8], most: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return true;
        }
    }
    false
}

fn no_json(error: &serde_json::Error) -> Problem {
    Problem::new(
        Code::InvalidJson,
        format!(
            "The body is not valid JSON (line {}, column {}).",
            error.line(),
            error.column()
        ),
    )
}

/// What the reader said, in words for a person. Of what the client sent it repeats names alone, never a value.
pub(crate) fn field_error(path: &str, message: &str) -> Problem {
    let message = message
        .rsplit_once(" at line ")
        .map_or(message, |(message, _)| message);
    let named = |inner: &str| match path {
        "." => inner.to_owned(),
        outer => format!("{outer}.{inner}"),
    };
    if let Some((name, known)) = unknown(message) {
        // Where the reader kept track, the path ends with the name already.
        let name = if path == "." { &name } else { path };
        return FieldError::unknown(name, "members", &known).into();
    }
    let (field, reason) = if let Some(name) = quoted(message, "missing field ") {
        (named(name), "is missing".to_owned())
    } else if let Some(name) = quoted(message, "duplicate field ") {
        (named(name), "is given twice".to_owned())
    } else if let Some((_, expected)) = message.rsplit_once(", expected ") {
        // Only frames are of a type, and their reader does not keep track of it.
        let is_type = path == "." && message.starts_with("unknown variant ");
        let field = if is_type { "type" } else { path };
        (field.to_owned(), format!("must be {}", in_words(expected)))
    } else if message.starts_with("number out of range") {
        (path.to_owned(), "must be a number in range".to_owned())
    } else if message.contains("digit found") || message.contains("integer") {
        (path.to_owned(), format!("must be {}", in_words("u32")))
    } else {
        (path.to_owned(), message.to_owned())
    };
    FieldError::new(field, reason).into()
}

/// The member that the reader did not know, and those that it would have known.
fn unknown(message: &str) -> Option<(String, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `")?;
    if let Some(name) = rest.strip_suffix("`, there are no fields") {
        return Some((name.to_owned(), Vec::new()));
    }
    let (name, known) = rest.rsplit_once("`, expected ")?;
    let known = known.split('`').skip(1).step_by(2).collect();
    Some((name.to_owned(), known))
}

fn quoted<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.split('`').nth(1)
}

fn in_words(expected: &str) -> &str {
    match expected {
        "f64" | "f32" => "a number",
        "u8" | "u16" | "u32" | "u64" => "a whole number in range, not negative",
        "i32" | "i64" => "a whole number in range",
        "a boolean" => "true or false",
        "a borrowed string" | "a string" => "a string",
        "a sequence" => "a list",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use wicketgate_protocol::{
        link::{GenerateRequest, ValidateRequest},
        partner::KeyringRequest,
    };

    fn refused<T: DeserializeOwned>(body: &str) -> (u16, Option<String>, String) {
        match parse::<T>(body.as_bytes()) {
            Ok(_) => panic!("{body} was read"),
            Err(problem) => (problem.status, problem.field, problem.error),
        }
    }

    #[test]
    fn what_is_no_json_is_400() {
        for body in [
            "",
            "{",
            "nonsense",
            "{\"linkId\":}",
            "{} {}",
            "{\"expiryHours\": NaN}",
            "{\"chatId\": \"\\ud800\"}",
        ] {
            assert_eq!(refused::<GenerateRequest>(body).0, 400, "{body}");
        }
        let deep = format!(
            "{{\"x\":{}{}}}",
            "[".repeat(1_000_000),
            "]".repeat(1_000_000)
        );
        let (status, _, error) = refused::<GenerateRequest>(&deep);
        assert_eq!(status, 400);
        assert!(error.contains("nests too deeply"), "{error}");
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        for (body, field, error) in [
            (
                r#"{"expiryHours":"24"}"#,
                "expiryHours",
                "expiryHours must be a number",
            ),
            (
                r#"{"expiryHours":1e999}"#,
                "expiryHours",
                "expiryHours must be a number in range",
            ),
            (
                r#"{"expiryHours":[1]}"#,
                "expiryHours",
                "expiryHours must be a number",
            ),
            (r#"{"chatId":7}"#, "chatId", "chatId must be a string"),
            (
                r#"{"chatId":"a","chatId":"b"}"#,
                "chatId",
                "chatId is given twice",
            ),
        ] {
            let got = refused::<GenerateRequest>(body);
            assert_eq!(got, (422, Some(field.to_owned()), error.to_owned()));
        }
        let got = refused::<ValidateRequest>("{}");
        assert_eq!(got.1.as_deref(), Some("linkId"));
        let got = refused::<ValidateRequest>(r#"{"linkId":"x","handshake":{"epoch":1}}"#);
        assert_eq!(got.1.as_deref(), Some("handshake.enc"));
        let got = refused::<ValidateRequest>(r#"{"linkId":"x","handshake":{"epoch":-1,"enc":""}}"#);
        assert_eq!(got.1.as_deref(), Some("handshake.epoch"));
        let got = refused::<ValidateRequest>(r#"{"linkId":"x","claim":"***secret***"}"#);
        assert_eq!(got.1.as_deref(), Some("claim"));
        assert!(!got.2.contains("secret"), "{}", got.2);
        let got = refused::<KeyringRequest>(r#"{"generation":1,"copies":[{"agentId":1}]}"#);
        assert_eq!(got.1.as_deref(), Some("copies[0].agentId"));
    }

    #[test]
    fn what_is_unknown_is_named_and_so_is_what_is_known() {
        for (body, field) in [
            (r#"{"expiryMinutes":5}"#, "expiryMinutes"),
            (r#"{"expiresAt":"2026-11-30T17:55:33.120Z"}"#, "expiresAt"),
            (r#"{"chat_id":"a"}"#, "chat_id"),
            (r#"{"expiryhours":2}"#, "expiryhours"),
            (r#"{"chatId":"a","":1}"#, ""),
            (
                r#"{"a`b, expected c":null}"#,
                "a\u{fffd}b\u{fffd}\u{fffd}expected\u{fffd}c",
            ),
            (r#"{"\u202e":1}"#, "\u{fffd}"),
        ] {
            let sentence =
                format!("{field} is unknown; the members are partnerId, chatId, expiryHours");
            let got = refused::<GenerateRequest>(body);
            assert_eq!(got, (422, Some(field.to_owned()), sentence), "{body}");
        }
        let long = format!(r#"{{"{}":1}}"#, "x".repeat(10_000));
        let field = refused::<GenerateRequest>(&long).1.unwrap();
        assert_eq!(field, "x".repeat(64));
        let got = refused::<ValidateRequest>(
            r#"{"linkId":"x","handshake":{"epoch":1,"enc":"","encoding":"base64"}}"#,
        );
        assert_eq!(got.1.as_deref(), Some("handshake.encoding"));
        assert_eq!(
            got.2,
            "handshake.encoding is unknown; the members are epoch, enc"
        );
        let got = refused::<KeyringRequest>(
            r#"{"generation":1,"copies":[{"agentId":"x"},{"agent":"x"}]}"#,
        );
        assert_eq!(got.1.as_deref(), Some("copies[0].sealed"));
        let got = refused::<KeyringRequest>(
            r#"{"generation":1,"copies":[{"agentId":"x","sealed":"AA"},{"agent":"x"}]}"#,
        );
        assert_eq!(got.1.as_deref(), Some("copies[1].agent"));
    }

    #[test]
    fn a_list_is_no_object() {
        for body in ["[null,null,24]", "null", "24", "\"x\""] {
            assert_eq!(refused::<GenerateRequest>(body).0, 422, "{body}");
        }
    }

    #[test]
    fn the_clients_words_are_not_repeated() {
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum Kind {
            One,
        }
        #[derive(Debug, Deserialize)]
        struct Holder {
            kind: Kind,
        }
        let (status, field, error) = refused::<Holder>(r#"{"kind":"secret"}"#);
        assert_eq!((status, field.as_deref()), (422, Some("kind")));
        assert!(!error.contains("secret"), "{error}");
        let read: Holder = parse(br#"{"kind":"one"}"#).unwrap();
        assert!(matches!(read.kind, Kind::One));
    }
}
