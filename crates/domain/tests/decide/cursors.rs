//! How far cursors move, and what is unread then.

use crate::fixtures::{
    BY_AGENT, after, agent, chat, chat_ref, customer, granted, happened, on_seat, refusal, seat,
    unchanged,
};
use std::{cell::RefCell, sync::Arc};
use wicketgate_domain::{
    ChatRef, PartnerId,
    chat::{Chat, ChatError, Cursors, Participant},
    decide::{
        Decision,
        chat::{SeenFacts, SeenWrite, mark_seen, possible, unread_after},
    },
    event::Event,
    seat::{Seat, SeatClosed, SeatHolder, SeatNumber},
    side::Side,
};

const fn cursors(delivered: u64, read: u64) -> Cursors {
    Cursors { delivered, read }
}

/// Of a chat with 12 messages: the agents stand at 9 and 6, the customer on its seat at 10 and 9.
fn marked(
    who: &Participant,
    at: Cursors,
    seat: Option<Seat>,
) -> Decision<Cursors, SeenWrite, ChatError> {
    let facts = SeenFacts {
        chat: chat(),
        seat,
        unread: 1,
    };
    mark_seen(who, at, facts, after(2000))
}

#[test]
fn agents_move_the_cursors_of_their_chat() {
    for (asked, stands, unread) in [
        (cursors(10, 6), cursors(10, 6), 3),
        (cursors(9, 7), cursors(9, 7), 1),
        (cursors(0, 7), cursors(9, 7), 1),
        (cursors(0, 11), cursors(11, 11), 1),
        (cursors(12, 12), cursors(12, 12), 1),
        (cursors(99, 99), cursors(12, 12), 1),
        (cursors(u64::MAX, 0), cursors(12, 6), 3),
    ] {
        let moved = Chat {
            delivered: stands.delivered,
            read: stands.read,
            unread,
            rev: 21,
            ..chat()
        };
        let (answer, write, told) = granted(marked(&agent(), asked, None));
        assert_eq!(answer, stands, "{asked:?}");
        assert_eq!(write, SeenWrite::Chat(moved.clone()), "{asked:?}");
        let seen = Event::Seen {
            chat: chat_ref(),
            seat: None,
            by: Side::Partner,
            cursors: stands,
        };
        let events = vec![seen, Event::Chat(Arc::new(moved))];
        assert_eq!(told, happened(BY_AGENT, after(2000), events));
    }
}

#[test]
fn a_customer_moves_the_cursors_of_the_own_seat() {
    for (asked, stands) in [
        (cursors(11, 9), cursors(11, 9)),
        (cursors(0, 10), cursors(10, 10)),
        (cursors(0, 12), cursors(12, 12)),
        (cursors(99, 99), cursors(12, 12)),
        (cursors(99, 3), cursors(12, 9)),
    ] {
        let moved = Seat {
            delivered: stands.delivered,
            read: stands.read,
            rev: 5,
            ..seat()
        };
        let (answer, write, told) = granted(marked(&customer(2), asked, Some(seat())));
        assert_eq!(answer, stands, "{asked:?}");
        assert_eq!(write, SeenWrite::Seat(moved), "{asked:?}");
        let seen = Event::Seen {
            chat: chat_ref(),
            seat: Some(SeatNumber(2)),
            by: Side::Customer,
            cursors: stands,
        };
        assert_eq!(told, happened(on_seat(2), after(2000), vec![seen]));
    }
}

#[test]
fn cursors_never_move_back() {
    for asked in [
        cursors(0, 0),
        cursors(9, 6),
        cursors(8, 6),
        cursors(9, 5),
        cursors(3, 3),
    ] {
        let stands = unchanged(marked(&agent(), asked, None));
        assert_eq!(stands, cursors(9, 6), "{asked:?}");
    }
    for asked in [cursors(0, 0), cursors(10, 9), cursors(9, 9), cursors(10, 8)] {
        let stands = unchanged(marked(&customer(2), asked, Some(seat())));
        assert_eq!(stands, cursors(10, 9), "{asked:?}");
    }
}

