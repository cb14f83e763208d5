//! A call takes the parameters that its documentation names, each once, and no others: a filter that is misspelt must
//! not become "everything".

use super::problem::ApiError;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::Method;
use std::{collections::HashMap, sync::Arc};
use url::form_urlencoded;
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn, PathItem},
};
use wicketgate_protocol::FieldError;

/// The parameters of every call, by its route.
#[derive(Debug, Clone)]
pub(crate) struct Known(Arc<HashMap<(Method, String), Vec<String>>>);

impl Known {
    /// Reads what the calls are documented to take.
    pub(crate) fn of(document: &OpenApi) -> Self {
        let calls = document.paths.paths.iter().flat_map(|(path, item)| {
            operations(item)
                .map(|(method, operation)| ((method, path.clone()), parameters(operation)))
        });
        Self(Arc::new(calls.collect()))
    }

    fn check(&self, request: &Request) -> Result<(), FieldError> {
        let (Some(query), Some(path)) = (
            request.uri().query(),
            request.extensions().get::<MatchedPath>(),
        ) else {
            return Ok(());
        };
        // A HEAD is answered as a GET.
        let method = match *request.method() {
            Method::HEAD => Method::GET,
            ref other => other.clone(),
        };
        let known = self.0.get(&(method, path.as_str().to_owned()));
        let known = known.map_or(&[][..], Vec::as_slice);
        let mut seen = Vec::new();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            if !known.iter().any(|known| *known == name) {
                return Err(FieldError::unknown(&name, "parameters", known));
            }
            if seen.contains(&name) {
                return Err(FieldError::new(name.into_owned(), "is given twice"));
            }
            seen.push(name);
        }
        Ok(())
    }
}

fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::DELETE, &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn parameters(operation: &Operation) -> Vec<String> {
    operation
        .parameters
        .iter()
        .flatten()
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .filter(|parameter| parameter.parameter_in == ParameterIn::Query)
        .map(|parameter| parameter.name.clone())
        .collect()
}

/// Refuses a parameter that the call does not know.
pub(crate) async fn guard(State(known): State<Known>, request: Request, next: Next) -> Response {
    match known.check(&request) {
        Ok(()) => next.run(request).await,
        Err(error) => ApiError::from(error).into_response(),
    }
}
