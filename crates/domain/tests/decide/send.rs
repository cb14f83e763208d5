//! Which messages are stored, and who may read which.

use crate::fixtures::{
    AGENT, BY_AGENT, after, agent, chat, chat_ref, customer, ended_chat, granted, happened, hash,
    on_seat, refusal, unchanged,
};
use bytes::Bytes;
use std::sync::Arc;
use wicketgate_domain::{
    ChatRef, Cid, PartnerId,
    chat::{Chat, ChatError, Participant},
    decide::{
        Decision,
        message::{SendFacts, SendWrite, readable, send},
    },
    event::Event,
    message::{Message, NewMessage, Sent, SeqRange, transcript_next},
    seat::{SeatHolder, SeatNumber},
    side::Side,
};

fn new(seat: u32) -> NewMessage {
    NewMessage {
        chat: chat_ref(),
        seat: SeatNumber(seat),
        cid: Cid::from_bytes([6; 16]),
        body: Bytes::from_static(b"sealed"),
        now: after(2000),
    }
}

fn facts(chat: Chat) -> SendFacts {
    SendFacts {
        chat,
        transcript: Some(hash("transcript")),
        stored: None,
    }
}

fn sent(who: &Participant, facts: SendFacts) -> Decision<Sent, SendWrite, ChatError> {
    send(who, &new(2), facts)
}

/// The message that comes of it in the chat of the fixtures.
fn message(from: Side) -> Message {
    let new = new(2);
    Message {
        chat: chat_ref(),
        seq: 13,
        seat: SeatNumber(2),
        from,
        author: (from == Side::Partner).then_some(AGENT),
        cid: new.cid,
        transcript: transcript_next(hash("transcript"), 13, from, new.cid, &new.body),
        body: new.body,
        at: after(2000),
    }
}

#[test]
fn a_message_gets_the_next_number_and_moves_its_chat() {
    let by_customer = Chat {
        last_seq: 13,
        active_at: after(2000),
        unread: 4,
        rev: 21,
        ..chat()
    };
    let by_agent = Chat {
        unread: 3,
        waiting_since: None,
        ..by_customer.clone()
    };
    for (who, actor, after_it) in [
        (customer(2), on_seat(2), by_customer),
        (agent(), BY_AGENT, by_agent),
    ] {
        let message = message(who.side());
        let (answer, write, told) = granted(sent(&who, facts(chat())));
        let expected = Sent {
            message: message.clone(),
            chat: after_it.clone(),
            first: true,
        };
        assert_eq!(answer, expected);
        let events = vec![
            Event::Message(Arc::new(message.clone())),
            Event::Chat(Arc::new(after_it.clone())),
        ];
        assert_eq!(told, happened(actor, after(2000), events));
        let expected = SendWrite {
            message,
            chat: after_it,
        };
        assert_eq!(write, expected);
    }
}

#[test]
fn a_customer_waits_from_the_first_message_that_nobody_answered() {
    let idle = Chat {
        waiting_since: None,
        ..chat()
    };
    for (who, before, since) in [
        (customer(2), chat(), Some(after(300))),
        (customer(2), idle.clone(), Some(after(2000))),
        (agent(), chat(), None),
        (agent(), idle, None),
    ] {
        let (answer, ..) = granted(sent(&who, facts(before)));
        assert_eq!(answer.chat.waiting_since, since);
    }
}

#[test]
fn a_clock_that_was_set_back_takes_no_activity_back() {
    let later = Chat {
        active_at: after(9000),
        ..chat()
    };
    let (answer, ..) = granted(sent(&agent(), facts(later)));
    assert_eq!(answer.chat.active_at, after(9000));
    assert_eq!(answer.message.at, after(2000));
}

#[test]
fn unread_messages_are_counted_as_far_as_numbers_go() {
    let full = Chat {
        unread: u32::MAX,
        ..chat()
    };
    let (answer, ..) = granted(sent(&customer(2), facts(full)));
    assert_eq!(answer.chat.unread, u32::MAX);
}

