//! What happened, as it is told to whoever listens: the same values between the parts of one node and between nodes.

use crate::{
    chat::{Chat, Cursors},
    id::{ChatRef, Hash, KeyRef, PartnerId, SessionRef},
    link::Link,
    message::Message,
    seat::{Seat, SeatClosed, SeatNumber},
    side::Side,
};
use std::sync::Arc;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Every agent of a partner.
    Partner(PartnerId),
    /// The customer of a chat.
    Chat(ChatRef),
}

/// Something that happened. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Event {
    /// A message was stored.
    Message(Arc<Message>),
    /// One side's cursors moved.
    Seen {
        /// In this chat.
        chat: ChatRef,
        /// On this seat, when the customer's did.
        seat: Option<SeatNumber>,
        /// Whose.
        by: Side,
        /// Where they now stand.
        cursors: Cursors,
    },
    /// Someone is typing, or has stopped.
    Typing {
        /// In this chat.
        chat: ChatRef,
        /// Who.
        by: Side,
        /// Whether they are.
        typing: bool,
    },
    /// One side came or went.
    Presence {
        /// In this chat; `None` when the agents did, which concerns all their chats.
        chat: Option<ChatRef>,
        /// Who.
        by: Side,
        /// Whether anyone of that side is there.
        online: bool,
    },
    /// A link changed.
    Link(Arc<Link>),
    /// A customer came in, or asked for a new link.
    Seat(Arc<Seat>),
    /// An inbox row changed.
    Chat(Arc<Chat>),
    /// A seat is no longer live.
    SeatClosed {
        /// In this chat.
        chat: ChatRef,
        /// The seat.
        seat: SeatNumber,
        /// Why.
        why: SeatClosed,
    },
    /// A credential is no longer good: whoever is connected with it must go.
    Expelled(Credential),
}

/// What someone is connected with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A sign-in session.
    Session(SessionRef),
    /// An API key.
    Key(KeyRef),
    /// A seat's token.
    Seat(Hash),
}
