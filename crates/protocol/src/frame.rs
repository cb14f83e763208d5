//! The frames of the socket, each one JSON text.

use crate::{
    actor::Actor,
    chat::{ChatRow, Cursors, SeatRow},
    link::LinkRow,
    message::{Message, Side},
    problem::{Problem, SeatClosed},
    wire::{Base64, Instant, exact},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::event::{LinkChange as DomainLinkChange, SeatChange as DomainSeatChange};

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Wants a chat's messages above a number, and all that come later.
    Open {
        /// The chat.
        chat: String,
        /// The newest number that the client has.
        #[serde(deserialize_with = "exact")]
        after: u64,
    },
    /// Sends a message.
    Send {
        /// The chat.
        chat: String,
        /// The name the sender gives it.
        cid: String,
        /// The seat whose keys it is sealed with.
        seat: u32,
        /// The sealed body.
        body: Base64,
    },
    /// Moves the own cursors forward.
    Seen {
        /// The chat.
        chat: String,
        /// The newest message that the device has stored.
        #[serde(deserialize_with = "exact")]
        delivered: u64,
        /// The newest message that the person has seen.
        #[serde(deserialize_with = "exact")]
        read: u64,
    },
    /// The person is typing, or has stopped.
    Typing {
        /// The chat.
        chat: String,
        /// Whether they are.
        #[serde(default = "yes")]
        typing: bool,
    },
    /// Wants to be told what happened since that point (agents only), and from then on how far it was told. Without a
    /// cursor: from now on.
    Since {
        /// What the last `upto` said.
        #[serde(default)]
        cursor: Option<String>,
    },
    /// Asks for a `pong`: is anyone there? With braces, for a variant without them would take any member.
    Ping {},
}

const fn yes() -> bool {
    true
}

/// How a link changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkChange {
    /// It was made.
    Created,
    /// It was redeemed.
    Used,
    /// Somebody tried it after it was used.
    Tried,
    /// It was ended unused.
    Revoked,
}

impl From<DomainLinkChange> for LinkChange {
    fn from(change: DomainLinkChange) -> Self {
        match change {
            DomainLinkChange::Created => Self::Created,
            DomainLinkChange::Used => Self::Used,
            DomainLinkChange::Tried => Self::Tried,
            DomainLinkChange::Revoked => Self::Revoked,
        }
    }
}

/// How a seat changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatChange {
    /// A customer came in.
    Opened,
    /// Its customer asked for a new link.
    AskedForLink,
}

impl From<DomainSeatChange> for SeatChange {
    fn from(change: DomainSeatChange) -> Self {
        match change {
            DomainSeatChange::Opened => Self::Opened,
            DomainSeatChange::AskedForLink => Self::AskedForLink,
        }
    }
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// A chat is open: what was missed follows as `message` frames, then what comes.
    #[serde(rename_all = "camelCase")]
    Opened {
        /// The chat.
        chat: String,
        /// The number of the newest message there is for the caller.
        last_seq: u64,
        /// The transcript hash after the message that `after` named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transcript: Option<Base64>,
        /// How far the agents have come.
        partner: Cursors,
        /// How far the live seat's customer has come.
        customer: Cursors,
        /// Whether the other side is there.
        online: bool,
    },
    /// A message of an open chat.
    Message(Message),
    /// A message that this client sent is durable.
    Ack {
        /// The chat.
        chat: String,
        /// The name its sender gave it.
        cid: String,
        /// Its number.
        seq: u64,
        /// When it was stored.
        at: Instant,
    },
    /// A side's cursors moved.
    Seen {
        /// The chat.
        chat: String,
        /// Whose.
        by: Side,
        /// On which seat, when the customer's did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seat: Option<u32>,
        /// The newest message that its device has stored.
        delivered: u64,
        /// The newest message that a person has seen.
        read: u64,
    },
    /// The other side is typing, or has stopped.
    Typing {
        /// The chat.
        chat: String,
        /// Who.
        by: Side,
        /// Whether they are.
        typing: bool,
    },
    /// The other side came or went.
    Presence {
        /// The chat; for a customer, the own one.
        chat: String,
        /// Who.
        by: Side,
        /// Whether anyone of that side is there.
        online: bool,
    },
    /// A link changed (agents only).
    Link {
        /// In which way.
        change: LinkChange,
        /// Who did it.
        by: Actor,
        /// When.
        at: Instant,
        /// The link as it now stands.
        link: Box<LinkRow>,
    },
    /// A customer came in, or asked for a new link (agents only).
    Seat {
        /// Which of the two.
        change: SeatChange,
        /// When.
        at: Instant,
        /// The seat as it now stands.
        seat: Box<SeatRow>,
    },
    /// An inbox row changed (agents only).
    Chat {
        /// The chat as it now stands.
        chat: Box<ChatRow>,
    },
    /// Everything up to this point has been told (agents only, after `since`).
    Upto {
        /// What to say in `since` when coming back. Its content is the server's own.
        cursor: String,
    },
    /// The customers of these chats are there now, and those of no other chat (agents only, once after `since`): who
    /// comes and goes while nobody listens is not told later.
    Present {
        /// The chats.
        chats: Vec<String>,
    },
    /// What happened since the cursor can't be told one by one: read the lists anew (agents only).
    Reset {},
    /// Something was missed: fetch, then open again. Without a chat: everything.
    Resync {
        /// The chat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chat: Option<String>,
    },
    /// A frame was refused.
    Problem {
        /// Why.
        problem: Problem,
        /// The chat that the frame named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chat: Option<String>,
        /// The message that the frame named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cid: Option<String>,
    },
    /// The chat takes nothing more from this client.
    Closed {
        /// The chat.
        chat: String,
        /// Why.
        reason: SeatClosed,
    },
    /// The answer to a `ping`.
    Pong,
}
