//! What stands in the path and the query of a request.

use super::problem::Refusal;
use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use wicketgate_protocol::{Code, Problem};

/// The public name in the path. What can't be one names nothing.
///
/// # Errors
/// 404 with that sentence.
pub(crate) async fn name<T: FromStr, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    absent: &'static str,
) -> Result<T, Problem> {
    let Path(text) = Path::<String>::from_request_parts(parts, state)
        .await
        .map_err(|_| Problem::new(Code::NotFound, absent))?;
    text.parse()
        .map_err(|_| Problem::new(Code::NotFound, absent))
}

/// The query of the address.
///
/// # Errors
/// 400 when a parameter is not of its form.
pub(crate) fn query<T: DeserializeOwned>(parts: &Parts) -> Result<T, Problem> {
    Query::try_from_uri(&parts.uri)
        .map(|Query(query)| query)
        .map_err(|_| invalid("A parameter of the address is not of its form."))
}

/// A parameter that does not hold what it should.
pub(crate) fn invalid(sentence: &'static str) -> Problem {
    Problem::new(Code::InvalidParameter, sentence)
}

/// Extracts the query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(query(parts)?))
    }
}

/// Extracts the public name of a row from the path.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        Ok(Self(name(parts, state, "Not found").await?))
    }
}

/// How many rows were asked for: 1 to 200, 50 when left out.
///
/// # Errors
/// 400 outside that range.
pub(crate) fn page_length(limit: Option<u32>) -> Result<u32, Problem> {
    match limit {
        None => Ok(50),
        Some(limit @ 1..=200) => Ok(limit),
        Some(_) => Err(invalid("limit must be 1 to 200.")),
    }
}

/// A name in the query.
///
/// # Errors
/// 400 when the text is not one.
pub(crate) fn named<T: FromStr>(
    text: Option<&str>,
    sentence: &'static str,
) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse().map_err(|_| invalid(sentence)))
        .transpose()
}
