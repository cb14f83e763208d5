//! What happened: as it is told to whoever listens, with the rows as they stand after it, and as the event log keeps it,
//! by the names of rows alone.

use crate::{
    actor::Actor,
    chat::{Chat, Cursors},
    id::{ChatRef, Hash, KeyRef, LinkRef, PartnerId, SessionRef},
    link::Link,
    message::Message,
    seat::{Seat, SeatClosed, SeatNumber},
    side::Side,
    store_error::StoreError,
    time::Timestamp,
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Someone is typing, or has stopped. Not kept.
    Typing {
        /// In this chat.
        chat: ChatRef,
        /// Who.
        by: Side,
        /// Whether they are.
        typing: bool,
    },
    /// One side came or went. Not kept.
    Presence {
        /// In this chat; `None` when the agents did, which concerns all their chats.
        chat: Option<ChatRef>,
        /// Who.
        by: Side,
        /// Whether anyone of that side is there.
        online: bool,
    },
    /// A link changed.
    Link {
        /// In which way.
        change: LinkChange,
        /// The link as it stands after it.
        link: Arc<Link>,
    },
    /// A seat was opened, or its customer asked for a new link.
    Seat {
        /// Which of the two.
        change: SeatChange,
        /// The seat as it stands after it.
        seat: Arc<Seat>,
    },
    /// A seat is no longer live.
    SeatClosed {
        /// In this chat.
        chat: ChatRef,
        /// The seat.
        seat: SeatNumber,
        /// Why.
        why: SeatClosed,
    },
    /// A chat was ended; its unused links are revoked with it.
    ChatEnded(ChatRef),
    /// An inbox row stands like this now. What changed it is an event of its own, so this one is not kept.
    Chat(Arc<Chat>),
    /// A credential is no longer good: whoever is connected with it must go.
    Expelled(Credential),
    /// Something about the partner's own keys and accounts changed. Only kept.
    Account(AccountChange),
}

/// How a link changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// How a seat changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeatChange {
    /// A customer came in.
    Opened,
    /// Its customer asked for a new link.
    AskedForLink,
}

/// What changed about a partner's own keys and accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountChange {
    /// The partner was made.
    PartnerCreated,
    /// An agent signed in.
    SignedIn(SessionRef),
    /// An agent's password, recovery code, or both were replaced.
    CredentialsReplaced,
    /// The keyring was renewed.
    KeyringReplaced,
    /// An API key was made.
    KeyCreated(KeyRef),
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

/// An event as it is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Where it stands in the event log; none for what passes and is not kept there.
    pub logged: Option<Logged>,
    /// What happened.
    pub event: Event,
}

/// Where an event stands in the log, and what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logged {
    /// Its number.
    pub seq: u64,
    /// Who made it happen.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

impl Told {
    /// Something that passes and is not kept, such as typing.
    #[must_use]
    pub const fn passing(event: Event) -> Self {
        Self {
            logged: None,
            event,
        }
    }
}

/// What the log keeps of an event: the names of rows, never what is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoggedEvent {
    /// A link changed.
    Link(LinkChange, LinkRef),
    /// A seat was opened, or asked for a link.
    Seat(SeatChange, ChatRef, SeatNumber),
    /// A seat was closed.
    SeatClosed(SeatClosed, ChatRef, SeatNumber),
    /// A chat was ended.
    ChatEnded(ChatRef),
    /// A message of that number was stored.
    Message(ChatRef, u64),
    /// A side's cursors moved.
    Seen(ChatRef, Side),
    /// A session or key was ended.
    Expelled(Credential),
    /// Something about the partner's own keys and accounts.
    Account(AccountChange),
}

