//! Messages: numbers, resends, transcripts, pages.

use super::{
    after, agent, handshake, name, partner, plain, plain_to, press, seated, with_customer,
};
use bytes::Bytes;
use wicketgate_domain::{
    ChatRef, Cid, Hash, Store,
    chat::{ChatError, Participant},
    link::Redemption,
    message::{Message, NewMessage, Range, Sent, transcript_next, transcript_start},
    seat::{SeatClosed, SeatNumber},
    side::Side,
};

/// A message to a seat of a chat, with a body and a `cid` of its own.
pub(crate) fn message(chat: ChatRef, seat: u32, number: u64) -> NewMessage {
    NewMessage {
        chat,
        seat: SeatNumber(seat),
        cid: Cid::from_bytes(name("cid", number)),
        body: Bytes::from(format!("sealed {number}").repeat(20)),
        now: after(2000),
    }
}

fn numbers(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq).collect()
}

pub(crate) async fn numbers_have_no_gaps(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    for (who, from, seq) in [
        (&customer.who(), Side::Customer, 1),
        (&agent, Side::Partner, 2),
        (&customer.who(), Side::Customer, 3),
    ] {
        // Each side has `cid`s of its own.
        let new = message(customer.chat, 1, seq / 2);
        let Sent {
            message,
            chat,
            first,
        } = store.send(who, new.clone()).await.unwrap();
        assert!(first);
        assert_eq!(
            (message.seq, message.from, message.seat, message.at),
            (seq, from, SeatNumber(1), after(2000))
        );
        assert_eq!((message.cid, message.body), (new.cid, new.body));
        assert_eq!((chat.last_seq, chat.active_at), (seq, after(2000)));
        assert_eq!(store.chat(one, customer.chat).await.unwrap(), Some(chat));
        // What is refused takes no number.
        let refused = store
            .send(who, message_with_other_bytes(customer.chat, seq / 2))
            .await;
        assert!(matches!(refused, Err(ChatError::OtherContent)));
    }
}

fn message_with_other_bytes(chat: ChatRef, number: u64) -> NewMessage {
    NewMessage {
        body: Bytes::from_static(b"other"),
        ..message(chat, 1, number)
    }
}

pub(crate) async fn transcripts_chain_from_the_seats_start(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    let agent = agent(one);
    let mut expected = transcript_start(first.chat, SeatNumber(1), &handshake(1).enc);
    let mut transcripts = Vec::new();
    for (seq, who) in [(1, first.who()), (2, agent.clone()), (3, first.who())] {
        let sent = store
            .send(&who, message(first.chat, 1, seq))
            .await
            .unwrap()
            .message;
        expected = transcript_next(expected, seq, who.side(), sent.cid, &sent.body);
        assert_eq!(sent.transcript, expected);
        transcripts.push(expected);
    }
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    let start = transcript_start(second.chat, SeatNumber(2), &handshake(2).enc);
    let sent = store
        .send(&agent, message(second.chat, 2, 4))
        .await
        .unwrap()
        .message;
    assert_eq!(
        (sent.seq, sent.transcript),
        (
            4,
            transcript_next(start, 4, Side::Partner, sent.cid, &sent.body)
        )
    );

    // A page tells what was before its first message, whichever that is.
    let of_first = transcript_start(first.chat, SeatNumber(1), &handshake(1).enc);
    for (above, before) in [
        (0, of_first),
        (1, transcripts[0]),
        (2, transcripts[1]),
        (3, start),
        (4, sent.transcript),
    ] {
        let page = store
            .messages(&agent, first.chat, Range::After(above), 1)
            .await
            .unwrap();
        assert_eq!(page.transcript, Some(before), "after {above}");
    }
}

pub(crate) async fn a_resend_gets_the_first_answer(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    for who in [customer.who(), agent(one)] {
        let first = store
            .send(&who, message(customer.chat, 1, 1))
            .await
            .unwrap();
        store
            .send(&who, message(customer.chat, 1, 2))
            .await
            .unwrap();
        let again = NewMessage {
            now: after(9000),
            ..message(customer.chat, 1, 1)
        };
        let again = store.send(&who, again).await.unwrap();
        assert!(!again.first);
        assert_eq!(again.message, first.message);
        assert_eq!(again.chat.last_seq, first.message.seq + 1);
    }
    assert_eq!(
        store
            .chat(one, customer.chat)
            .await
            .unwrap()
            .unwrap()
            .last_seq,
        4
    );
}

