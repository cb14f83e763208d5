//! What must hold of the rows after every wish, and between them and the events.

use super::{Room, World};
use std::collections::BTreeSet;
use wicketgate_domain::{
    chat::Cursors,
    event::{Event, LinkChange, SeatChange},
    link::Link,
    message::{transcript_next, transcript_start},
    seat::{Seat, SeatClosed},
    side::Side,
};

/// Compares the rows before and after a wish with what is said to have happened between.
pub(super) fn check(before: &World, after: &World, events: &[Event]) {
    if events.is_empty() {
        assert_eq!(before, after, "rows changed, and nobody was told");
    }
    check_links(before, after, events);
    for (number, room) in &after.rooms {
        check_room(room);
        match before.rooms.get(number) {
            Some(earlier) => check_changes(earlier, room, events),
            None => assert!(room.seats.is_empty() && room.messages.is_empty()),
        }
        check_told(room, events);
    }
    let used = after
        .links
        .values()
        .filter(|(link, _)| link.used_at.is_some());
    let seats = after.rooms.values().map(|room| room.seats.len()).sum();
    assert_eq!(used.count(), seats, "a used link has one seat");
}

fn check_links(before: &World, after: &World, events: &[Event]) {
    let ended = events
        .iter()
        .any(|event| matches!(event, Event::ChatEnded(_)));
    for (number, (link, content)) in &after.links {
        let told = events.iter().find_map(|event| match event {
            Event::Link { change, link: row } if row.link_ref == link.link_ref => {
                assert_eq!(**row, *link, "a row is told as it is stored");
                Some(*change)
            }
            _ => None,
        });
        let Some((earlier, bound)) = before.links.get(number) else {
            assert_eq!((told, link.rev), (Some(LinkChange::Created), 1));
            continue;
        };
        assert_eq!(bound, content, "an id is bound to its content");
        assert_eq!(earlier.rev < link.rev, earlier != link, "{link:?}");
        assert_eq!(
            earlier == link,
            told.is_none() && !(ended && earlier != link)
        );
        if let Some(change) = told {
            assert_eq!(change, change_between(earlier, link));
        }
    }
}

/// What changed a link, to judge by its row.
fn change_between(earlier: &Link, link: &Link) -> LinkChange {
    let used = earlier.used_at != link.used_at;
    let revoked = earlier.revoked_at != link.revoked_at;
    let tried = earlier.later_attempts != link.later_attempts;
    match (used, revoked, tried) {
        (true, false, false) => LinkChange::Used,
        (false, true, false) => LinkChange::Revoked,
        (false, false, true) => LinkChange::Tried,
        _ => unreachable!("a link changed in more ways than one: {earlier:?} {link:?}"),
    }
}

/// What holds of a chat whatever happened.
fn check_room(room: &Room) {
    let chat = &room.chat;
    let numbers: Vec<u64> = room.messages.iter().map(|message| message.seq).collect();
    let expected: Vec<u64> = (1..=chat.last_seq).collect();
    assert_eq!(numbers, expected, "numbers have no gaps");
    assert_eq!(usize::try_from(chat.seats).unwrap(), room.seats.len());
    let open: Vec<_> = room
        .seats
        .iter()
        .filter(|(seat, _)| seat.closed.is_none())
        .map(|(seat, _)| seat.number)
        .collect();
    assert_eq!(open, Vec::from_iter(chat.live_seat), "one seat is live");
    let beyond = room.written_by_customer(chat.read, u64::MAX);
    assert_eq!(chat.unread, beyond, "unread is what no agent has read");
    for (at, last) in cursors(room) {
        assert!(at.read <= at.delivered && at.delivered <= last, "{at:?}");
    }
    if chat.ended.is_some() {
        assert_eq!((chat.live_seat, chat.waiting_since), (None, None));
    }
    let asked = room
        .seats
        .last()
        .and_then(|(seat, _)| seat.asked_at.filter(|_| seat.closed.is_none()));
    assert_eq!(chat.asked_at, asked, "the live seat's wish is the chat's");
    check_transcripts(room);
}

