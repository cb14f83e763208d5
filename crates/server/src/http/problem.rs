//! Refusals as answers: `application/problem+json`, and `Retry-After` where waiting helps.

use crate::system::NoRandomness;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use wicketgate_domain::{
    chat::ChatError, key::KeyError, link::LinkError, partner::PartnerError, store_error::StoreError,
};
use wicketgate_protocol::{Code, FieldError, Problem};

/// A problem on its way out.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Box<Problem>);

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl<E: Into<Problem> + Noted> From<E> for Refusal {
    fn from(error: E) -> Self {
        error.note();
        Self(Box::new(error.into()))
    }
}

/// Errors whose cause goes to the log before the caller gets the general sentence.
pub(crate) trait Noted {
    /// Writes the cause to the log, where it is not the caller's own doing.
    fn note(&self);
}

impl Noted for Problem {
    fn note(&self) {}
}

impl Noted for FieldError {
    fn note(&self) {}
}

impl Noted for StoreError {
    fn note(&self) {
        tracing::error!(error = %self, "the store could not answer");
    }
}

macro_rules! noted {
    ($($error:ident),*) => {$(
        impl Noted for $error {
            fn note(&self) {
                if let Self::Store(error) = self {
                    error.note();
                }
            }
        }
    )*};
}

/// [`internal`] has told the cause.
impl Noted for NoRandomness {
    fn note(&self) {}
}

impl From<NoRandomness> for Problem {
    fn from(error: NoRandomness) -> Self {
        internal(&error)
    }
}

noted!(ChatError, KeyError, LinkError, PartnerError);

/// A defect: the cause goes to the log, the caller gets a sentence.
pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%cause, "a request failed by a defect");
    Problem::new(
        Code::Internal,
        "Something went wrong on our side. Please try again.",
    )
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = *self.0;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
        // A problem consists of texts and numbers, which always serialise.
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if problem.code == Code::UpgradeRequired {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        }
        if problem.code == Code::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
