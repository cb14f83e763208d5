//! Asking for a new link, and the end of a chat.

use crate::fixtures::{
    BY_AGENT, after, agent, chat, chat_ref, customer, ended_chat, granted, happened, on_seat,
    refusal, seat, unchanged, unused_chat,
};
use std::sync::Arc;
use wicketgate_domain::{
    chat::Chat,
    decide::chat::{AskWrite, EndWrite, ask_for_link, end},
    event::{Event, SeatChange},
    seat::{Seat, SeatClosed, SeatNumber},
    side::Side,
};

fn closed(why: SeatClosed) -> Seat {
    Seat {
        closed: Some(why),
        ..seat()
    }
}

/// A chat whose customer has not asked.
fn quiet() -> Chat {
    Chat {
        asked_at: None,
        ..chat()
    }
}

#[test]
fn a_wish_for_a_new_link_is_noted_on_seat_and_chat() {
    for (active_at, moves_to) in [(after(500), after(2000)), (after(9000), after(9000))] {
        let before = Chat {
            active_at,
            ..quiet()
        };
        let expected = AskWrite {
            seat: Seat {
                asked_at: Some(after(2000)),
                rev: 5,
                ..seat()
            },
            chat: Chat {
                asked_at: Some(after(2000)),
                active_at: moves_to,
                rev: 21,
                ..before.clone()
            },
        };
        let decision = ask_for_link(&customer(2), before, seat(), after(2000));
        let ((), write, told) = granted(decision);
        let events = vec![
            Event::Seat {
                change: SeatChange::AskedForLink,
                seat: Arc::new(expected.seat.clone()),
            },
            Event::Chat(Arc::new(expected.chat.clone())),
        ];
        assert_eq!(told, happened(on_seat(2), after(2000), events));
        assert_eq!(write, expected);
    }
}

#[test]
fn a_seat_asks_once() {
    let asked = Seat {
        asked_at: Some(after(400)),
        ..seat()
    };
    unchanged(ask_for_link(&customer(2), chat(), asked, after(2000)));
}

#[test]
fn a_closed_seat_asks_for_nothing() {
    for (why, sentence) in [
        (SeatClosed::Superseded, "SeatClosed(Superseded)"),
        (SeatClosed::ChatEnded, "SeatClosed(ChatEnded)"),
    ] {
        for asked_at in [None, Some(after(400))] {
            let seat = Seat {
                asked_at,
                ..closed(why)
            };
            let decision = ask_for_link(&customer(2), quiet(), seat, after(2000));
            assert_eq!(refusal(&decision), sentence);
        }
    }
}

#[test]
fn either_side_ends_a_chat_and_closes_its_seat() {
    for (who, seat, actor, side) in [
        (agent(), None, BY_AGENT, Side::Partner),
        (customer(2), Some(seat()), on_seat(2), Side::Customer),
    ] {
        let expected = Chat {
            live_seat: None,
            asked_at: None,
            waiting_since: None,
            active_at: after(2000),
            ended: Some((after(2000), side)),
            rev: 21,
            ..chat()
        };
        let (answer, write, told) = granted(end(&who, chat(), seat.as_ref(), after(2000)));
        assert_eq!(answer, expected);
        let events = vec![
            Event::SeatClosed {
                chat: chat_ref(),
                seat: SeatNumber(2),
                why: SeatClosed::ChatEnded,
            },
            Event::ChatEnded(chat_ref()),
            Event::Chat(Arc::new(expected.clone())),
        ];
        assert_eq!(told, happened(actor, after(2000), events));
        let expected = EndWrite {
            chat: expected,
            closes: Some(SeatNumber(2)),
            now: after(2000),
        };
        assert_eq!(write, expected);
    }
}

#[test]
fn a_chat_that_nobody_entered_ends_without_a_seat() {
    let (answer, write, told) = granted(end(&agent(), unused_chat(), None, after(2000)));
    let expected = Chat {
        active_at: after(2000),
        ended: Some((after(2000), Side::Partner)),
        rev: 2,
        ..unused_chat()
    };
    assert_eq!(answer, expected);
    assert_eq!(write.closes, None);
    let events = vec![
        Event::ChatEnded(chat_ref()),
        Event::Chat(Arc::new(expected)),
    ];
    assert_eq!(told, happened(BY_AGENT, after(2000), events));
}

#[test]
fn an_end_takes_no_activity_back() {
    let later = Chat {
        active_at: after(9000),
        ..chat()
    };
    let (answer, ..) = granted(end(&agent(), later, None, after(2000)));
    assert_eq!(answer.active_at, after(9000));
    assert_eq!(answer.ended, Some((after(2000), Side::Partner)));
}

#[test]
fn an_ended_chat_ends_once() {
    let by_end = closed(SeatClosed::ChatEnded);
    for (who, seat) in [(agent(), None), (customer(2), Some(&by_end))] {
        let answer = unchanged(end(&who, ended_chat(), seat, after(2000)));
        assert_eq!(answer, ended_chat());
    }
}

#[test]
fn only_the_customer_on_the_live_seat_ends_a_chat() {
    let superseded = closed(SeatClosed::Superseded);
    for before in [chat(), ended_chat()] {
        let decision = end(&customer(1), before.clone(), Some(&superseded), after(2000));
        assert_eq!(refusal(&decision), "SeatClosed(Superseded)");
        let decision = end(&customer(7), before, None, after(2000));
        assert_eq!(refusal(&decision), "NotFound");
    }
}
