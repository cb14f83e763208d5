//! Seats: one browser's right to be the customer of one chat.

use crate::{
    device::Device,
    id::{ChatRef, Hash, PartnerId},
    text::ChatId,
    time::Timestamp,
};

/// The number of a seat in its chat: 1 for the first customer, and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeatNumber(pub u32);

/// Why a seat is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeatClosed {
    /// Another link to the same chat was redeemed.
    Superseded,
    /// The chat was ended.
    ChatEnded,
}

/// The customer's half of the handshake, from which both sides derive the seat's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// The inbox epoch it is sealed to.
    pub epoch: u32,
    /// The encapsulated key (X-Wing, 1120 bytes).
    pub enc: Vec<u8>,
}

impl Handshake {
    /// The length of an encapsulated key, in bytes.
    pub const ENC_LENGTH: usize = 1_120;
}

/// What redeeming gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatGrant {
    /// The chat.
    pub chat: ChatRef,
    /// The partner's own name for it.
    pub chat_id: ChatId,
    /// Whose chat it is.
    pub partner: PartnerId,
    /// The seat.
    pub number: SeatNumber,
    /// The number that the seat's first message has or will have.
    pub first_seq: u64,
    /// The seat that this one closed.
    pub replaced: Option<SeatNumber>,
}

/// A seat as the agents, and its own customer, see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The chat.
    pub chat: ChatRef,
    /// Its number.
    pub number: SeatNumber,
    /// The handshake, unless the link was redeemed by the bare call.
    pub handshake: Option<Handshake>,
    /// The copy of a sealed link's vault, from which agents get the secret of its fragment.
    pub vault: Option<Vec<u8>>,
    /// SHA-256 of the link's id, which the vault is bound to.
    pub link_hash: Hash,
    /// Whether an API key made the link.
    pub made_by_key: bool,
    /// The number that its first message has or will have.
    pub first_seq: u64,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Why it is no longer live.
    pub closed: Option<SeatClosed>,
    /// When its customer, who has lost the keys, asked for a new link.
    pub asked_at: Option<Timestamp>,
    /// What kind of device it is.
    pub device: Device,
    /// The newest message that the customer's device has stored.
    pub delivered: u64,
    /// The newest message that the customer has seen.
    pub read: u64,
    /// Counts the changes of this row: of two of them, the one with the higher number is the newer.
    pub rev: u64,
}

impl Seat {
    /// What its sealed link was called; none on the seat of a plain link.
    #[must_use]
    pub fn label(&self) -> Option<SealedLabel> {
        self.vault.clone().map(|vault| SealedLabel {
            link_hash: self.link_hash,
            vault,
        })
    }
}

/// A label that only agents can read: it lies in the vault of a link, which its seat keeps a copy of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLabel {
    /// SHA-256 of the link's id, which the vault is bound to.
    pub link_hash: Hash,
    /// The vault.
    pub vault: Vec<u8>,
}

/// Who presents a live seat's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatHolder {
    /// Whose chat it is.
    pub partner: PartnerId,
    /// The chat.
    pub chat: ChatRef,
    /// The seat.
    pub number: SeatNumber,
    /// Why it is no longer live: its holder is told, and can do nothing else.
    pub closed: Option<SeatClosed>,
}

/// Seats stay usable for thirty days after they were last used.
pub const SEAT_IDLE_DAYS: u32 = 30;
