//! Why a connection is lost.

use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// Why the connection broke. It is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is gone, or nobody answers on it.
    Broken,
    /// The server ended it over something that came, or because it wants less.
    Refused,
}

impl Lost {
    /// What a close frame says (RFC 6455, section 7.4.1).
    pub(super) const fn told(code: Option<CloseCode>) -> Self {
        match code {
            Some(
                CloseCode::Protocol
                | CloseCode::Unsupported
                | CloseCode::Invalid
                | CloseCode::Policy
                | CloseCode::Size
                | CloseCode::Extension
                | CloseCode::Error
                | CloseCode::Again,
            ) => Self::Refused,
            _ => Self::Broken,
        }
    }
}
