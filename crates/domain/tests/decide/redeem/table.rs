//! Every case of a redemption, and what comes of it.

use crate::fixtures::{OTHER_PARTNER, PARTNER, after, handshake, hash, plain, press, sealed};
use wicketgate_domain::{
    chat::Chat,
    decide::{
        Decision,
        link::{RedeemFacts, RedeemWrite, SeatRedemption, redeem},
    },
    device::Device,
    link::{Link, LinkError, LinkState, Redeemed, Redemption},
    seat::{Handshake, SeatClosed, SeatNumber},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Sealed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    Nothing,
    Same,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Nothing,
    Right,
    Wrong,
    /// None, but an API key of the link's partner.
    Bearer,
    /// None, but an API key of another partner.
    OtherBearer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greeting {
    Nothing,
    /// The one that the seat was made with, if it was.
    Same,
    Other,
    /// To another key of the partner than the link vouches for.
    OtherEpoch,
    /// To a key that the partner never had.
    UnknownEpoch,
}

/// What became of the seat that the link made; of used links only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Live,
    /// Live, and made without a handshake.
    Bare,
    /// Live, and made without a claim.
    Unclaimed,
    Superseded,
    ChatEnded,
    /// Swept away with its chat.
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The link is used, and a seat is opened.
    Opens,
    /// The winner gets the first answer once more.
    Again,
    /// The attempt is counted, and refused.
    Counted,
    Refused(&'static str),
}
pub(super) use Outcome::{Again, Counted, Opens, Refused};

const STATES: &[LinkState] = &[
    LinkState::Valid,
    LinkState::Used,
    LinkState::Revoked,
    LinkState::Expired,
];
const KINDS: &[Kind] = &[Kind::Plain, Kind::Sealed];
const CLAIMS: &[Claim] = &[Claim::Nothing, Claim::Same, Claim::Other];
const PROOFS: &[Proof] = &[
    Proof::Nothing,
    Proof::Right,
    Proof::Wrong,
    Proof::Bearer,
    Proof::OtherBearer,
];
const UNPROVEN: &[Proof] = &[Proof::Nothing, Proof::Wrong, Proof::OtherBearer];
const GREETINGS: &[Greeting] = &[
    Greeting::Nothing,
    Greeting::Same,
    Greeting::Other,
    Greeting::OtherEpoch,
    Greeting::UnknownEpoch,
];
const SEATS: &[Made] = &[
    Made::Live,
    Made::Bare,
    Made::Unclaimed,
    Made::Superseded,
    Made::ChatEnded,
    Made::Gone,
];

pub(super) type Row = (
    LinkState,
    &'static [Kind],
    &'static [Claim],
    &'static [Proof],
    &'static [Greeting],
    &'static [Made],
    Outcome,
);

/// The first row that fits a case says what comes of it.
#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    (LinkState::Revoked, KINDS, CLAIMS, PROOFS, GREETINGS, SEATS, Refused("Revoked")),
    (LinkState::Expired, KINDS, CLAIMS, PROOFS, GREETINGS, SEATS, Refused("Expired")),

    (LinkState::Used, KINDS, &[Claim::Same], PROOFS, GREETINGS, &[Made::Superseded], Refused("Used(Some(Superseded))")),
    (LinkState::Used, KINDS, &[Claim::Same], PROOFS, GREETINGS, &[Made::ChatEnded], Refused("Used(Some(ChatEnded))")),
    (LinkState::Used, KINDS, &[Claim::Same], PROOFS, &[Greeting::Same], &[Made::Live], Again),
    (LinkState::Used, KINDS, &[Claim::Same], PROOFS, &[Greeting::Nothing], &[Made::Bare], Again),
    (LinkState::Used, KINDS, &[Claim::Same], PROOFS, GREETINGS, &[Made::Live, Made::Bare], Refused("HandshakeMismatch")),
    (LinkState::Used, KINDS, CLAIMS, PROOFS, GREETINGS, SEATS, Counted),

    (LinkState::Valid, &[Kind::Sealed], CLAIMS, UNPROVEN, GREETINGS, SEATS, Refused("ProofRequired")),
    (LinkState::Valid, &[Kind::Sealed], CLAIMS, PROOFS, &[Greeting::OtherEpoch], SEATS, Refused("UnknownEpoch")),
    (LinkState::Valid, KINDS, CLAIMS, PROOFS, &[Greeting::UnknownEpoch], SEATS, Refused("UnknownEpoch")),
    (LinkState::Valid, KINDS, CLAIMS, PROOFS, GREETINGS, SEATS, Opens),
];