impl Event {
    /// What the log keeps of it; none of what passes and of rows whose change is an event of its own.
    #[must_use]
    pub fn to_log(&self) -> Option<LoggedEvent> {
        Some(match self {
            Self::Message(message) => LoggedEvent::Message(message.chat, message.seq),
            Self::Seen { chat, by, .. } => LoggedEvent::Seen(*chat, *by),
            Self::Link { change, link } => LoggedEvent::Link(*change, link.link_ref),
            Self::Seat { change, seat } => LoggedEvent::Seat(*change, seat.chat, seat.number),
            Self::SeatClosed { chat, seat, why } => LoggedEvent::SeatClosed(*why, *chat, *seat),
            Self::ChatEnded(chat) => LoggedEvent::ChatEnded(*chat),
            // What closes a seat is an event of its own, and a token is named nowhere.
            Self::Expelled(Credential::Seat(_))
            | Self::Chat(_)
            | Self::Typing { .. }
            | Self::Presence { .. } => return None,
            Self::Expelled(credential) => LoggedEvent::Expelled(*credential),
            Self::Account(change) => LoggedEvent::Account(*change),
        })
    }

    /// Who is told of it, of those who listen to that partner and to its chats.
    #[must_use]
    pub fn audience(&self, partner: PartnerId) -> Audience {
        let agents = Some(Topic::Partner(partner));
        let (agents, customer) = match self {
            Self::Message(message) => (agents, Some(message.chat)),
            Self::Seen { chat, .. } | Self::SeatClosed { chat, .. } | Self::ChatEnded(chat) => {
                (agents, Some(*chat))
            }
            Self::Typing { chat, by, .. } => match by {
                Side::Customer => (agents, None),
                Side::Partner => (None, Some(*chat)),
            },
            Self::Presence { chat, by, .. } => match by {
                Side::Customer => (agents, None),
                Side::Partner => (None, *chat),
            },
            Self::Link { .. } | Self::Seat { .. } | Self::Chat(_) | Self::Expelled(_) => {
                (agents, None)
            }
            Self::Account(_) => (None, None),
        };
        Audience {
            agents,
            customer: customer.map(Topic::Chat),
        }
    }
}

impl LoggedEvent {
    /// Whether it is kept as long as an audit wants it. Of messages and receipts the chat's own numbers tell whoever
    /// comes later.
    #[must_use]
    pub const fn is_for_audit(&self) -> bool {
        !matches!(self, Self::Message(..) | Self::Seen(..))
    }
}

/// Who is told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience {
    /// The partner's agents.
    pub agents: Option<Topic>,
    /// The customer of the chat.
    pub customer: Option<Topic>,
}

/// One line of the event log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number: later changes have higher ones, and none is used twice.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who made the change.
    pub by: Actor,
    /// What happened.
    pub event: LoggedEvent,
}

/// How far a log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogBounds {
    /// Which log it is: each database has its own. A copy of a database has the same.
    pub epoch: [u8; 16],
    /// The number of the newest event; 0 when there was none.
    pub newest: u64,
    /// Everything up to this number may be gone.
    pub swept: u64,
}

/// How long the log keeps events, by what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRetention {
    /// Events of messages and receipts from before this instant go.
    pub passing_before: Timestamp,
    /// The others from before this instant go.
    pub audit_before: Timestamp,
}

/// Who is handed what was committed.
pub trait EventSink: Send + Sync {
    /// Takes in what one change made happen, in the order of the commits, before its caller is answered. Must not wait.
    fn committed(&self, partner: PartnerId, told: &[Told]);
}

/// The event log of a database.
#[async_trait::async_trait]
pub trait EventStore {
    /// From now on that sink is handed what is committed.
    fn hand_to(&self, sink: Arc<dyn EventSink>);

    /// How far the log goes.
    async fn log_bounds(&self) -> Result<LogBounds, StoreError>;

    /// A partner's events above that number, in order, at most `limit`.
    async fn events(
        &self,
        partner: PartnerId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError>;

    /// Removes at most `limit` events that were kept long enough; says how many it removed.
    async fn sweep_events(&self, keep: LogRetention, limit: u32) -> Result<u32, StoreError>;
}
