//! What stands in the path and the query of a request. Which parameters a call takes at all is looked at in `known`.

use super::{json, problem::ApiError};
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use url::form_urlencoded;
use wicketgate_domain::{
    ChatRef, KeyRef, LinkRef, PartnerId, SessionRef, chat::ChatError, key::KeyError,
    link::LinkError, text::ChatId,
};
use wicketgate_protocol::{Code, FieldError, Problem, wire::GREATEST};

/// A public name that stands in a path.
pub(crate) trait InPath: FromStr {
    /// What the path calls it.
    const PARAMETER: &str;

    /// What is said where there is nothing of that name.
    fn absent() -> Problem;
}

impl InPath for LinkRef {
    const PARAMETER: &str = "ref";

    fn absent() -> Problem {
        LinkError::NotFound.into()
    }
}

impl InPath for ChatRef {
    const PARAMETER: &str = "chatRef";

    fn absent() -> Problem {
        ChatError::NotFound.into()
    }
}

impl InPath for KeyRef {
    const PARAMETER: &str = "ref";

    fn absent() -> Problem {
        KeyError::NotFound.into()
    }
}

impl InPath for SessionRef {
    const PARAMETER: &str = "ref";

    fn absent() -> Problem {
        Problem::new(Code::NotFound, "Session not found")
    }
}

/// The public name in the path. What can't be one names nothing.
///
/// # Errors
/// 404 that names the parameter.
pub(crate) async fn path_id<T: InPath, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, Problem> {
    let text = Path::<String>::from_request_parts(parts, state).await;
    text.ok()
        .and_then(|Path(text)| text.parse().ok())
        .ok_or_else(|| T::absent().about(T::PARAMETER))
}

/// Extracts the public name of a row from the path.
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: InPath, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self(path_id(parts, state).await?))
    }
}

/// The query of the address.
///
/// # Errors
/// 422 that names the parameter that does not hold what it should.
pub(crate) fn query<T: DeserializeOwned>(parts: &Parts) -> Result<T, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        json::field_error(&path, &error.inner().to_string())
    })
}

/// Extracts the query.
pub(crate) struct QueryParams<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(query(parts)?))
    }
}

/// How many rows were asked for: 1 to 200, 50 when left out.
///
/// # Errors
/// [`FieldError`] outside that range.
pub(crate) fn page_length(limit: Option<u32>) -> Result<u32, FieldError> {
    match limit {
        None => Ok(50),
        Some(limit @ 1..=200) => Ok(limit),
        Some(_) => Err(FieldError::new("limit", "must be 1 to 200")),
    }
}

/// The number of a message. No number is greater than what every reader of JSON keeps exactly (RFC 8259, 6).
///
/// # Errors
/// [`FieldError`] beyond 2^53 - 1.
pub(crate) fn number(parameter: &'static str, number: u64) -> Result<u64, FieldError> {
    if number <= GREATEST {
        return Ok(number);
    }
    Err(FieldError::new(
        parameter,
        format!("must be at most {GREATEST}"),
    ))
}

/// A public name in the query.
///
/// # Errors
/// [`FieldError`] when the text is not one.
pub(crate) fn query_id<T: FromStr>(
    parameter: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, FieldError> {
    text.map(|text| {
        text.parse()
            .map_err(|_| FieldError::new(parameter, "must be a name as the server gave it"))
    })
    .transpose()
}

/// The chat that a list is asked for, by its public name or by the partner's own.
///
/// # Errors
/// [`FieldError`] when the text is no name, or both were given.
pub(crate) fn chat(
    partner: PartnerId,
    chat: Option<&str>,
    chat_id: Option<&str>,
) -> Result<Option<ChatRef>, FieldError> {
    let Some(text) = chat_id else {
        return query_id("chat", chat);
    };
    if chat.is_some() {
        return Err(FieldError::new("chatId", "can't be given beside chat"));
    }
    let chat_id = ChatId::parse(text).map_err(|error| FieldError::new("chatId", error))?;
    Ok(Some(ChatRef::of(partner, chat_id.as_str())))
}
