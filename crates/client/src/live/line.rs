//! What is to be said, and to whom.

use tokio::sync::mpsc;
use wicketgate_crypto::{ids::MessageId, message::MessageText};

use crate::system;

/// Something to be said, or to be marked as dealt with, or both: then the mark is set once the text is acknowledged.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The partner's own name for the chat; without it, the only one.
    pub chat_id: Option<String>,
    /// What is said.
    pub text: Option<MessageText>,
    /// The name that the message gets; a new one when left out. The same name with the same text is sent once.
    pub cid: Option<MessageId>,
    /// What the writer calls the line: told with everything that happens to it.
    pub id: Option<String>,
    /// The newest message of the chat that the writer has dealt with.
    pub seen: Option<u64>,
}

impl Line {
    /// A text for the only chat.
    #[must_use]
    pub fn saying(text: MessageText) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }

    /// The same, to the chat of that name.
    #[must_use]
    pub fn to(self, chat_id: impl Into<String>) -> Self {
        Self {
            chat_id: Some(chat_id.into()),
            ..self
        }
    }
}

/// Takes what is to be said.
#[derive(Debug, Clone)]
pub struct Writer {
    lines: mpsc::Sender<Line>,
}

/// The conversation is over: nothing more can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the conversation is over")]
pub struct Over;

impl Writer {
    pub(super) const fn new(lines: mpsc::Sender<Line>) -> Self {
        Self { lines }
    }

    /// Says something. Waits while too much is unacknowledged. Returns the name of the message, which
    /// [`Event::Status`](super::Event::Status) tells of.
    ///
    /// # Errors
    /// [`Over`] once the conversation is.
    pub async fn write(&self, line: Line) -> Result<MessageId, Over> {
        let (cid, line) = named(line);
        self.lines.send(line).await.map(|()| cid).map_err(|_| Over)
    }

    /// The same from a thread that is no part of the runtime.
    ///
    /// # Errors
    /// [`Over`] once the conversation is.
    pub fn write_blocking(&self, line: Line) -> Result<MessageId, Over> {
        let (cid, line) = named(line);
        let sent = self.lines.blocking_send(line);
        sent.map(|()| cid).map_err(|_| Over)
    }
}

/// Every text has a name, and every chat's name is spelt as the server keeps it.
fn named(line: Line) -> (MessageId, Line) {
    let cid = line
        .cid
        .unwrap_or_else(|| MessageId::from_uuid(system::new_uuid()));
    let named = line.text.is_some().then_some(cid);
    let chat_id = line.chat_id.as_deref().map(wicketgate_text::line);
    let line = Line {
        cid: named,
        chat_id,
        ..line
    };
    (cid, line)
}
