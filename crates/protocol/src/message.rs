//! Messages on the wire.

use crate::wire::{Base64, FieldError, Instant, exact, parsed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
pub use wicketgate_domain::message::LONGEST_BODY;
use wicketgate_domain::{
    ChatRef, Timestamp,
    chat::Cursors,
    message::{Message as DomainMessage, NewMessage, Page, plausible_body},
    seat::SeatNumber,
    side::Side as DomainSide,
};

/// The two sides of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who holds a seat.
    Customer,
    /// The agents.
    Partner,
}

impl From<DomainSide> for Side {
    fn from(side: DomainSide) -> Self {
        match side {
            DomainSide::Customer => Self::Customer,
            DomainSide::Partner => Self::Partner,
        }
    }
}

/// A stored message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// The chat.
    pub chat: String,
    /// Its number in the chat: 1, 2, 3 and so on.
    pub seq: u64,
    /// The seat whose keys it is sealed with.
    pub seat: u32,
    /// Which side wrote it.
    pub from: Side,
    /// The name its sender gave it (a UUID).
    #[schema(format = "uuid")]
    pub cid: String,
    /// The sealed body.
    pub body: Base64,
    /// When it was stored.
    pub at: Instant,
    /// Which agent wrote it. Only agents are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uuid")]
    pub author: Option<String>,
}

impl Message {
    /// The message as that side gets it.
    #[must_use]
    pub fn for_side(message: &DomainMessage, side: DomainSide) -> Self {
        let author = match side {
            DomainSide::Partner => message.author.as_ref().map(ToString::to_string),
            DomainSide::Customer => None,
        };
        Self {
            author,
            chat: message.chat.to_string(),
            seq: message.seq,
            seat: message.seat.0,
            from: message.from.into(),
            cid: message.cid.to_string(),
            body: message.body.as_ref().into(),
            at: message.at.into(),
        }
    }
}

/// `POST /api/chats/{chatRef}/messages`: sends a message. The same `cid` with the same body gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    /// The name the sender gives it: a UUID, version 7 by custom.
    #[schema(format = "uuid")]
    pub cid: String,
    /// The seat whose keys it is sealed with.
    pub seat: u32,
    /// The sealed body.
    #[schema(value_type = String, min_length = 208, max_length = 54614, pattern = "^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$")]
    pub body: Base64,
}

impl SendRequest {
    /// The message to be stored.
    ///
    /// # Errors
    /// [`FieldError`] naming the field that does not fit.
    pub fn into_message(self, chat: ChatRef, now: Timestamp) -> Result<NewMessage, FieldError> {
        if !plausible_body(&self.body.0) {
            return Err(FieldError::new(
                "body",
                format!("must be a sealed message of at most {LONGEST_BODY} bytes"),
            ));
        }
        Ok(NewMessage {
            chat,
            seat: SeatNumber(self.seat),
            cid: parsed("cid", &self.cid)?,
            body: self.body.0.into(),
            now,
        })
    }
}

/// `POST /api/chats/{chatRef}/seen`: how far the caller has come. Cursors only move forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenRequest {
    /// The newest message that the device has stored.
    #[serde(deserialize_with = "exact")]
    pub delivered: u64,
    /// The newest message that the person has seen.
    #[serde(deserialize_with = "exact")]
    pub read: u64,
}

impl From<SeenRequest> for Cursors {
    fn from(request: SeenRequest) -> Self {
        Self {
            delivered: request.delivered,
            read: request.read,
        }
    }
}

/// `POST /api/chats/{chatRef}/typing`: the caller is typing, or has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypingRequest {
    /// Whether they are.
    pub typing: bool,
}

/// A message is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SendResponse {
    /// Always true.
    pub success: bool,
    /// The name its sender gave it.
    #[schema(format = "uuid")]
    pub cid: String,
    /// Its number in the chat.
    pub seq: u64,
    /// When it was stored.
    pub at: Instant,
}

/// A stretch of a chat, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageList {
    /// The messages. A customer gets those of the own seat.
    pub messages: Vec<Message>,
    /// The transcript hash before the first of them, or the newest when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Base64>,
    /// The number of the newest message there is for the caller.
    pub last_seq: u64,
}

impl MessageList {
    /// The page as that side gets it.
    #[must_use]
    pub fn for_side(page: &Page, side: DomainSide) -> Self {
        Self {
            messages: page
                .messages
                .iter()
                .map(|message| Message::for_side(message, side))
                .collect(),
            transcript: page
                .transcript
                .map(|hash| hash.as_bytes().as_slice().into()),
            last_seq: page.last_seq,
        }
    }
}

/// Which messages to read. Without `after` and `before`: the newest.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// The oldest ones above this number.
    #[param(maximum = 9_007_199_254_740_991_u64)]
    pub after: Option<u64>,
    /// The newest ones below this number. Not beside `after`.
    #[param(maximum = 9_007_199_254_740_991_u64)]
    pub before: Option<u64>,
    /// How many at the most: 1 to 200, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// Seconds to wait for news when there is no message above `after` yet: up to 25.
    #[param(maximum = 25)]
    pub wait: Option<u32>,
    /// `customer` to act by the seat's cookie; `agent` when left out.
    #[serde(rename = "as")]
    pub role: Option<Role>,
}

/// Which of a browser's credentials a call goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The sign-in session.
    #[default]
    Agent,
    /// The seat of the chat that the path names.
    Customer,
}

/// The query of a call that both sides make.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RoleQuery {
    /// `customer` to act by the seat's cookie; `agent` when left out.
    #[serde(rename = "as")]
    pub role: Option<Role>,
}
