//! What the client is told of a failure that is the server's own.

use wicketgate_protocol::{Code, Problem};

/// A defect: the cause goes to the log, the client gets a sentence.
pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%cause, "a request failed by a defect");
    Problem::new(
        Code::Internal,
        "Something went wrong on our side. Please try again.",
    )
}