/// The agents' cursors and those of each seat, with the newest number that they can have.
fn cursors(room: &Room) -> Vec<(Cursors, u64)> {
    let last = room.chat.last_seq;
    let agents = Cursors {
        delivered: room.chat.delivered,
        read: room.chat.read,
    };
    let of_seat = |(seat, _): &(Seat, _)| Cursors {
        delivered: seat.delivered,
        read: seat.read,
    };
    std::iter::once(agents)
        .chain(room.seats.iter().map(of_seat))
        .map(|at| (at, last))
        .collect()
}

fn check_transcripts(room: &Room) {
    for (seat, _) in &room.seats {
        let mut own = room
            .messages
            .iter()
            .filter(|message| message.seat == seat.number)
            .peekable();
        let Some(handshake) = &seat.handshake else {
            assert!(own.next().is_none(), "a seat without keys has no messages");
            continue;
        };
        if let Some(first) = own.peek() {
            assert_eq!(first.seq, seat.first_seq);
        }
        let mut expected = transcript_start(room.chat.chat_ref, seat.number, &handshake.enc);
        for message in own {
            let (seq, from) = (message.seq, message.from);
            expected = transcript_next(expected, seq, from, message.cid, &message.body);
            assert_eq!(message.transcript, expected);
            assert_eq!(message.author.is_some(), from == Side::Partner);
        }
        if room.chat.live_seat == Some(seat.number) {
            assert_eq!(room.transcript, Some(expected));
        }
    }
}

/// What only goes one way.
fn check_changes(earlier: &Room, room: &Room, events: &[Event]) {
    let (old, chat) = (&earlier.chat, &room.chat);
    assert_eq!(old.rev < chat.rev, old != chat, "{chat:?}");
    assert!(old.active_at <= chat.active_at && old.last_seq <= chat.last_seq);
    if old.ended.is_some() {
        assert_eq!(old.ended, chat.ended, "a chat ends once");
        assert_eq!(earlier.messages.len(), room.messages.len());
        assert_eq!(earlier.seats.len(), room.seats.len());
    }
    for (was, is) in cursors(earlier).into_iter().zip(cursors(room)) {
        let (was, is) = (was.0, is.0);
        assert!(was.read <= is.read && was.delivered <= is.delivered);
    }
    assert!(room.messages.starts_with(&earlier.messages));
    for ((was, _), (is, _)) in earlier.seats.iter().zip(&room.seats) {
        assert_eq!(was.rev < is.rev, was != is, "{is:?}");
        if was.closed.is_some() {
            assert_eq!(was, is, "a closed seat stays as it is");
        }
        assert_eq!(was.closed == is.closed, !closes(is, events));
    }
    let told = events
        .iter()
        .any(|event| matches!(event, Event::Chat(row) if row.chat_ref == chat.chat_ref));
    assert_eq!(told, old != chat, "an inbox row is told when it changed");
}

fn closes(seat: &Seat, events: &[Event]) -> bool {
    events.iter().any(|event| match event {
        Event::SeatClosed {
            chat,
            seat: number,
            why,
        } if (*chat, *number) == (seat.chat, seat.number) => {
            assert_eq!(seat.closed, Some(*why));
            let ended = Event::ChatEnded(*chat);
            assert_eq!(events.contains(&ended), *why == SeatClosed::ChatEnded);
            true
        }
        _ => false,
    })
}

/// Every row that is told is the one that is stored.
fn check_told(room: &Room, events: &[Event]) {
    let mut seen = BTreeSet::new();
    for event in events {
        match event {
            Event::Chat(row) if row.chat_ref == room.chat.chat_ref => {
                assert_eq!(**row, room.chat);
            }
            Event::Seat { change, seat } if seat.chat == room.chat.chat_ref => {
                let (stored, _) = &room.seats[usize::try_from(seat.number.0).unwrap() - 1];
                assert_eq!(**seat, *stored);
                assert_eq!(*change == SeatChange::Opened, seat.rev == 1);
            }
            Event::Message(message) if message.chat == room.chat.chat_ref => {
                assert_eq!(room.messages.last(), Some(&**message));
                assert!(seen.insert(message.seq), "a message is told once");
            }
            Event::Seen {
                chat, cursors: at, ..
            } if *chat == room.chat.chat_ref => {
                let stands = cursors(room).into_iter().any(|(stands, _)| stands == *at);
                assert!(stands, "cursors are told as they stand");
            }
            _ => {}
        }
    }
}
