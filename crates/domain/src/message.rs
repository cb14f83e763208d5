//! Messages: sealed bodies in an order that the database gives, chained by a transcript hash.

use crate::{
    chat::{Chat, ChatError, Participant},
    id::{AgentId, ChatRef, Cid, Hash},
    seat::SeatNumber,
    side::Side,
    time::Timestamp,
};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// Bodies are padded to a multiple of this many bytes.
const BLOCK: usize = 128;

/// The shortest sealed body: a nonce, one padded block and a tag.
pub const SHORTEST_BODY: usize = 12 + BLOCK + 16;

/// The longest sealed body: 32 KiB of JSON, and one more block for what stands around it. The limits of HTTP bodies
/// and of frames leave room for it.
pub const LONGEST_BODY: usize = SHORTEST_BODY + 32 * 1024;

/// A stored message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The chat.
    pub chat: ChatRef,
    /// Its number in the chat: 1, 2, 3 and so on, without gaps.
    pub seq: u64,
    /// The seat whose keys it is sealed with.
    pub seat: SeatNumber,
    /// Which side wrote it.
    pub from: Side,
    /// Which agent wrote it, if one did. Customers are not told.
    pub author: Option<AgentId>,
    /// The name its sender gave it.
    pub cid: Cid,
    /// The sealed body.
    pub body: Bytes,
    /// When it was stored.
    pub at: Timestamp,
    /// The transcript hash after it.
    pub transcript: Hash,
}

/// A message to be stored.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The chat.
    pub chat: ChatRef,
    /// The seat whose keys it is sealed with.
    pub seat: SeatNumber,
    /// The name its sender gives it, and its idempotency key.
    pub cid: Cid,
    /// The sealed body.
    pub body: Bytes,
    /// When it came.
    pub now: Timestamp,
}

/// A message that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The message as stored, whether now or by an earlier call with the same bytes.
    pub message: Message,
    /// The chat after it.
    pub chat: Chat,
    /// Whether this very call stored it.
    pub first: bool,
}

/// Which messages of a chat to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// The oldest ones above this number, in order.
    After(u64),
    /// The newest ones below this number, in order.
    Before(u64),
}

/// A stretch of a chat, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The messages; a customer gets only those of the own seat.
    pub messages: Vec<Message>,
    /// The transcript hash before the first of them, or the chat's newest when there is none.
    pub transcript: Option<Hash>,
    /// The number of the chat's newest message, or of the seat's newest for a customer: the one before the seat's first
    /// while it has none.
    pub last_seq: u64,
}

/// A run of numbers, both ends included; empty when the first is beyond the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeqRange {
    /// The lowest.
    pub first: u64,
    /// The highest.
    pub last: u64,
}

impl SeqRange {
    /// The part of it that a reader asks for.
    #[must_use]
    pub fn within(self, range: Range) -> Self {
        match range {
            Range::After(after) => Self {
                first: self.first.max(after.saturating_add(1)),
                ..self
            },
            Range::Before(before) => Self {
                last: self.last.min(before.saturating_sub(1)),
                ..self
            },
        }
    }

    /// Whether no number is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.first > self.last
    }
}

/// Messages in a database.
#[async_trait::async_trait]
pub trait MessageStore {
    /// Stores a message and gives it the next number of its chat. The same `cid` with the same bytes gives the stored one.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::Ended`], [`ChatError::SeatClosed`], [`ChatError::NoSeat`],
    /// [`ChatError::OtherContent`], [`ChatError::Store`].
    async fn send(&self, who: &Participant, message: NewMessage) -> Result<Sent, ChatError>;

    /// Reads a stretch of a chat.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::Store`]. A closed seat still reads what was its own.
    async fn messages(
        &self,
        who: &Participant,
        chat: ChatRef,
        range: Range,
        limit: u32,
    ) -> Result<Page, ChatError>;
}

/// The transcript hash at a seat's start.
#[must_use]
pub fn transcript_start(chat: ChatRef, seat: SeatNumber, enc: &[u8]) -> Hash {
    let hash = Sha256::new()
        .chain_update(b"wicketgate/1 transcript\0")
        .chain_update(chat.as_bytes())
        .chain_update(seat.0.to_be_bytes())
        .chain_update(enc)
        .finalize();
    Hash::from_bytes(hash.into())
}

/// The transcript hash after one more message.
#[must_use]
pub fn transcript_next(before: Hash, seq: u64, from: Side, cid: Cid, body: &[u8]) -> Hash {
    let hash = Sha256::new()
        .chain_update(before.as_bytes())
        .chain_update(seq.to_be_bytes())
        .chain_update([from.role()])
        .chain_update(cid.as_bytes())
        .chain_update(Sha256::digest(body))
        .finalize();
    Hash::from_bytes(hash.into())
}

/// Whether a sealed body can be one: long enough, not too long, a whole number of padded blocks.
#[must_use]
pub fn plausible_body(body: &[u8]) -> bool {
    (SHORTEST_BODY..=LONGEST_BODY).contains(&body.len())
        && (body.len() - SHORTEST_BODY).is_multiple_of(BLOCK)
}
