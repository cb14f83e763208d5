//! Who redeems a link: one table over every state of a link and everything that a visitor can bring along.

mod table;

use crate::fixtures::{
    HOUR, PARTNER, after, chat, chat_id, chat_ref, ended_chat, granted, happened, hash, on_seat,
    refusal, unchanged, unused_chat,
};
use std::sync::Arc;
use table::{Again, Case, Claim, Counted, Greeting, Kind, Made, Opens, Proof, Refused, TABLE};
use wicketgate_domain::{
    Actor,
    chat::Chat,
    decide::link::{OpenSeat, RedeemWrite, redeem},
    device::Device,
    event::{Event, LinkChange, SeatChange},
    link::{Link, LinkError, LinkState, Redeemed, Redemption},
    message::transcript_start,
    seat::{SealedLabel, Seat, SeatClosed, SeatGrant, SeatNumber},
};

/// The seat that is opened in a chat that has had so many seats and messages.
fn opened(case: Case, before: &Chat) -> OpenSeat {
    let link = Link {
        used_at: Some(after(1000)),
        device: Some(Device::Phone),
        rev: 8,
        ..case.link()
    };
    let number = SeatNumber(before.seats + 1);
    let is_sealed = case.kind == Kind::Sealed;
    let seat = Seat {
        chat: chat_ref(),
        number,
        handshake: case.handshake(),
        vault: is_sealed.then(|| b"vault".to_vec()),
        link_hash: hash("link"),
        made_by_key: is_sealed,
        first_seq: before.last_seq + 1,
        opened_at: after(1000),
        closed: None,
        asked_at: None,
        device: Device::Phone,
        delivered: 0,
        read: 0,
        rev: 1,
    };
    let label = SealedLabel {
        link_hash: hash("link"),
        vault: b"vault".to_vec(),
    };
    let chat = Chat {
        live_seat: Some(number),
        seats: number.0,
        asked_at: None,
        active_at: after(1000),
        label: is_sealed.then_some(label).or_else(|| before.label.clone()),
        rev: before.rev + 1,
        ..before.clone()
    };
    OpenSeat {
        link,
        seat,
        replaced: before.live_seat,
        claim_hash: case.wish().claim_hash,
        token_hash: hash("token"),
        chat,
        transcript: case
            .handshake()
            .map(|handshake| transcript_start(chat_ref(), number, &handshake.enc)),
    }
}

fn check_opens(case: Case, before: &Chat) {
    let expected = opened(case, before);
    let number = expected.seat.number;
    let (redeemed, write, told) = granted(case.decide(before.clone()));
    let seat = SeatGrant {
        chat: chat_ref(),
        chat_id: chat_id(),
        partner: PARTNER,
        number,
        first_seq: before.last_seq + 1,
        replaced: before.live_seat,
    };
    let answer = Redeemed {
        seat,
        link: expected.link.clone(),
        first: true,
    };
    assert_eq!(redeemed, answer, "{case:?}");
    let mut events: Vec<Event> = Vec::new();
    events.extend(before.live_seat.map(|seat| Event::SeatClosed {
        chat: chat_ref(),
        seat,
        why: SeatClosed::Superseded,
    }));
    events.push(Event::Link {
        change: LinkChange::Used,
        link: Arc::new(expected.link.clone()),
    });
    events.push(Event::Seat {
        change: SeatChange::Opened,
        seat: Arc::new(expected.seat.clone()),
    });
    events.push(Event::Chat(Arc::new(expected.chat.clone())));
    assert_eq!(told, happened(on_seat(number.0), after(1000), events));
    assert_eq!(write, RedeemWrite::Open(Box::new(expected)), "{case:?}");
}

fn check_again(case: Case, before: Chat) {
    let seat = SeatGrant {
        chat: chat_ref(),
        chat_id: chat_id(),
        partner: PARTNER,
        number: SeatNumber(2),
        first_seq: 8,
        replaced: Some(SeatNumber(1)),
    };
    let answer = Redeemed {
        seat,
        link: case.link(),
        first: false,
    };
    assert_eq!(unchanged(case.decide(before)), answer, "{case:?}");
}

