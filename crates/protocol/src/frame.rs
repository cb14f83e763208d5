//! The frames of the socket, each one JSON text.

use crate::{
    chat::{ChatRow, Cursors, SeatRow},
    link::LinkRow,
    message::{Message, Side},
    problem::{Problem, SeatClosed},
    wire::{Base64, Instant, exact},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// Asks for a `pong`: is anyone there? With braces, for a variant without them would take any member.
    Ping {},
}

const fn yes() -> bool {
    true
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
        /// The link as it now stands.
        link: LinkRow,
    },
    /// A customer came in (agents only).
    Seat {
        /// The seat.
        seat: SeatRow,
    },
    /// An inbox row changed (agents only).
    Chat {
        /// The chat as it now stands.
        chat: ChatRow,
    },
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
