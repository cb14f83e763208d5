//! What happens in a conversation, as whoever listens is told.

use wicketgate_crypto::{ids::MessageId, message::Content};
use wicketgate_protocol::{chat::SeatRow, link::Device, message::Side, problem::SeatClosed};

use crate::error::Error;

/// Something that happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The connection stands (again) by this way, or broke and is being made again.
    Connection(Option<Way>),
    /// A chat is open: what is written is sent, what comes is shown. Without a name: every chat is attended.
    Ready {
        /// The partner's own name for the chat.
        chat_id: Option<String>,
    },
    /// A message of the other side, or of a colleague.
    Message(Incoming),
    /// What became of an own message.
    Status(Progress),
    /// A customer came in (agents only).
    Arrived {
        /// The chat.
        chat_id: String,
        /// The seat's number: 1 for the first customer.
        seat: u32,
        /// What kind of link it was.
        link: LinkKind,
        /// What kind of device it is.
        device: Device,
    },
    /// The other side came or went.
    Presence {
        /// The chat.
        chat_id: String,
        /// Whether anyone is there.
        online: bool,
    },
    /// A chat is over for this side.
    Ended {
        /// The chat.
        chat_id: String,
        /// Whether it was ended, or another link to it was opened.
        reason: SeatClosed,
    },
    /// Something did not work. The rest goes on, unless this is the last event.
    Problem(Trouble),
}

/// By which way frames come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A socket.
    Socket,
    /// Plain calls, because no socket goes through.
    Polling,
}

/// What kind of link a customer came in by: who can have seen its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Made at the desk: only agents and the customer have its secret.
    Desk,
    /// Made by a program with an API key, which has its secret, too.
    Key,
    /// Made by a bare call: it has no secret.
    Plain,
}

impl LinkKind {
    /// The kind of link that a seat was made by.
    pub(crate) const fn of(row: &SeatRow) -> Self {
        match (&row.vault, row.made_by_key) {
            (None, _) => Self::Plain,
            (Some(_), true) => Self::Key,
            (Some(_), false) => Self::Desk,
        }
    }
}

/// A message that came in.
#[derive(Debug)]
pub struct Incoming {
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// Which side wrote it.
    pub from: Side,
    /// Its number in the chat.
    pub seq: u64,
    /// When the server stored it, in milliseconds since 1970.
    pub at: i64,
    /// The name that its sender gave it.
    pub cid: MessageId,
    /// The seat that it belongs to.
    pub seat: u32,
    /// What kind of link that seat was made by; a customer isn't told.
    pub link: Option<LinkKind>,
    /// What it says; nothing where it doesn't open.
    pub content: Option<Content>,
    /// Whether its sender saw another history than this side: show it.
    pub differs: bool,
    /// Whether a program of this name was given it before.
    pub again: bool,
    /// Whether a program of this name has dealt with it: it is shown as history.
    pub seen: bool,
}

/// How far an own message came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// The message.
    pub cid: MessageId,
    /// What its writer called the line.
    pub id: Option<String>,
    /// How far it came.
    pub status: Status,
    /// Its number in the chat, once it has one.
    pub seq: Option<u64>,
}

/// How far an own message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It was taken, and waits to be acknowledged.
    Waiting,
    /// The server has it, durably.
    Sent,
    /// A device of the other side has it.
    Delivered,
    /// A person of the other side has seen it.
    Read,
}

/// Something that did not work.
#[derive(Debug)]
pub struct Trouble {
    /// The chat, if it is about one.
    pub chat_id: Option<String>,
    /// The own message that was not sent, if it is about one.
    pub cid: Option<MessageId>,
    /// What its writer called the line.
    pub id: Option<String>,
    /// Why.
    pub error: Error,
}