#[test]
fn only_the_live_seat_with_keys_is_written_to() {
    let nobody = Chat {
        live_seat: None,
        seats: 0,
        ..chat()
    };
    let none_live = Chat {
        live_seat: None,
        ..chat()
    };
    for (before, seat, why) in [
        (ended_chat(), 2, "Ended"),
        (ended_chat(), 1, "Ended"),
        (ended_chat(), 0, "Ended"),
        (ended_chat(), 9, "Ended"),
        (chat(), 0, "NoSeat"),
        (chat(), 3, "NoSeat"),
        (chat(), u32::MAX, "NoSeat"),
        (nobody.clone(), 0, "NoSeat"),
        (nobody, 1, "NoSeat"),
        (chat(), 1, "SeatClosed(Superseded)"),
        (none_live, 2, "SeatClosed(Superseded)"),
    ] {
        for who in [agent(), customer(seat)] {
            let decision = send(&who, &new(seat), facts(before.clone()));
            assert_eq!(refusal(&decision), why, "seat {seat} for {who:?}");
        }
    }
    let keyless = SendFacts {
        transcript: None,
        ..facts(chat())
    };
    for who in [agent(), customer(2)] {
        assert_eq!(refusal(&sent(&who, keyless.clone())), "NoSeat");
    }
}

#[test]
fn a_customer_writes_from_the_own_seat_of_the_own_chat() {
    let elsewhere = Participant::Customer(SeatHolder {
        partner: PartnerId::from_bytes([1; 16]),
        chat: ChatRef::from_bytes([9; 16]),
        number: SeatNumber(2),
        closed: None,
    });
    let stored = SendFacts {
        stored: Some(message(Side::Customer)),
        ..facts(chat())
    };
    for who in [customer(1), customer(3), elsewhere] {
        assert_eq!(refusal(&sent(&who, facts(chat()))), "NotFound");
        assert_eq!(
            refusal(&sent(&who, stored.clone())),
            "NotFound",
            "not even what was sent before is shown"
        );
    }
}

#[test]
fn a_resend_gets_the_stored_message_whatever_became_of_its_seat() {
    let superseded = Chat {
        live_seat: Some(SeatNumber(3)),
        seats: 3,
        ..chat()
    };
    for before in [chat(), superseded, ended_chat()] {
        for who in [agent(), customer(2)] {
            let stored = message(who.side());
            let facts = SendFacts {
                chat: before.clone(),
                transcript: None,
                stored: Some(stored.clone()),
            };
            let expected = Sent {
                message: stored,
                chat: before.clone(),
                first: false,
            };
            assert_eq!(unchanged(sent(&who, facts)), expected);
        }
    }
}

#[test]
fn a_cid_is_bound_to_its_bytes_and_its_seat() {
    let other_body = Message {
        body: Bytes::from_static(b"other"),
        ..message(Side::Partner)
    };
    let other_seat = Message {
        seat: SeatNumber(1),
        ..message(Side::Partner)
    };
    for stored in [other_body, other_seat] {
        let facts = SendFacts {
            stored: Some(stored),
            ..facts(chat())
        };
        assert_eq!(refusal(&sent(&agent(), facts)), "OtherContent");
    }
}

#[test]
fn agents_read_all_and_a_customer_the_messages_of_the_own_seat() {
    let range = |first, last| SeqRange { first, last };
    for (who, last_seq, first, next, expected) in [
        (agent(), 12, 1, None, range(1, 12)),
        (agent(), 12, 8, Some(11), range(1, 12)),
        (agent(), 0, 1, None, range(1, 0)),
        (customer(2), 12, 8, None, range(8, 12)),
        (customer(2), 12, 8, Some(11), range(8, 10)),
        (customer(2), 12, 8, Some(8), range(8, 7)),
        (customer(2), 7, 8, None, range(8, 7)),
        (customer(1), 0, 1, Some(1), range(1, 0)),
    ] {
        let read = readable(&who, last_seq, first, next);
        assert_eq!(read, expected, "{who:?}");
        assert_eq!(read.is_empty(), expected.first > expected.last);
    }
}