#[test]
fn a_closed_seat_marks_nothing() {
    for (why, sentence) in [
        (SeatClosed::Superseded, "SeatClosed(Superseded)"),
        (SeatClosed::ChatEnded, "SeatClosed(ChatEnded)"),
    ] {
        for asked in [cursors(12, 12), cursors(0, 0)] {
            let closed = Seat {
                closed: Some(why),
                ..seat()
            };
            let decision = marked(&customer(2), asked, Some(closed));
            assert_eq!(refusal(&decision), sentence);
        }
    }
}

#[test]
fn a_customer_without_a_seat_in_the_chat_finds_none() {
    let elsewhere = Participant::Customer(SeatHolder {
        partner: PartnerId::from_bytes([1; 16]),
        chat: ChatRef::from_bytes([9; 16]),
        number: SeatNumber(2),
        closed: None,
    });
    for (who, seat) in [
        (customer(2), None),
        (elsewhere.clone(), Some(seat())),
        (elsewhere, None),
    ] {
        assert_eq!(refusal(&marked(&who, cursors(12, 12), seat)), "NotFound");
    }
}

#[test]
fn what_was_seen_was_delivered_and_nothing_is_beyond_the_newest() {
    for (asked, last_seq, expected) in [
        (cursors(0, 0), 0, cursors(0, 0)),
        (cursors(5, 3), 0, cursors(0, 0)),
        (cursors(5, 3), 4, cursors(4, 3)),
        (cursors(5, 3), 9, cursors(5, 3)),
        (cursors(3, 5), 9, cursors(5, 5)),
        (cursors(3, 9), 5, cursors(5, 5)),
        (cursors(u64::MAX, u64::MAX), 7, cursors(7, 7)),
    ] {
        assert_eq!(possible(asked, last_seq), expected, "{asked:?}");
    }
}

/// The numbers of the customer's messages in a chat of twelve.
const WRITTEN: [u64; 7] = [1, 2, 5, 6, 8, 11, 12];

#[test]
fn unread_is_counted_along_the_shorter_way() {
    for (read, way) in [
        (0, None),
        (6, None),
        (7, Some((6, 7))),
        (8, Some((6, 8))),
        // The two ways are as long as each other: what is left is counted, which trusts nothing.
        (9, Some((9, 12))),
        (10, Some((10, 12))),
        (12, Some((12, 12))),
    ] {
        let beyond = |number: u64| WRITTEN.iter().filter(|seq| **seq > number).count();
        let before = Chat {
            unread: u32::try_from(beyond(6)).unwrap(),
            ..chat()
        };
        let counted = RefCell::new(None);
        let count = |above, up_to| {
            *counted.borrow_mut() = Some((above, up_to));
            let between = WRITTEN.iter().filter(|seq| **seq > above && **seq <= up_to);
            Ok::<u32, ()>(u32::try_from(between.count()).unwrap())
        };
        let unread = unread_after(&before, read, count).unwrap();
        let expected = u32::try_from(beyond(read.max(6))).unwrap();
        assert_eq!(unread, expected, "read up to {read}");
        assert_eq!(counted.into_inner(), way, "read up to {read}");
    }
}

#[test]
fn a_count_that_fails_is_no_count() {
    for read in [7, 12] {
        let failed = unread_after(&chat(), read, |_, _| Err("the disk"));
        assert_eq!(failed, Err("the disk"));
    }
    let unmoved = unread_after(&chat(), 6, |_, _| Err("nothing is counted"));
    assert_eq!(unmoved, Ok(3));
}

#[test]
fn unread_is_never_below_nothing() {
    // A stored number that is too low can't take the count around the end of its range.
    let low = Chat {
        unread: 0,
        ..chat()
    };
    assert_eq!(unread_after(&low, 7, |_, _| Ok::<_, ()>(1)), Ok(0));
}
