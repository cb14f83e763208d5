//! Refusals as answers: `application/problem+json`, and `Retry-After` where waiting helps.

pub(crate) use crate::defect::internal;
use crate::system::NoRandomness;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use wicketgate_domain::{
    chat::ChatError, key::KeyError, link::LinkError, partner::PartnerError, store_error::StoreError,
};
use wicketgate_protocol::{Code, FieldError, Problem};

/// Why an API call failed: a problem document on its way out.
#[derive(Debug)]
pub(crate) struct ApiError(pub(crate) Box<Problem>);

/// What a handler returns.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl<E: Into<Problem> + LogCause> From<E> for ApiError {
    fn from(error: E) -> Self {
        error.log_cause();
        Self(Box::new(error.into()))
    }
}

/// Errors whose cause goes to the log before the client gets the general sentence.
pub(crate) trait LogCause {
    /// Writes the cause to the log, where it is not the client's own doing.
    fn log_cause(&self);
}

impl LogCause for Problem {
    fn log_cause(&self) {}
}

impl LogCause for FieldError {
    fn log_cause(&self) {}
}

impl LogCause for StoreError {
    fn log_cause(&self) {
        tracing::error!(error = %self, "the store could not answer");
    }
}

macro_rules! log_cause_of_store {
    ($($error:ident),*) => {$(
        impl LogCause for $error {
            fn log_cause(&self) {
                if let Self::Store(error) = self {
                    error.log_cause();
                }
            }
        }
    )*};
}

/// [`internal`] has told the cause.
impl LogCause for NoRandomness {
    fn log_cause(&self) {}
}

impl From<NoRandomness> for Problem {
    fn from(error: NoRandomness) -> Self {
        internal(&error)
    }
}

log_cause_of_store!(ChatError, KeyError, LinkError, PartnerError);

impl IntoResponse for ApiError {
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
