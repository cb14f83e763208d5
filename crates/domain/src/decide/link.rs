//! What is decided about links: which are made, who redeems one, and which can be revoked.

use super::{Decision, Happened};
use crate::{
    actor::Actor,
    chat::Chat,
    event::{Event, LinkChange, SeatChange},
    id::{ChatRef, Hash},
    key::Scope,
    link::{Link, LinkError, LinkKind, LinkState, NewLink, Redeemed, Redemption},
    message::transcript_start,
    seat::{Handshake, Seat, SeatClosed, SeatGrant, SeatNumber},
};
use std::sync::Arc;

/// What making a link rests on. Nobody else may make a link of this id or end the chat meanwhile.
#[derive(Debug, Clone, Default)]
pub struct CreateFacts {
    /// The link of this id, with the hash of what was asked for when it was made.
    pub stored: Option<(Link, Hash)>,
    /// Whether a seat was made by a link of this id, whose own row may be gone.
    pub made_a_seat: bool,
    /// Whether there is such a partner.
    pub has_partner: bool,
    /// Whether the inbox epoch of a sealed link is one of the partner's.
    pub has_epoch: bool,
    /// The chat of that name.
    pub chat: Option<ChatForLink>,
}

/// What making a link has to know of its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatForLink {
    /// How many seats it has had.
    pub seats: u32,
    /// Whether it has ended.
    pub ended: bool,
}

/// What making a link writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateWrite {
    /// The link's row.
    pub link: Link,
    /// SHA-256 over what was asked for.
    pub content: Hash,
    /// Whether the chat is made with it.
    pub makes_chat: bool,
}

/// Decides whether a link is made. The same id with the same content gives the stored row.
pub fn create(new: &NewLink, facts: CreateFacts) -> Decision<Link, CreateWrite, LinkError> {
    if let Some((link, content)) = facts.stored {
        let same = link.partner == new.partner && content == new.content;
        return if same {
            Decision::unchanged(link)
        } else {
            Decision::refuse(LinkError::OtherContent)
        };
    }
    // The row of a used link may be gone while its seat lives on; its id stays used.
    if facts.made_a_seat {
        return Decision::refuse(LinkError::OtherContent);
    }
    if !facts.has_partner {
        return Decision::refuse(LinkError::NotFound);
    }
    if matches!(new.kind, LinkKind::Sealed(_)) && !facts.has_epoch {
        return Decision::refuse(LinkError::UnknownEpoch);
    }
    match facts.chat {
        Some(chat) if chat.ended => return Decision::refuse(LinkError::ChatEnded),
        Some(chat) if chat.seats > 0 && !new.may_reopen => {
            return Decision::refuse(LinkError::ScopeRequired(Scope::LinksExisting));
        }
        Some(_) | None => {}
    }
    let link = Link {
        link_ref: new.link_ref,
        id_hash: new.id_hash,
        partner: new.partner,
        chat: ChatRef::of(new.partner, new.chat_id.as_str()),
        chat_id: new.chat_id.clone(),
        kind: new.kind.clone(),
        made_by_key: matches!(new.by, Actor::Key(_)),
        created_at: new.now,
        expires_at: new.expires_at,
        used_at: None,
        revoked_at: None,
        device: None,
        later_attempts: 0,
        rev: 1,
    };
    let event = Event::Link {
        change: LinkChange::Created,
        link: Arc::new(link.clone()),
    };
    let happened = Happened {
        partner: new.partner,
        by: new.by,
        at: new.now,
        events: vec![event],
    };
    let write = CreateWrite {
        link: link.clone(),
        content: new.content,
        makes_chat: facts.chat.is_none(),
    };
    Decision::commit(link, write, happened)
}

/// What redeeming rests on. Neither the link nor its chat may change meanwhile.
#[derive(Debug, Clone)]
pub struct RedeemFacts {
    /// The link.
    pub link: Link,
    /// The seat that it made, when it was used.
    pub made: Option<SeatRedemption>,
    /// Whether the inbox epoch of the handshake is one of the partner's.
    pub has_epoch: bool,
    /// The chat that it opens, with the seat that is live in it.
    pub chat: Chat,
}