fn check_counted(case: Case, before: Chat) {
    let counted = Link {
        later_attempts: 5,
        rev: 8,
        ..case.link()
    };
    let decision = case.decide(before);
    assert!(
        matches!(decision.answer, Err(LinkError::Used(None))),
        "{case:?}"
    );
    let event = Event::Link {
        change: LinkChange::Tried,
        link: Arc::new(counted.clone()),
    };
    let told = happened(Actor::Visitor, after(1000), vec![event]);
    assert_eq!(decision.happened, Some(told), "{case:?}");
    let write = RedeemWrite::CountAttempt(Box::new(counted));
    assert_eq!(decision.write, Some(write), "{case:?}");
}

#[test]
fn every_redemption_comes_out_as_the_table_says() {
    let mut count = 0;
    for case in Case::every() {
        for before in [unused_chat(), chat()] {
            count += 1;
            match case.outcome() {
                Opens => check_opens(case, &before),
                Again => check_again(case, before),
                Counted => check_counted(case, before),
                Refused(why) => assert_eq!(refusal(&case.decide(before)), why, "{case:?}"),
            }
        }
    }
    assert_eq!(count, 2 * 2 * 3 * 5 * 5 * (3 + 6));
}

#[test]
fn every_row_of_the_table_is_reached() {
    for row in TABLE {
        let reached = Case::every()
            .into_iter()
            .any(|case| case.state == row.0 && case.outcome() == row.6);
        assert!(reached, "{:?} {:?}", row.0, row.6);
    }
}

/// A case that opens a seat.
const OPENS: Case = Case {
    state: LinkState::Valid,
    kind: Kind::Sealed,
    claim: Claim::Same,
    proof: Proof::Right,
    greeting: Greeting::Same,
    made: Made::Gone,
};

#[test]
fn no_link_opens_an_ended_chat() {
    // The end revoked every link that was valid then; one that had expired may be valid again by a clock set back.
    for kind in [Kind::Plain, Kind::Sealed] {
        let case = Case { kind, ..OPENS };
        assert_eq!(refusal(&case.decide(ended_chat())), "Revoked");
    }
}

#[test]
fn a_link_expires_at_its_very_end() {
    for (now, outcome) in [(HOUR - 1, None), (HOUR, Some("Expired"))] {
        let wish = Redemption {
            now: after(now),
            ..OPENS.wish()
        };
        let decision = redeem(&wish, OPENS.facts(chat()));
        match outcome {
            None => assert!(decision.answer.is_ok()),
            Some(why) => assert_eq!(refusal(&decision), why),
        }
    }
}

#[test]
fn a_clock_that_was_set_back_takes_no_activity_back() {
    let later = Chat {
        active_at: after(9000),
        ..chat()
    };
    let (_, write, _) = granted(OPENS.decide(later));
    let RedeemWrite::Open(opened) = write else {
        panic!("no seat was opened")
    };
    assert_eq!(opened.chat.active_at, after(9000));
    assert_eq!(opened.seat.opened_at, after(1000));
}

#[test]
fn a_chat_without_a_live_seat_gets_its_next_one() {
    // Such as one whose customer's seat is closed, though the chat goes on.
    let idle = Chat {
        live_seat: None,
        ..chat()
    };
    check_opens(OPENS, &idle);
}

#[test]
fn attempts_are_counted_as_far_as_numbers_go() {
    let case = Case {
        state: LinkState::Used,
        claim: Claim::Other,
        made: Made::Live,
        ..OPENS
    };
    let mut facts = case.facts(chat());
    facts.link.later_attempts = u32::MAX;
    let decision = redeem(&case.wish(), facts);
    let Some(RedeemWrite::CountAttempt(link)) = decision.write else {
        panic!("nothing is counted")
    };
    assert_eq!((link.later_attempts, link.rev), (u32::MAX, 8));
}
