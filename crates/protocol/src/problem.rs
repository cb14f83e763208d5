//! Refusals: `application/problem+json` (RFC 9457) with a code for programs and a sentence for people.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::ToSchema;
use wicketgate_domain::{
    chat::ChatError, key::KeyError, link::LinkError, partner::PartnerError,
    seat::SeatClosed as DomainSeatClosed, store_error::StoreError,
};

use crate::{link_state::State, wire::FieldError};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:tt, $status:literal, $title:literal;)*) => {
        /// What kind of refusal it is. Each has a page at `/problems/{code}` and in `docs/problems.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            /// A few words for the kind of refusal, the same for each of its kind (RFC 9457, 3.1.3).
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or nests too deeply.
    InvalidJson = "invalid_json", 400, "Not valid JSON";
    /// The request is not HTTP as it has to be.
    InvalidRequest = "invalid_request", 400, "Not valid HTTP";
    /// No credential came along, or it is no longer good.
    Unauthenticated = "unauthenticated", 401, "No good credential";
    /// The e-mail, password or recovery code is wrong. Which of them is not said.
    WrongCredentials = "wrong_credentials", 401, "Wrong credentials";
    /// The partner named is not the caller's.
    OtherPartner = "other_partner", 403, "Another partner";
    /// The API key lacks a scope.
    ScopeRequired = "scope_required", 403, "Scope missing";
    /// A sealed link was opened without the proof from its address. The link stays valid.
    ProofRequired = "proof_required", 403, "Proof missing";
    /// A page of another origin tried to act in the user's name.
    WrongOrigin = "wrong_origin", 403, "Wrong origin";
    /// The set-up address was used, or is not the one that was printed.
    SetupClosed = "setup_closed", 403, "Set-up closed";
    /// There is no such thing for this caller.
    NotFound = "not_found", 404, "Not found";
    /// There is no such link.
    LinkNotFound = "link_not_found", 404, "Link not found";
    /// The path exists, but not for this method.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The request took too long to arrive.
    TooSlow = "too_slow", 408, "Request too slow";
    /// The link can't be revoked any more; `state` says why.
    LinkNoLongerValid = "link_no_longer_valid", 409, "Link no longer valid";
    /// The same name came before with another content.
    OtherContent = "other_content", 409, "Same name, other content";
    /// The same claim came with another handshake.
    HandshakeMismatch = "handshake_mismatch", 409, "Same claim, other handshake";
    /// The encryption key is out of date: read it again.
    UnknownEpoch = "unknown_epoch", 409, "Encryption key out of date";
    /// The keyring was renewed in the meantime: read it again.
    OtherGeneration = "other_generation", 409, "Keyring out of date";
    /// Another agent signs in with this e-mail.
    EmailTaken = "email_taken", 409, "E-mail taken";
    /// A partner with this id exists.
    PartnerExists = "partner_exists", 409, "Partner exists";
    /// Nobody is in this chat yet who could read a message.
    NoSeat = "no_seat", 409, "Nobody to write to";
    /// The most API keys that a partner may have exist already.
    TooManyKeys = "too_many_keys", 409, "Too many keys";
    /// The link was redeemed before.
    LinkUsed = "link_used", 410, "Link used";
    /// The link's time has passed.
    LinkExpired = "link_expired", 410, "Link expired";
    /// The partner ended the link.
    LinkRevoked = "link_revoked", 410, "Link revoked";
    /// The seat is no longer live; `seatClosed` says why.
    SeatClosed = "seat_closed", 410, "Seat closed";
    /// The chat has ended.
    ChatEnded = "chat_ended", 410, "Chat ended";
    /// The body is larger than the route takes.
    TooLarge = "too_large", 413, "Body too large";
    /// The body is compressed, or in another form that the server does not take.
    EncodedBody = "encoded_body", 415, "Encoded body";
    /// The body is not declared as JSON.
    NotJson = "not_json", 415, "Not declared as JSON";
    /// A member of the body or a parameter of the address is unknown, missing or does not hold what it should; `field`
    /// names it.
    InvalidField = "invalid_field", 422, "Invalid field";
    /// The address speaks WebSocket only.
    UpgradeRequired = "upgrade_required", 426, "WebSocket only";
    /// Too many tries; `Retry-After` says when to come again.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// The head of the request is larger than the server reads.
    HeadTooLarge = "head_too_large", 431, "Head too large";
    /// A defect of the server. The log has it under the request's id.
    Internal = "internal", 500, "Defect of the server";
    /// The store can't answer now. Nothing was acknowledged; try again.
    Unavailable = "unavailable", 503, "Store unavailable";
}

/// Why a seat is no longer live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatClosed {
    /// Another link to the same chat was opened.
    Superseded,
    /// The chat was ended.
    ChatEnded,
}