/// What a seat keeps of the redemption that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatRedemption {
    /// SHA-256 of the claim.
    pub claim: Option<Hash>,
    /// The handshake.
    pub handshake: Option<Handshake>,
    /// Why the seat is no longer live.
    pub closed: Option<SeatClosed>,
    /// The seat.
    pub number: SeatNumber,
    /// The number that its first message has or will have.
    pub first_seq: u64,
    /// The seat that it closed.
    pub replaced: Option<SeatNumber>,
}

/// What redeeming writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedeemWrite {
    /// The link is used, and a seat is opened by it.
    Open(Box<OpenSeat>),
    /// One more attempt is counted on a link that is used.
    CountAttempt(Box<Link>),
}

/// A seat that is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSeat {
    /// The link after it.
    pub link: Link,
    /// The seat.
    pub seat: Seat,
    /// The seat that it closes.
    pub replaced: Option<SeatNumber>,
    /// SHA-256 of the claim.
    pub claim_hash: Option<Hash>,
    /// SHA-256 of the token that the seat is known by.
    pub token_hash: Hash,
    /// The chat after it.
    pub chat: Chat,
    /// What the seat's transcript begins with; none without a handshake.
    pub transcript: Option<Hash>,
}

/// Decides who redeems a link. A matching claim is answered first, then the state, then the proof.
pub fn redeem(wish: &Redemption, facts: RedeemFacts) -> Decision<Redeemed, RedeemWrite, LinkError> {
    match facts.link.state(wish.now) {
        // The end of a chat revokes the links that are valid then. One that had expired, and is valid again by a clock
        // that was set back, opens nothing either.
        LinkState::Valid if facts.chat.ended.is_some() => Decision::refuse(LinkError::Revoked),
        LinkState::Valid => redeem_valid(wish, facts),
        LinkState::Used => answer_used(wish, facts),
        LinkState::Revoked => Decision::refuse(LinkError::Revoked),
        LinkState::Expired => Decision::refuse(LinkError::Expired),
    }
}

fn redeem_valid(
    wish: &Redemption,
    facts: RedeemFacts,
) -> Decision<Redeemed, RedeemWrite, LinkError> {
    if let Err(error) = check_keys(wish, &facts) {
        return Decision::refuse(error);
    }
    let opened = open_seat(wish, facts.link, facts.chat);
    let (link, seat) = (opened.link.clone(), opened.seat.clone());
    let (chat, number) = (seat.chat, seat.number);
    let grant = SeatGrant {
        chat,
        chat_id: link.chat_id.clone(),
        partner: link.partner,
        number,
        first_seq: seat.first_seq,
        replaced: opened.replaced,
    };
    let mut events = Vec::with_capacity(4);
    events.extend(opened.replaced.map(|seat| Event::SeatClosed {
        chat,
        seat,
        why: SeatClosed::Superseded,
    }));
    events.extend([
        Event::Link {
            change: LinkChange::Used,
            link: Arc::new(link.clone()),
        },
        Event::Seat {
            change: SeatChange::Opened,
            seat: Arc::new(seat),
        },
        Event::Chat(Arc::new(opened.chat.clone())),
    ]);
    let happened = Happened {
        partner: link.partner,
        by: Actor::Customer { chat, seat: number },
        at: wish.now,
        events,
    };
    let redeemed = Redeemed {
        seat: grant,
        link,
        first: true,
    };
    Decision::commit(redeemed, RedeemWrite::Open(Box::new(opened)), happened)
}

/// Whether who redeems has the proof that a sealed link takes, and greets a key of the partner.
fn check_keys(wish: &Redemption, facts: &RedeemFacts) -> Result<(), LinkError> {
    match (&facts.link.kind, &wish.handshake) {
        (LinkKind::Sealed(sealed), _)
            if wish.bearer != Some(facts.link.partner)
                && wish.proof_hash != Some(sealed.proof_hash) =>
        {
            Err(LinkError::ProofRequired)
        }
        (LinkKind::Sealed(sealed), Some(handshake)) if handshake.epoch != sealed.epoch => {
            Err(LinkError::UnknownEpoch)
        }
        (LinkKind::Plain, Some(_)) if !facts.has_epoch => Err(LinkError::UnknownEpoch),
        _ => Ok(()),
    }
}

