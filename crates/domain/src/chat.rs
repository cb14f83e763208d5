//! Chats: the conversation between a partner's agents and one customer at a time.

use crate::{
    actor::Actor,
    id::AgentId,
    id::{ChatRef, Hash, PartnerId},
    seat::{SealedLabel, Seat, SeatClosed, SeatHolder, SeatNumber},
    side::Side,
    store_error::StoreError,
    text::ChatId,
    time::Timestamp,
};

/// A chat as it stands in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Its public name.
    pub chat_ref: ChatRef,
    /// Whose it is.
    pub partner: PartnerId,
    /// The partner's own name for it.
    pub chat_id: ChatId,
    /// When it was made, which is when its first link was.
    pub created_at: Timestamp,
    /// When something last happened in it.
    pub active_at: Timestamp,
    /// The number of its newest message; 0 while there is none.
    pub last_seq: u64,
    /// The seat that is live.
    pub live_seat: Option<SeatNumber>,
    /// When the customer on it asked for a new link.
    pub asked_at: Option<Timestamp>,
    /// How many seats it has had.
    pub seats: u32,
    /// How many of the customer's messages no agent has seen.
    pub unread: u32,
    /// When the customer wrote the oldest message that nobody has answered.
    pub waiting_since: Option<Timestamp>,
    /// The newest message that an agent's device has stored.
    pub delivered: u64,
    /// The newest message that an agent has seen.
    pub read: u64,
    /// When it was ended, and by which side.
    pub ended: Option<(Timestamp, Side)>,
    /// What the newest sealed link that someone came in by was called.
    pub label: Option<SealedLabel>,
    /// Counts the changes of what this row shows: of two of them, the one with the higher number is the newer.
    pub rev: u64,
}

/// Why something about a chat was refused.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// There is no such chat, or it is another's.
    #[error("Chat not found")]
    NotFound,
    /// It has ended; nothing more can be said in it.
    #[error("The chat has ended")]
    Ended,
    /// The seat is no longer live.
    #[error("This seat is closed")]
    SeatClosed(SeatClosed),
    /// Nobody has opened a link to this chat, or whoever did made no handshake.
    #[error("Nobody is in this chat yet")]
    NoSeat,
    /// The same message id came with another content.
    #[error("The same cid was sent before with another content")]
    OtherContent,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who acts in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Participant {
    /// An agent of the partner.
    Agent {
        /// The partner.
        partner: PartnerId,
        /// The person.
        agent: AgentId,
    },
    /// The customer on a seat.
    Customer(SeatHolder),
}

impl Participant {
    /// Whose chats these are.
    #[must_use]
    pub const fn partner(&self) -> PartnerId {
        match self {
            Self::Agent { partner, .. } => *partner,
            Self::Customer(seat) => seat.partner,
        }
    }

    /// Which side of a chat it is.
    #[must_use]
    pub const fn side(&self) -> Side {
        match self {
            Self::Agent { .. } => Side::Partner,
            Self::Customer(_) => Side::Customer,
        }
    }

    /// The person, where it is an agent.
    #[must_use]
    pub const fn agent(&self) -> Option<AgentId> {
        match self {
            Self::Agent { agent, .. } => Some(*agent),
            Self::Customer(_) => None,
        }
    }

    /// The seat, where it is a customer.
    #[must_use]
    pub const fn seat(&self) -> Option<SeatNumber> {
        match self {
            Self::Agent { .. } => None,
            Self::Customer(seat) => Some(seat.number),
        }
    }

    /// Who makes the changes that it makes.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Agent { agent, .. } => Actor::Agent(*agent),
            Self::Customer(seat) => Actor::Customer {
                chat: seat.chat,
                seat: seat.number,
            },
        }
    }

    /// Whether that chat may be named by it at all.
    #[must_use]
    pub fn may_enter(&self, chat: ChatRef) -> bool {
        match self {
            Self::Agent { .. } => true,
            Self::Customer(seat) => seat.chat == chat,
        }
    }
}

/// A page of an inbox, the most recently active first.
#[derive(Debug, Clone, Copy)]
pub struct ChatQuery {
    /// Whose.
    pub partner: PartnerId,
    /// Only chats less recently active than this one.
    pub after: Option<ChatRef>,
    /// How many at the most.
    pub limit: u32,
}

/// How far one side has come in a chat. Cursors only move forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursors {
    /// The newest message that its device has stored.
    pub delivered: u64,
    /// The newest message that a person has seen.
    pub read: u64,
}

impl Cursors {
    /// The further of the two, each cursor by itself.
    #[must_use]
    pub fn forward(self, other: Self) -> Self {
        Self {
            delivered: self.delivered.max(other.delivered),
            read: self.read.max(other.read),
        }
    }
}

/// Chats and their seats in a database.
#[async_trait::async_trait]
pub trait ChatStore {
    /// One chat of a partner.
    async fn chat(&self, partner: PartnerId, chat: ChatRef) -> Result<Option<Chat>, StoreError>;

    /// A page of a partner's inbox. Chats that nobody ever entered are not in it.
    async fn chats(&self, query: ChatQuery) -> Result<Vec<Chat>, StoreError>;

    /// Every seat that a chat has had, oldest first.
    async fn seats(&self, partner: PartnerId, chat: ChatRef) -> Result<Vec<Seat>, StoreError>;

    /// Who holds the seat with that token, when it was used within thirty days; notes the use once an hour.
    async fn seat_holder(
        &self,
        token_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<SeatHolder>, StoreError>;

    /// Moves one side's cursors forward, never beyond the newest message; answers where they now stand.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::SeatClosed`], [`ChatError::Store`].
    async fn mark_seen(
        &self,
        who: &Participant,
        chat: ChatRef,
        cursors: Cursors,
        now: Timestamp,
    ) -> Result<Cursors, ChatError>;

    /// Notes that the customer on a live seat asks for a new link. Asking again changes nothing.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::SeatClosed`], [`ChatError::Store`].
    async fn ask_for_link(&self, holder: &SeatHolder, now: Timestamp) -> Result<(), ChatError>;

    /// Ends a chat for good, closes its seat and revokes its unused links. Ending an ended chat changes nothing.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::SeatClosed`] for a customer whose seat is superseded, [`ChatError::Store`].
    async fn end_chat(
        &self,
        who: &Participant,
        chat: ChatRef,
        now: Timestamp,
    ) -> Result<Chat, ChatError>;

    /// Removes at most `limit` rows of chats that ended before `ended_before`; says how many it removed.
    async fn sweep_chats(&self, ended_before: Timestamp, limit: u32) -> Result<u32, StoreError>;
}