impl From<DomainSeatClosed> for SeatClosed {
    fn from(closed: DomainSeatClosed) -> Self {
        match closed {
            DomainSeatClosed::Superseded => Self::Superseded,
            DomainSeatClosed::ChatEnded => Self::ChatEnded,
        }
    }
}

/// A refusal (RFC 9457). `error` is a sentence that can be shown to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A relative reference to the problem's page: `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A few words for the kind of refusal: the same for each refusal of that `code`.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The kind of refusal.
    pub code: Code,
    /// Always false.
    pub success: bool,
    /// One sentence for a person.
    pub error: String,
    /// A link's state, where the refusal is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// What became of the seat, where the caller held it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat_closed: Option<SeatClosed>,
    /// The member, parameter or header that the refusal is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Seconds after which the same call may succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem with its sentence.
    pub fn new(code: Code, error: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: format!("/problems/{}", code.name()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            success: false,
            error: error.into().into_owned(),
            state: None,
            seat_closed: None,
            field: None,
            retry_after: None,
        }
    }

    /// The same problem with the link's state.
    #[must_use]
    pub fn with_state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// The same problem with the member, parameter or header that it is about.
    #[must_use]
    pub fn about(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same problem with a time after which to come again, in seconds.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn with_seat_closed(mut self, closed: Option<DomainSeatClosed>) -> Self {
        self.seat_closed = closed.map(Into::into);
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.error)
    }
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        Self::new(Code::InvalidField, error.to_string()).about(error.field)
    }
}

impl From<StoreError> for Problem {
    fn from(_: StoreError) -> Self {
        Self::new(Code::Unavailable, "The service can't store or read anything right now. Nothing was lost; please try again.")
            .with_retry_after(1)
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        let sentence = error.to_string();
        match error {
            LinkError::NotFound => {
                Self::new(Code::LinkNotFound, sentence).with_state(State::NotFound)
            }
            LinkError::Used(ended) => Self::new(Code::LinkUsed, sentence)
                .with_state(State::Used)
                .with_seat_closed(ended),
            LinkError::Expired => Self::new(Code::LinkExpired, sentence).with_state(State::Expired),
            LinkError::Revoked => Self::new(Code::LinkRevoked, sentence).with_state(State::Revoked),
            LinkError::ProofRequired => {
                Self::new(Code::ProofRequired, sentence).with_state(State::Valid)
            }
            LinkError::HandshakeMismatch => Self::new(Code::HandshakeMismatch, sentence),
            LinkError::NoLongerValid(state) => no_longer_valid(state.into()),
            LinkError::OtherPartner => Self::new(Code::OtherPartner, sentence),
            LinkError::ScopeRequired(_) => Self::new(Code::ScopeRequired, sentence),
            LinkError::OtherContent => Self::new(Code::OtherContent, sentence),
            LinkError::ChatEnded => Self::new(Code::ChatEnded, sentence),
            LinkError::UnknownEpoch => Self::new(Code::UnknownEpoch, sentence),
            LinkError::Store(error) => error.into(),
        }
    }
}

fn no_longer_valid(state: State) -> Problem {
    let sentence = match state {
        State::Valid => "The link is no longer valid",
        dead => dead.sentence(),
    };
    Problem::new(Code::LinkNoLongerValid, sentence).with_state(state)
}

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        let sentence = error.to_string();
        match error {
            ChatError::NotFound => Self::new(Code::NotFound, sentence),
            ChatError::Ended => Self::new(Code::ChatEnded, sentence),
            ChatError::SeatClosed(ended) => {
                Self::new(Code::SeatClosed, sentence).with_seat_closed(Some(ended))
            }
            ChatError::NoSeat => Self::new(Code::NoSeat, sentence),
            ChatError::OtherContent => Self::new(Code::OtherContent, sentence).about("cid"),
            ChatError::Store(error) => error.into(),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        let sentence = error.to_string();
        match error {
            KeyError::NotFound => Self::new(Code::NotFound, sentence),
            KeyError::TooMany => Self::new(Code::TooManyKeys, sentence),
            KeyError::Store(error) => error.into(),
        }
    }
}

impl From<PartnerError> for Problem {
    fn from(error: PartnerError) -> Self {
        let sentence = error.to_string();
        match error {
            PartnerError::SetupClosed => Self::new(Code::SetupClosed, sentence),
            PartnerError::EmailTaken => Self::new(Code::EmailTaken, sentence),
            PartnerError::PartnerExists => Self::new(Code::PartnerExists, sentence),
            PartnerError::WrongCredentials | PartnerError::WrongRecoveryCode => {
                Self::new(Code::WrongCredentials, sentence)
            }
            PartnerError::OtherGeneration => Self::new(Code::OtherGeneration, sentence),
            PartnerError::Store(error) => error.into(),
        }
    }
}