pub(crate) async fn a_cid_is_bound_to_its_bytes(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    store
        .send(&agent, message(customer.chat, 1, 1))
        .await
        .unwrap();
    let other = store
        .send(&agent, message_with_other_bytes(customer.chat, 1))
        .await;
    assert!(matches!(other, Err(ChatError::OtherContent)));
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    seated(store, 2, 2).await;
    // The same bytes to another seat are sealed with another key, so they are another message.
    let to_other_seat = store.send(&agent, message(customer.chat, 2, 1)).await;
    assert!(matches!(to_other_seat, Err(ChatError::OtherContent)));
}

pub(crate) async fn a_resend_is_answered_after_the_seat_has_closed(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    let agent = agent(one);
    store
        .send(&first.who(), message(first.chat, 1, 1))
        .await
        .unwrap();
    store.send(&agent, message(first.chat, 1, 2)).await.unwrap();
    let answers = async || {
        assert!(
            !store
                .send(&first.who(), message(first.chat, 1, 1))
                .await
                .unwrap()
                .first
        );
        assert!(
            !store
                .send(&agent, message(first.chat, 1, 2))
                .await
                .unwrap()
                .first
        );
    };
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    seated(store, 2, 2).await;
    answers().await;
    store
        .end_chat(&agent, first.chat, after(3000))
        .await
        .unwrap();
    answers().await;
}

pub(crate) async fn only_a_live_seat_is_written_to(store: &dyn Store) {
    let one = partner(store, 1).await;
    let agent = agent(one);
    let chat = store.create_link(plain(one, 1)).await.unwrap().chat;
    for seat in [0, 1] {
        assert!(
            matches!(
                store.send(&agent, message(chat, seat, 1)).await,
                Err(ChatError::NoSeat)
            ),
            "nobody came yet"
        );
    }
    store
        .redeem_link(Redemption {
            handshake: None,
            ..press(1, 1)
        })
        .await
        .unwrap();
    assert!(
        matches!(
            store.send(&agent, message(chat, 1, 1)).await,
            Err(ChatError::NoSeat)
        ),
        "a seat without keys"
    );
    let holder = store
        .seat_holder(super::hash("token", 1), after(1000))
        .await
        .unwrap()
        .unwrap();
    let bare = Participant::Customer(holder);
    assert!(
        matches!(
            store.send(&bare, message(chat, 1, 1)).await,
            Err(ChatError::NoSeat)
        ),
        "a seat without keys"
    );

    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    for who in [&agent, &bare] {
        let refused = store.send(who, message(chat, 1, 1)).await;
        assert!(matches!(
            refused,
            Err(ChatError::SeatClosed(SeatClosed::Superseded))
        ));
    }
    assert!(
        matches!(
            store.send(&agent, message(chat, 3, 1)).await,
            Err(ChatError::NoSeat)
        ),
        "nobody came yet"
    );
    assert!(
        matches!(
            store.send(&bare, message(chat, 2, 1)).await,
            Err(ChatError::NotFound)
        ),
        "another's seat"
    );
    store.send(&agent, message(chat, 2, 1)).await.unwrap();
    store
        .send(&second.who(), message(chat, 2, 1))
        .await
        .unwrap();
}

pub(crate) async fn waiting_begins_with_the_customer_and_ends_with_an_answer(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    for (who, number, at, waiting_since) in [
        (&agent, 1, 3000, None),
        (&customer.who(), 2, 4000, Some(after(4000))),
        (&customer.who(), 3, 5000, Some(after(4000))),
        (&agent, 4, 6000, None),
        (&customer.who(), 5, 7000, Some(after(7000))),
    ] {
        let new = NewMessage {
            now: after(at),
            ..message(customer.chat, 1, number)
        };
        assert_eq!(
            store.send(who, new).await.unwrap().chat.waiting_since,
            waiting_since,
            "message {number}"
        );
    }
    // A clock that was set back takes nothing back.
    let sent = store
        .send(
            &agent,
            NewMessage {
                now: after(10),
                ..message(customer.chat, 1, 6)
            },
        )
        .await
        .unwrap();
    assert_eq!((sent.message.seq, sent.chat.active_at), (6, after(7000)));
}

