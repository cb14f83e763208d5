//! Chats and seats on the wire.

use crate::{
    link::{Device, Handshake},
    message::Side,
    problem::SeatClosed,
    wire::{Base64, Instant},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wicketgate_domain::{
    chat::{Chat, Cursors as DomainCursors},
    seat::Seat,
};

/// A chat as it stands in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatRow {
    /// Its public name.
    pub chat_ref: String,
    /// The partner's own name for it.
    pub chat_id: String,
    /// When it was made.
    pub created_at: Instant,
    /// When something last happened in it.
    pub active_at: Instant,
    /// The number of its newest message.
    pub last_seq: u64,
    /// The seat that is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_seat: Option<u32>,
    /// When the customer on it, who has lost the keys, asked for a new link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// How many seats it has had.
    pub seats: u32,
    /// How many of the customer's messages no agent has seen.
    pub unread: u32,
    /// When the customer wrote the oldest message that nobody has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Instant>,
    /// How far the agents have come.
    pub partner: Cursors,
    /// Whether the customer is there now.
    pub online: bool,
    /// Counts the changes of this row but for `online`: of two of them, the one with the higher number is the newer.
    pub rev: u64,
    /// When it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    /// By which side it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<Side>,
    /// What the newest sealed link that someone came in by was called, where it was asked for: a frame leaves it out,
    /// for it changes with a seat only, and the `seat` frame brings that one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<SealedLabel>,
}

/// The label of a link as only agents can read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SealedLabel {
    /// SHA-256 of the link's id, which the vault is bound to.
    pub link_hash: Base64,
    /// The link's vault, which holds the label.
    pub vault: Base64,
}

impl ChatRow {
    /// The chat with its label, and whether its customer is there.
    #[must_use]
    pub fn labelled(chat: &Chat, online: bool) -> Self {
        let label = chat.label.as_ref().map(|label| SealedLabel {
            link_hash: label.link_hash.as_bytes().as_slice().into(),
            vault: label.vault.as_slice().into(),
        });
        Self {
            label,
            ..Self::of(chat, online)
        }
    }

    /// The chat without its label, and whether its customer is there.
    #[must_use]
    pub fn of(chat: &Chat, online: bool) -> Self {
        Self {
            chat_ref: chat.chat_ref.to_string(),
            chat_id: chat.chat_id.to_string(),
            created_at: chat.created_at.into(),
            active_at: chat.active_at.into(),
            last_seq: chat.last_seq,
            live_seat: chat.live_seat.map(|seat| seat.0),
            asked_at: chat.asked_at.map(Into::into),
            seats: chat.seats,
            unread: chat.unread,
            waiting_since: chat.waiting_since.map(Into::into),
            partner: Cursors {
                delivered: chat.delivered,
                read: chat.read,
            },
            online,
            rev: chat.rev,
            ended_at: chat.ended.map(|(at, _)| at.into()),
            ended_by: chat.ended.map(|(_, by)| by.into()),
            label: None,
        }
    }
}

/// A page of the inbox, the most recently active first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChatList {
    /// The chats.
    pub chats: Vec<ChatRow>,
    /// What to pass as `after` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which chats to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ChatListQuery {
    /// Only this one, by its `chatRef`; an empty page where it does not exist or nobody has entered it.
    #[param(
        min_length = 22,
        max_length = 22,
        pattern = "^[A-Za-z0-9_-]{21}[AQgw]$"
    )]
    pub chat: Option<String>,
    /// Only this one, by the partner's own name for it; an empty page likewise. Not beside `chat`.
    #[param(min_length = 1, max_length = 128)]
    pub chat_id: Option<String>,
    /// The `next` of the page before.
    #[param(
        min_length = 22,
        max_length = 22,
        pattern = "^[A-Za-z0-9_-]{21}[AQgw]$"
    )]
    pub after: Option<String>,
    /// How many at the most: 1 to 200, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// How far one side has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cursors {
    /// The newest message that its device has stored.
    pub delivered: u64,
    /// The newest message that a person has seen.
    pub read: u64,
}

impl From<DomainCursors> for Cursors {
    fn from(cursors: DomainCursors) -> Self {
        Self {
            delivered: cursors.delivered,
            read: cursors.read,
        }
    }
}

impl From<Cursors> for DomainCursors {
    fn from(cursors: Cursors) -> Self {
        Self {
            delivered: cursors.delivered,
            read: cursors.read,
        }
    }
}

/// A seat. Agents derive its keys from it; a customer sees the own one, without the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatRow {
    /// The chat.
    pub chat: String,
    /// Its number: 1 for the first customer, and so on.
    pub number: u32,
    /// The handshake; absent when the link was redeemed by the bare call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<Handshake>,
    /// A copy of a sealed link's vault, for agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<Base64>,
    /// SHA-256 of the link's id, which the vault is bound to.
    pub link_hash: Base64,
    /// Whether an API key made the link.
    pub made_by_key: bool,
    /// The number that its first message has or will have.
    pub first_seq: u64,
    /// When it was opened.
    pub opened_at: Instant,
    /// Why it is no longer live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<SeatClosed>,
    /// When its customer, who has lost the keys, asked for a new link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// What kind of device it is.
    pub device: Device,
    /// How far the customer has come.
    pub customer: Cursors,
    /// Counts the changes of this row: of two of them, the one with the higher number is the newer.
    pub rev: u64,
}

impl SeatRow {
    /// The seat as agents see it.
    #[must_use]
    pub fn for_agents(seat: &Seat) -> Self {
        Self {
            vault: seat.vault.as_deref().map(Into::into),
            ..Self::for_customer(seat)
        }
    }

    /// The seat as its own customer sees it.
    #[must_use]
    pub fn for_customer(seat: &Seat) -> Self {
        Self {
            chat: seat.chat.to_string(),
            number: seat.number.0,
            handshake: seat.handshake.clone().map(Into::into),
            vault: None,
            link_hash: seat.link_hash.as_bytes().as_slice().into(),
            made_by_key: seat.made_by_key,
            first_seq: seat.first_seq,
            opened_at: seat.opened_at.into(),
            closed: seat.closed.map(Into::into),
            asked_at: seat.asked_at.map(Into::into),
            device: seat.device.into(),
            customer: Cursors {
                delivered: seat.delivered,
                read: seat.read,
            },
            rev: seat.rev,
        }
    }
}

/// Every seat that a chat has had, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeatList {
    /// The seats.
    pub seats: Vec<SeatRow>,
}

/// What a customer's page needs when it opens: the own seat and who is on the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatView {
    /// The partner.
    #[schema(format = "uuid")]
    pub partner_id: String,
    /// The name of who invited.
    pub partner_name: String,
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// The seat.
    pub seat: SeatRow,
    /// How far the agents have come.
    pub partner: Cursors,
    /// Whether an agent is there now.
    pub online: bool,
    /// The number of the newest message on this seat.
    pub last_seq: u64,
    /// When the chat was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    /// By which side it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<Side>,
}