/// Opens the next seat of a chat; the one before it is closed by that.
fn open_seat(wish: &Redemption, mut link: Link, mut chat: Chat) -> OpenSeat {
    link.used_at = Some(wish.now);
    link.device = Some(wish.device);
    link.rev += 1;
    let vault = match &link.kind {
        LinkKind::Plain => None,
        LinkKind::Sealed(sealed) => Some(sealed.vault.clone()),
    };
    let replaced = chat.live_seat;
    let number = SeatNumber(chat.seats + 1);
    let seat = Seat {
        chat: link.chat,
        number,
        handshake: wish.handshake.clone(),
        vault,
        link_hash: wish.id_hash,
        made_by_key: link.made_by_key,
        first_seq: chat.last_seq + 1,
        opened_at: wish.now,
        closed: None,
        asked_at: None,
        device: wish.device,
        delivered: 0,
        read: 0,
        rev: 1,
    };
    chat.seats = number.0;
    chat.live_seat = Some(number);
    chat.asked_at = None;
    chat.active_at = chat.active_at.max(wish.now);
    chat.label = seat.label().or(chat.label);
    chat.rev += 1;
    let transcript = wish
        .handshake
        .as_ref()
        .map(|handshake| transcript_start(link.chat, number, &handshake.enc));
    OpenSeat {
        link,
        seat,
        replaced,
        claim_hash: wish.claim_hash,
        token_hash: wish.token_hash,
        chat,
        transcript,
    }
}

/// Answers whoever comes to a used link: its winner, or someone else.
fn answer_used(
    wish: &Redemption,
    facts: RedeemFacts,
) -> Decision<Redeemed, RedeemWrite, LinkError> {
    let mut link = facts.link;
    let own = facts
        .made
        .filter(|made| made.claim.is_some() && made.claim == wish.claim_hash);
    if let Some(made) = own {
        return match made.closed {
            Some(why) => Decision::refuse(LinkError::Used(Some(why))),
            None if made.handshake != wish.handshake => {
                Decision::refuse(LinkError::HandshakeMismatch)
            }
            None => Decision::unchanged(Redeemed {
                seat: SeatGrant {
                    chat: link.chat,
                    chat_id: link.chat_id.clone(),
                    partner: link.partner,
                    number: made.number,
                    first_seq: made.first_seq,
                    replaced: made.replaced,
                },
                link,
                first: false,
            }),
        };
    }
    link.later_attempts = link.later_attempts.saturating_add(1);
    link.rev += 1;
    let event = Event::Link {
        change: LinkChange::Tried,
        link: Arc::new(link.clone()),
    };
    let happened = Happened {
        partner: link.partner,
        by: Actor::Visitor,
        at: wish.now,
        events: vec![event],
    };
    Decision::refuse_and_note(
        LinkError::Used(None),
        RedeemWrite::CountAttempt(Box::new(link)),
        happened,
    )
}

/// Decides whether a link can be revoked. It may not be redeemed meanwhile. Writes the link as it is then.
pub fn revoke(
    mut link: Link,
    by: Actor,
    now: crate::time::Timestamp,
) -> Decision<Link, Link, LinkError> {
    match link.state(now) {
        LinkState::Valid => {}
        LinkState::Revoked => return Decision::unchanged(link),
        state @ (LinkState::Used | LinkState::Expired) => {
            return Decision::refuse(LinkError::NoLongerValid(state));
        }
    }
    link.revoked_at = Some(now);
    link.rev += 1;
    let event = Event::Link {
        change: LinkChange::Revoked,
        link: Arc::new(link.clone()),
    };
    let happened = Happened {
        partner: link.partner,
        by,
        at: now,
        events: vec![event],
    };
    Decision::commit(link.clone(), link, happened)
}