pub(crate) async fn pages_go_both_ways(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    let mut stored = Vec::new();
    for number in 0..10 {
        let who = if number % 2 == 0 {
            customer.who()
        } else {
            agent.clone()
        };
        stored.push(
            store
                .send(&who, message(customer.chat, 1, number))
                .await
                .unwrap()
                .message,
        );
    }
    for who in [&agent, &customer.who()] {
        for (range, expected) in [
            (Range::After(0), &[1, 2, 3, 4][..]),
            (Range::After(4), &[5, 6, 7, 8]),
            (Range::After(8), &[9, 10]),
            (Range::After(10), &[]),
            (Range::After(u64::MAX), &[]),
            (Range::Before(u64::MAX), &[7, 8, 9, 10]),
            (Range::Before(7), &[3, 4, 5, 6]),
            (Range::Before(3), &[1, 2]),
            (Range::Before(1), &[]),
            (Range::Before(0), &[]),
        ] {
            let page = store.messages(who, customer.chat, range, 4).await.unwrap();
            assert_eq!(numbers(&page.messages), expected, "{range:?}");
            assert_eq!(page.last_seq, 10);
        }
        let all = store
            .messages(who, customer.chat, Range::After(0), 100)
            .await
            .unwrap();
        assert_eq!(all.messages, stored);
    }
}

pub(crate) async fn a_customer_reads_the_own_seat_only(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    let agent = agent(one);
    for number in 0..3 {
        store
            .send(&agent, message(first.chat, 1, number))
            .await
            .unwrap();
    }
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    let page = store
        .messages(&second.who(), first.chat, Range::After(0), 10)
        .await
        .unwrap();
    assert_eq!((numbers(&page.messages), page.last_seq), (vec![], 3));
    for number in 3..5 {
        store
            .send(&agent, message(first.chat, 2, number))
            .await
            .unwrap();
    }
    for (who, expected, last) in [
        (&first.who(), &[1, 2, 3][..], 3),
        (&second.who(), &[4, 5], 5),
        (&agent, &[1, 2, 3, 4, 5], 5),
    ] {
        for range in [Range::After(0), Range::Before(100)] {
            let page = store.messages(who, first.chat, range, 10).await.unwrap();
            assert_eq!(
                (numbers(&page.messages), page.last_seq),
                (expected.to_vec(), last)
            );
        }
    }
    let page = store
        .messages(&second.who(), first.chat, Range::Before(5), 1)
        .await
        .unwrap();
    assert_eq!(
        page.transcript,
        Some(transcript_start(
            first.chat,
            SeatNumber(2),
            &handshake(2).enc
        ))
    );
}

pub(crate) async fn an_empty_page_has_the_newest_transcript(store: &dyn Store) {
    let one = partner(store, 1).await;
    let agent = agent(one);
    let chat = store.create_link(plain(one, 1)).await.unwrap().chat;
    let empty = async |who: &Participant| -> Option<Hash> {
        let page = store
            .messages(who, chat, Range::After(99), 10)
            .await
            .unwrap();
        assert_eq!(page.messages, []);
        page.transcript
    };
    assert_eq!(empty(&agent).await, None);
    let first = seated(store, 1, 1).await;
    let start = transcript_start(chat, SeatNumber(1), &handshake(1).enc);
    assert_eq!(
        (empty(&agent).await, empty(&first.who()).await),
        (Some(start), Some(start))
    );
    let newest = store
        .send(&agent, message(chat, 1, 1))
        .await
        .unwrap()
        .message
        .transcript;
    assert_eq!(
        (empty(&agent).await, empty(&first.who()).await),
        (Some(newest), Some(newest))
    );
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    let start = transcript_start(chat, SeatNumber(2), &handshake(2).enc);
    assert_eq!(
        (empty(&agent).await, empty(&second.who()).await),
        (Some(start), Some(start))
    );
    assert_eq!(empty(&first.who()).await, Some(newest));
}

pub(crate) async fn senders_at_once_get_numbers_without_gaps(store: &dyn Store) {
    const MESSAGES: u64 = 600;
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    let (agent, customer_side) = (&agent, &customer.who());
    let chat = customer.chat;
    // Each is sent twice at once, as by a client that lost its patience.
    let sends = (0..MESSAGES)
        .flat_map(|number| [number, number])
        .map(|number| async move {
            let who = if number % 2 == 0 {
                agent
            } else {
                customer_side
            };
            store.send(who, message(chat, 1, number)).await.unwrap()
        });
    let sent = futures_util::future::join_all(sends).await;
    assert_eq!(
        sent.iter().filter(|sent| sent.first).count() as u64,
        MESSAGES
    );
    let page = store
        .messages(agent, chat, Range::After(0), 10_000)
        .await
        .unwrap();
    assert_eq!(numbers(&page.messages), (1..=MESSAGES).collect::<Vec<_>>());
    let mut expected = page.transcript.unwrap();
    for message in &page.messages {
        expected = transcript_next(
            expected,
            message.seq,
            message.from,
            message.cid,
            &message.body,
        );
        assert_eq!(message.transcript, expected);
    }
}
