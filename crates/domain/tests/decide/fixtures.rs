//! Rows to decide about, and how decisions are looked at.

use std::fmt::Debug;
use wicketgate_domain::{
    Actor, AgentId, ChatRef, Hash, KeyRef, LinkRef, PartnerId, Timestamp,
    chat::{Chat, Participant},
    decide::{Decision, Happened},
    device::Device,
    event::Event,
    link::{Link, LinkKind, Redemption, Sealed},
    seat::{Handshake, SealedLabel, Seat, SeatHolder, SeatNumber},
    side::Side,
    text::ChatId,
};

pub(crate) const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
pub(crate) const OTHER_PARTNER: PartnerId = PartnerId::from_bytes([2; 16]);
pub(crate) const AGENT: AgentId = AgentId::from_bytes([3; 16]);
pub(crate) const KEY: KeyRef = KeyRef::from_bytes([4; 16]);
pub(crate) const BY_AGENT: Actor = Actor::Agent(AGENT);

/// When the rows were made; what is decided happens later.
pub(crate) const MADE: Timestamp = Timestamp::from_millis(1_000_000);
pub(crate) const HOUR: i64 = 3_600_000;

/// So many milliseconds after the rows were made.
pub(crate) const fn after(millis: i64) -> Timestamp {
    MADE.plus_millis(millis)
}

pub(crate) fn hash(what: &str) -> Hash {
    Hash::of(what.as_bytes())
}

pub(crate) fn chat_id() -> ChatId {
    ChatId::parse("order 1").unwrap()
}

pub(crate) fn chat_ref() -> ChatRef {
    ChatRef::of(PARTNER, "order 1")
}

/// A plain link for an hour.
pub(crate) fn plain() -> Link {
    Link {
        link_ref: LinkRef::from_bytes([5; 16]),
        id_hash: hash("link"),
        partner: PARTNER,
        chat: chat_ref(),
        chat_id: chat_id(),
        kind: LinkKind::Plain,
        made_by_key: false,
        created_at: MADE,
        expires_at: after(HOUR),
        used_at: None,
        revoked_at: None,
        device: None,
        later_attempts: 0,
        rev: 7,
    }
}

/// A sealed link of inbox epoch 1, made by a key.
pub(crate) fn sealed() -> Link {
    Link {
        kind: LinkKind::Sealed(Sealed {
            epoch: 1,
            blob: vec![1; 9],
            proof_hash: hash("proof"),
            vault: b"vault".to_vec(),
        }),
        made_by_key: true,
        ..plain()
    }
}

/// A chat that nobody has entered.
pub(crate) fn unused_chat() -> Chat {
    Chat {
        chat_ref: chat_ref(),
        partner: PARTNER,
        chat_id: chat_id(),
        created_at: MADE,
        active_at: MADE,
        last_seq: 0,
        live_seat: None,
        asked_at: None,
        seats: 0,
        unread: 0,
        waiting_since: None,
        delivered: 0,
        read: 0,
        ended: None,
        label: None,
        rev: 1,
    }
}

/// A chat with two seats, the second live, and twelve messages of which three are unread.
pub(crate) fn chat() -> Chat {
    Chat {
        active_at: after(500),
        last_seq: 12,
        live_seat: Some(SeatNumber(2)),
        asked_at: Some(after(400)),
        seats: 2,
        unread: 3,
        waiting_since: Some(after(300)),
        delivered: 9,
        read: 6,
        label: Some(SealedLabel {
            link_hash: hash("an older link"),
            vault: b"an older vault".to_vec(),
        }),
        rev: 20,
        ..unused_chat()
    }
}

/// The chat after its end.
pub(crate) fn ended_chat() -> Chat {
    Chat {
        live_seat: None,
        asked_at: None,
        waiting_since: None,
        ended: Some((after(600), Side::Partner)),
        ..chat()
    }
}

/// The live seat of that chat, whose messages begin with the eighth.
pub(crate) fn seat() -> Seat {
    Seat {
        chat: chat_ref(),
        number: SeatNumber(2),
        handshake: Some(handshake(1)),
        vault: None,
        link_hash: hash("link"),
        made_by_key: false,
        first_seq: 8,
        opened_at: after(200),
        closed: None,
        asked_at: None,
        device: Device::Tablet,
        delivered: 10,
        read: 9,
        rev: 4,
    }
}

pub(crate) fn handshake(seed: u8) -> Handshake {
    Handshake {
        epoch: 1,
        enc: vec![seed; 4],
    }
}

pub(crate) fn agent() -> Participant {
    Participant::Agent {
        partner: PARTNER,
        agent: AGENT,
    }
}

/// The customer on a seat of the chat.
pub(crate) fn customer(number: u32) -> Participant {
    Participant::Customer(SeatHolder {
        partner: PARTNER,
        chat: chat_ref(),
        number: SeatNumber(number),
        closed: None,
    })
}

pub(crate) fn on_seat(number: u32) -> Actor {
    Actor::Customer {
        chat: chat_ref(),
        seat: SeatNumber(number),
    }
}

/// A press of the button a second after the link was made, with a claim and nothing else.
pub(crate) fn press() -> Redemption {
    Redemption {
        id_hash: hash("link"),
        claim_hash: Some(hash("claim")),
        proof_hash: None,
        bearer: None,
        handshake: None,
        token_hash: hash("token"),
        device: Device::Phone,
        now: after(1000),
    }
}

/// Asserts that nothing is written and nothing happened; answers the sentence of the refusal in the words of the program.
pub(crate) fn refusal<T: Debug, W: Debug, E: Debug>(decision: &Decision<T, W, E>) -> String {
    assert!(decision.write.is_none(), "a refusal writes: {decision:?}");
    assert!(
        decision.happened.is_none(),
        "a refusal is told: {decision:?}"
    );
    format!("{:?}", decision.answer.as_ref().unwrap_err())
}

/// Asserts that the wish was granted before; answers what it is granted with.
pub(crate) fn unchanged<T: Debug, W: Debug, E: Debug>(decision: Decision<T, W, E>) -> T {
    assert!(decision.write.is_none(), "it writes: {decision:?}");
    assert!(decision.happened.is_none(), "it is told: {decision:?}");
    decision.answer.unwrap()
}

/// Takes a granted wish apart.
pub(crate) fn granted<T, W, E: Debug>(decision: Decision<T, W, E>) -> (T, W, Happened) {
    (
        decision.answer.unwrap(),
        decision.write.unwrap(),
        decision.happened.unwrap(),
    )
}

/// What happened to the partner of these rows.
pub(crate) fn happened(by: Actor, at: Timestamp, events: Vec<Event>) -> Happened {
    Happened {
        partner: PARTNER,
        by,
        at,
        events,
    }
}
