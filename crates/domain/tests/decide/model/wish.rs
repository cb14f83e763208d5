//! What somebody wishes for, and what comes of it.

use crate::fixtures::{AGENT, BY_AGENT, HOUR, MADE, PARTNER, hash};
use wicketgate_domain::{
    ChatRef, LinkRef, Timestamp,
    chat::{Cursors, Participant},
    device::Device,
    link::{LinkKind, NewLink, Redemption, Sealed},
    seat::{Handshake, SeatHolder, SeatNumber},
    text::ChatId,
};

/// What somebody wishes for. Links, chats, people and messages have small numbers.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    Create {
        link: u8,
        chat: u8,
        is_sealed: bool,
        may_reopen: bool,
    },
    Redeem {
        link: u8,
        someone: u8,
        has_claim: bool,
        has_proof: bool,
        epoch: Option<u32>,
    },
    Revoke {
        link: u8,
    },
    Send {
        chat: u8,
        by: By,
        seat: u32,
        cid: u8,
        body: u8,
    },
    Seen {
        chat: u8,
        by: By,
        cursors: Cursors,
    },
    Ask {
        chat: u8,
        seat: u32,
    },
    End {
        chat: u8,
        by: By,
    },
}

/// Who acts in a chat.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Agent,
    Seat(u32),
}

/// What came of a wish.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How it was answered: a refusal in the program's words.
    pub(crate) answer: Result<(), String>,
    /// Whether it had been granted, or refused, with nothing written.
    pub(crate) wrote: bool,
}

pub(super) fn chat_id(chat: u8) -> ChatId {
    ChatId::parse(&format!("order {chat}")).unwrap()
}

pub(super) fn chat_ref(chat: u8) -> ChatRef {
    ChatRef::of(PARTNER, chat_id(chat).as_str())
}

pub(super) fn participant(chat: u8, by: By) -> Participant {
    match by {
        By::Agent => Participant::Agent {
            partner: PARTNER,
            agent: AGENT,
        },
        By::Seat(number) => Participant::Customer(SeatHolder {
            partner: PARTNER,
            chat: chat_ref(chat),
            number: SeatNumber(number),
            closed: None,
        }),
    }
}

impl Outcome {
    /// There is no such row, which a store says by itself.
    pub(super) fn missing() -> Self {
        Self {
            answer: Err("NotFound".into()),
            wrote: false,
        }
    }
}

/// Links are called after their numbers, and say whether they are sealed.
pub(super) fn new_link(
    (link, chat): (u8, u8),
    is_sealed: bool,
    may_reopen: bool,
    now: Timestamp,
) -> NewLink {
    let kind = if is_sealed {
        LinkKind::Sealed(Sealed {
            epoch: 1,
            blob: vec![link],
            proof_hash: hash("proof"),
            vault: vec![link],
        })
    } else {
        LinkKind::Plain
    };
    NewLink {
        id_hash: hash(&format!("link {link}")),
        link_ref: LinkRef::from_bytes([link; 16]),
        partner: PARTNER,
        chat_id: chat_id(chat),
        kind,
        by: BY_AGENT,
        may_reopen,
        content: hash(&format!("{chat} {is_sealed}")),
        now,
        expires_at: MADE.plus_millis(HOUR),
    }
}

pub(super) fn press(
    (link, someone): (u8, u8),
    has_claim: bool,
    has_proof: bool,
    epoch: Option<u32>,
    now: Timestamp,
) -> Redemption {
    Redemption {
        id_hash: hash(&format!("link {link}")),
        claim_hash: has_claim.then(|| hash(&format!("claim {someone}"))),
        proof_hash: has_proof.then(|| hash("proof")),
        bearer: None,
        handshake: epoch.map(|epoch| Handshake {
            epoch,
            enc: vec![someone],
        }),
        token_hash: hash(&format!("token {someone}")),
        device: Device::Phone,
        now,
    }
}
