//! What happened, as it is told to whoever listens: the same values between the parts of one node and between nodes.

use crate::{
    chat::{Chat, Cursors, Ended},
    id::{ChatRef, Hash, KeyRef, PartnerId, SessionRef},
    link::Link,
    message::Message,
    seat::{Seat, SeatNumber},
};
use std::sync::Arc;

/// The two sides of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who holds a seat.
    Customer,
    /// The agents.
    Partner,
}

impl Side {
    /// The byte that stands for it in keys and transcripts.
    #[must_use]
    pub const fn role(self) -> u8 {
        match self {
            Self::Customer => 0,
            Self::Partner => 1,
        }
    }

    /// The side that this byte stands for.
    #[must_use]
    pub const fn from_role(role: u8) -> Option<Self> {
        match role {
            0 => Some(Self::Customer),
            1 => Some(Self::Partner),
            _ => None,
        }
    }
}

/// What kind of device opened a link: enough for "is that my customer?", too little to follow anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// A telephone.
    Phone,
    /// A tablet.
    Tablet,
    /// A desktop or laptop computer.
    Computer,
    /// A terminal client or another program.
    Terminal,
    /// It did not say.
    Unknown,
}

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
        why: Ended,
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
