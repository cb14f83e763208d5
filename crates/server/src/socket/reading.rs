//! Reading what the other end says: a frame, or what is wrong with it.

use crate::http::json;
use serde::Deserialize;
use wicketgate_protocol::{Base64, Code, Problem, frame::ClientFrame};

/// A text that is no frame, with the names in it that the refusal goes to.
pub(super) struct NoFrame {
    pub(super) problem: Box<Problem>,
    pub(super) chat: Option<String>,
    pub(super) cid: Option<String>,
}

/// Reads a frame.
pub(super) fn frame(text: &str) -> Result<ClientFrame, NoFrame> {
    // The quick way first: only a refusal needs to know where it happened.
    serde_json::from_str(text).map_err(|_| NoFrame::of(text))
}

/// Every member that a frame of any type may have. The type of a frame decides which of them it takes; what each must
/// hold does not depend on it, and is looked at here, where the reader knows at which member it is.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Members {
    r#type: String,
    chat: String,
    after: u64,
    cid: String,
    seat: u32,
    body: Base64,
    delivered: u64,
    read: u64,
    typing: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Names {
    chat: serde_json::Value,
    cid: serde_json::Value,
}

impl NoFrame {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let problem = json::parse::<Members>(bytes)
            .and_then(|_| json::parse::<ClientFrame>(bytes))
            .err()
            .unwrap_or_else(|| Problem::new(Code::InvalidJson, "This is no frame."));
        let Names { chat, cid } = serde_json::from_str(text).unwrap_or_default();
        let text = |value: serde_json::Value| value.as_str().map(ToOwned::to_owned);
        Self {
            problem: Box::new(problem),
            chat: text(chat),
            cid: text(cid),
        }
    }
}