#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) state: LinkState,
    pub(super) kind: Kind,
    pub(super) claim: Claim,
    pub(super) proof: Proof,
    pub(super) greeting: Greeting,
    pub(super) made: Made,
}

impl Case {
    /// Every combination; only a used link has made a seat.
    pub(super) fn every() -> Vec<Self> {
        let mut cases = Vec::new();
        for state in STATES {
            let seats = match state {
                LinkState::Used => SEATS,
                LinkState::Valid | LinkState::Revoked | LinkState::Expired => &[Made::Gone],
            };
            for (kind, claim) in pairs(KINDS, CLAIMS) {
                for (proof, greeting) in pairs(PROOFS, GREETINGS) {
                    cases.extend(seats.iter().map(|made| Self {
                        state: *state,
                        kind,
                        claim,
                        proof,
                        greeting,
                        made: *made,
                    }));
                }
            }
        }
        cases
    }

    pub(super) fn outcome(self) -> Outcome {
        let fits = |row: &&Row| {
            let (state, kinds, claims, proofs, greetings, seats, _) = row;
            *state == self.state
                && kinds.contains(&self.kind)
                && claims.contains(&self.claim)
                && proofs.contains(&self.proof)
                && greetings.contains(&self.greeting)
                && seats.contains(&self.made)
        };
        TABLE.iter().find(fits).unwrap().6
    }

    pub(super) fn link(self) -> Link {
        let link = match self.kind {
            Kind::Plain => plain(),
            Kind::Sealed => sealed(),
        };
        match self.state {
            LinkState::Valid => link,
            LinkState::Used => Link {
                used_at: Some(after(900)),
                device: Some(Device::Computer),
                later_attempts: 4,
                ..link
            },
            LinkState::Revoked => Link {
                revoked_at: Some(after(900)),
                ..link
            },
            LinkState::Expired => Link {
                expires_at: after(1000),
                ..link
            },
        }
    }

    pub(super) fn wish(self) -> Redemption {
        Redemption {
            claim_hash: match self.claim {
                Claim::Nothing => None,
                Claim::Same => Some(hash("claim")),
                Claim::Other => Some(hash("another claim")),
            },
            proof_hash: match self.proof {
                Proof::Right => Some(hash("proof")),
                Proof::Wrong => Some(hash("another proof")),
                Proof::Nothing | Proof::Bearer | Proof::OtherBearer => None,
            },
            bearer: match self.proof {
                Proof::Bearer => Some(PARTNER),
                Proof::OtherBearer => Some(OTHER_PARTNER),
                Proof::Nothing | Proof::Right | Proof::Wrong => None,
            },
            handshake: self.handshake(),
            ..press()
        }
    }

    pub(super) fn handshake(self) -> Option<Handshake> {
        let to = |epoch| {
            Some(Handshake {
                epoch,
                ..handshake(1)
            })
        };
        match self.greeting {
            Greeting::Nothing => None,
            Greeting::Same => to(1),
            Greeting::Other => Some(handshake(9)),
            Greeting::OtherEpoch => to(2),
            Greeting::UnknownEpoch => to(3),
        }
    }

    pub(super) fn made(self) -> Option<SeatRedemption> {
        let live = SeatRedemption {
            claim: Some(hash("claim")),
            handshake: Some(handshake(1)),
            closed: None,
            number: SeatNumber(2),
            first_seq: 8,
            replaced: Some(SeatNumber(1)),
        };
        let closed = |why| {
            Some(SeatRedemption {
                closed: Some(why),
                ..live.clone()
            })
        };
        match self.made {
            Made::Live => Some(live),
            Made::Bare => Some(SeatRedemption {
                handshake: None,
                ..live
            }),
            Made::Unclaimed => Some(SeatRedemption {
                claim: None,
                ..live
            }),
            Made::Superseded => closed(SeatClosed::Superseded),
            Made::ChatEnded => closed(SeatClosed::ChatEnded),
            Made::Gone => None,
        }
    }

    pub(super) fn facts(self, chat: Chat) -> RedeemFacts {
        RedeemFacts {
            link: self.link(),
            made: self.made(),
            has_epoch: matches!(
                self.greeting,
                Greeting::Same | Greeting::Other | Greeting::OtherEpoch
            ),
            chat,
        }
    }

    pub(super) fn decide(self, chat: Chat) -> Decision<Redeemed, RedeemWrite, LinkError> {
        redeem(&self.wish(), self.facts(chat))
    }
}

fn pairs<A: Copy, B: Copy>(left: &[A], right: &[B]) -> Vec<(A, B)> {
    let pair = |a: &A| right.iter().map(|b| (*a, *b)).collect::<Vec<_>>();
    left.iter().flat_map(pair).collect()
}
