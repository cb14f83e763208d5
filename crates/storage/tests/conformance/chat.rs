//! Chats: the inbox, cursors, the end.

use super::{
    Customer, DAY, NOW, after, agent, hash, message::message, partner, partner_id, plain, plain_to,
    press, sealed, seated, with_customer,
};
use wicketgate_domain::{
    ChatRef, Store,
    chat::{Chat, ChatError, ChatQuery, Cursors},
    link::{LinkError, LinkState, NewLink, Redemption},
    message::{NewMessage, Range},
    seat::{Seat, SeatClosed, SeatHolder},
    side::Side,
};

const fn cursors(delivered: u64, read: u64) -> Cursors {
    Cursors { delivered, read }
}

/// The seat of a customer who is the first in a chat, and the chat, as they are stored.
async fn rows(store: &dyn Store, customer: &Customer) -> (Seat, Chat) {
    let partner = customer.holder.partner;
    let seats = store.seats(partner, customer.chat).await.unwrap();
    let [seat] = <[Seat; 1]>::try_from(seats).unwrap();
    let chat = store.chat(partner, customer.chat).await.unwrap().unwrap();
    (seat, chat)
}

pub(crate) async fn the_inbox_shows_the_latest_first(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    let mut chats = Vec::new();
    for number in 1..=5 {
        store.create_link(plain(one, number)).await.unwrap();
        let press = Redemption {
            now: after(1000 + i64::try_from(number).unwrap() / 2),
            ..press(number, number)
        };
        chats.push(store.redeem_link(press).await.unwrap().seat.chat);
    }
    store.create_link(plain(one, 9)).await.unwrap();
    store.create_link(plain(two, 10)).await.unwrap();
    seated(store, 10, 10).await;
    let second = agent(one);
    store
        .send(
            &second,
            NewMessage {
                now: after(5000),
                ..message(chats[1], 1, 1)
            },
        )
        .await
        .unwrap();

    let mut seen: Vec<ChatRef> = Vec::new();
    let mut query = ChatQuery {
        partner: one,
        after: None,
        limit: 2,
    };
    loop {
        let page: Vec<Chat> = store.chats(query).await.unwrap();
        let Some(last) = page.last() else { break };
        query.after = Some(last.chat_ref);
        seen.extend(page.iter().map(|chat| chat.chat_ref));
    }
    // Of those that were active at the same instant, the newer comes first.
    assert_eq!(seen, [chats[1], chats[4], chats[3], chats[2], chats[0]]);
}

pub(crate) async fn a_chat_is_called_as_the_newest_sealed_link_that_was_used(store: &dyn Store) {
    let one = partner(store, 1).await;
    let label = async |chat| {
        let found = store.chat(one, chat).await.unwrap().unwrap().label;
        let query = ChatQuery {
            partner: one,
            after: None,
            limit: 9,
        };
        let listed = store.chats(query).await.unwrap();
        let listed = listed.into_iter().find(|row| row.chat_ref == chat);
        assert_eq!(listed.unwrap().label, found);
        found.map(|label| (label.link_hash, label.vault))
    };
    let called = |number: u64| {
        let vault = format!("vault {number}").into_bytes();
        Some((hash("link", number), vault))
    };
    let chat_id = plain(one, 1).chat_id;
    let sealed_link = |number| NewLink {
        chat_id: chat_id.clone(),
        may_reopen: true,
        ..sealed(one, number)
    };
    store.create_link(plain(one, 1)).await.unwrap();
    let chat = seated(store, 1, 1).await.chat;
    assert_eq!(label(chat).await, None, "a plain link has no label");
    store.create_link(sealed_link(2)).await.unwrap();
    assert_eq!(label(chat).await, None, "nobody came in by it yet");
    for number in [2, 3] {
        if number == 3 {
            store.create_link(sealed_link(3)).await.unwrap();
        }
        let press = Redemption {
            proof_hash: Some(hash("proof", number)),
            ..press(number, number)
        };
        store.redeem_link(press).await.unwrap();
        assert_eq!(label(chat).await, called(number));
    }
    store.create_link(plain_to(one, 4, 1)).await.unwrap();
    seated(store, 4, 4).await;
    assert_eq!(
        label(chat).await,
        called(3),
        "a plain link takes no name away"
    );
}

pub(crate) async fn a_chat_is_shown_to_its_partner_only(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let two = partner(store, 2).await;
    assert!(store.chat(one, customer.chat).await.unwrap().is_some());
    assert_eq!(store.chat(two, customer.chat).await.unwrap(), None);
    assert_eq!(
        store
            .chats(ChatQuery {
                partner: two,
                after: None,
                limit: 9
            })
            .await
            .unwrap(),
        []
    );
    let other = agent(two);
    assert!(matches!(
        store
            .mark_seen(&other, customer.chat, cursors(1, 1), NOW)
            .await,
        Err(ChatError::NotFound)
    ));
    assert!(matches!(
        store.end_chat(&other, customer.chat, NOW).await,
        Err(ChatError::NotFound)
    ));
    assert!(matches!(
        store.send(&other, message(customer.chat, 1, 1)).await,
        Err(ChatError::NotFound)
    ));
    assert!(matches!(
        store
            .messages(&other, customer.chat, Range::After(0), 9)
            .await,
        Err(ChatError::NotFound)
    ));

    store.create_link(plain(one, 2)).await.unwrap();
    let neighbour = seated(store, 2, 2).await.who();
    assert!(matches!(
        store
            .mark_seen(&neighbour, customer.chat, cursors(1, 1), NOW)
            .await,
        Err(ChatError::NotFound)
    ));
    assert!(matches!(
        store.end_chat(&neighbour, customer.chat, NOW).await,
        Err(ChatError::NotFound)
    ));
    assert!(matches!(
        store.send(&neighbour, message(customer.chat, 1, 1)).await,
        Err(ChatError::NotFound)
    ));
    assert!(matches!(
        store
            .messages(&neighbour, customer.chat, Range::After(0), 9)
            .await,
        Err(ChatError::NotFound)
    ));
}

pub(crate) async fn cursors_move_forward_only(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    for n in 0..5 {
        store
            .send(&agent, message(customer.chat, 1, n))
            .await
            .unwrap();
    }
    for who in [&agent, &customer.who()] {
        for (asked, stands) in [
            (cursors(3, 1), cursors(3, 1)),
            (cursors(2, 0), cursors(3, 1)),
            (cursors(0, 2), cursors(3, 2)),
            (cursors(0, 4), cursors(4, 4)),
            (cursors(9, 9), cursors(5, 5)),
        ] {
            let moved = store.mark_seen(who, customer.chat, asked, NOW).await;
            assert_eq!(moved.unwrap(), stands);
            let (seat, chat) = rows(store, &customer).await;
            let stored = match who.side() {
                Side::Partner => cursors(chat.delivered, chat.read),
                Side::Customer => cursors(seat.delivered, seat.read),
            };
            assert_eq!(stored, stands);
        }
    }
    let chat = store.chat(one, customer.chat).await.unwrap().unwrap();
    assert_eq!((chat.delivered, chat.read), (5, 5));
    let seats = store.seats(one, customer.chat).await.unwrap();
    assert_eq!((seats[0].delivered, seats[0].read), (5, 5));
}

pub(crate) async fn unread_counts_what_the_customer_wrote_since(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let agent = agent(one);
    // The customer writes numbers 1, 3, 5 and so on up to 19, the agents the rest up to 20.
    for n in 0..10 {
        let sent = store
            .send(&customer.who(), message(customer.chat, 1, n))
            .await
            .unwrap();
        assert_eq!(u64::from(sent.chat.unread), n + 1);
        let answer = store
            .send(&agent, message(customer.chat, 1, n))
            .await
            .unwrap();
        assert_eq!(
            u64::from(answer.chat.unread),
            n + 1,
            "answering is not reading"
        );
    }
    for (read, unread) in [
        (0, 10),
        (1, 9),
        (2, 9),
        (17, 1),
        (5, 1),
        (18, 1),
        (19, 0),
        (20, 0),
    ] {
        store
            .mark_seen(&agent, customer.chat, cursors(0, read), NOW)
            .await
            .unwrap();
        let (_, chat) = rows(store, &customer).await;
        assert_eq!(chat.unread, unread, "read up to {read}");
    }
    store
        .mark_seen(&customer.who(), customer.chat, cursors(20, 20), NOW)
        .await
        .unwrap();
    assert_eq!(rows(store, &customer).await.1.unread, 0);
}

pub(crate) async fn a_closed_seat_marks_nothing(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    let refused = store
        .mark_seen(&first.who(), first.chat, cursors(1, 1), NOW)
        .await;
    assert!(matches!(
        refused,
        Err(ChatError::SeatClosed(SeatClosed::Superseded))
    ));
    store
        .end_chat(&agent(one), first.chat, after(2000))
        .await
        .unwrap();
    let refused = store
        .mark_seen(&second.who(), first.chat, cursors(1, 1), NOW)
        .await;
    assert!(matches!(
        refused,
        Err(ChatError::SeatClosed(SeatClosed::ChatEnded))
    ));
}

pub(crate) async fn a_customer_asks_for_a_new_link_once(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    for now in [after(2000), after(3000)] {
        store.ask_for_link(&customer.holder, now).await.unwrap();
        let (seat, chat) = rows(store, &customer).await;
        assert_eq!(seat.asked_at, Some(after(2000)));
        assert_eq!(
            (chat.asked_at, chat.active_at),
            (Some(after(2000)), after(2000))
        );
    }
    // The wish stays until a new seat fulfils it.
    let sent = store
        .send(&agent(one), message(customer.chat, 1, 1))
        .await
        .unwrap();
    assert_eq!(sent.chat.asked_at, Some(after(2000)));
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    seated(store, 2, 2).await;
    let chat = store.chat(one, customer.chat).await.unwrap().unwrap();
    assert_eq!(chat.asked_at, None);
}

pub(crate) async fn a_closed_seat_asks_for_nothing(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    let refused = store.ask_for_link(&first.holder, after(2000)).await;
    assert!(matches!(
        refused,
        Err(ChatError::SeatClosed(SeatClosed::Superseded))
    ));
    store
        .ask_for_link(&second.holder, after(2000))
        .await
        .unwrap();
    let agent = agent(one);
    let ended = store
        .end_chat(&agent, first.chat, after(3000))
        .await
        .unwrap();
    assert_eq!(ended.asked_at, None);
    assert_eq!(store.chat(one, first.chat).await.unwrap(), Some(ended));
    let refused = store.ask_for_link(&second.holder, after(4000)).await;
    assert!(matches!(
        refused,
        Err(ChatError::SeatClosed(SeatClosed::ChatEnded))
    ));
    let stranger = SeatHolder {
        partner: partner(store, 2).await,
        ..second.holder
    };
    let refused = store.ask_for_link(&stranger, after(4000)).await;
    assert!(matches!(refused, Err(ChatError::NotFound)));
}

pub(crate) async fn ending_closes_the_seat_and_revokes_the_links(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    store
        .create_link(NewLink {
            expires_at: after(1500),
            ..plain_to(one, 3, 1)
        })
        .await
        .unwrap();
    store.create_link(plain(one, 4)).await.unwrap();
    store
        .send(&customer.who(), message(customer.chat, 1, 1))
        .await
        .unwrap();

    let ended = store
        .end_chat(&customer.who(), customer.chat, after(2000))
        .await
        .unwrap();
    assert_eq!(ended.ended, Some((after(2000), Side::Customer)));
    assert_eq!(
        (
            ended.live_seat,
            ended.waiting_since,
            ended.active_at,
            ended.unread
        ),
        (None, None, after(2000), 1)
    );
    assert_eq!(
        store.chat(one, customer.chat).await.unwrap(),
        Some(ended.clone())
    );
    let holder = store
        .seat_holder(hash("token", 1), after(2000))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(holder.closed, Some(SeatClosed::ChatEnded));
    for (number, state) in [
        (1, LinkState::Used),
        (2, LinkState::Revoked),
        (3, LinkState::Expired),
        (4, LinkState::Valid),
    ] {
        let link = store
            .link_at_door(hash("link", number))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(link.state(after(2000)), state, "link {number}");
    }
    assert!(matches!(
        store.redeem_link(press(2, 2)).await,
        Err(LinkError::Revoked)
    ));
    for who in [customer.who(), agent(one)] {
        let again = store
            .end_chat(&who, customer.chat, after(3000))
            .await
            .unwrap();
        assert_eq!(again, ended);
        let refused = store.send(&who, message(customer.chat, 1, 2)).await;
        assert!(matches!(refused, Err(ChatError::Ended)));
    }
    let none = store
        .end_chat(&agent(one), ChatRef::of(one, "none"), NOW)
        .await;
    assert!(matches!(none, Err(ChatError::NotFound)));
}

pub(crate) async fn a_replaced_customer_ends_nothing(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    seated(store, 2, 2).await;
    let refused = store.end_chat(&first.who(), first.chat, after(2000)).await;
    assert!(matches!(
        refused,
        Err(ChatError::SeatClosed(SeatClosed::Superseded))
    ));
    assert_eq!(
        store.chat(one, first.chat).await.unwrap().unwrap().ended,
        None
    );
}

pub(crate) async fn ended_chats_are_swept_in_batches(store: &dyn Store) {
    let (one, old) = with_customer(store).await;
    let agent = agent(one);
    for n in 0..5 {
        store
            .send(&old.who(), message(old.chat, 1, n))
            .await
            .unwrap();
    }
    store.create_link(plain(one, 2)).await.unwrap();
    let recent = seated(store, 2, 2).await;
    store
        .send(&recent.who(), message(recent.chat, 1, 1))
        .await
        .unwrap();
    store.create_link(plain(one, 3)).await.unwrap();
    let going_on = seated(store, 3, 3).await;
    store.end_chat(&agent, old.chat, after(DAY)).await.unwrap();
    store
        .end_chat(&agent, recent.chat, after(3 * DAY))
        .await
        .unwrap();

    assert_eq!(store.sweep_chats(after(DAY), 100).await.unwrap(), 0);
    // Five messages, a link, a seat and the chat itself.
    assert_eq!(store.sweep_chats(after(2 * DAY), 3).await.unwrap(), 3);
    assert!(store.chat(one, old.chat).await.unwrap().is_some());
    assert_eq!(store.sweep_chats(after(2 * DAY), 3).await.unwrap(), 3);
    assert_eq!(store.sweep_chats(after(2 * DAY), 3).await.unwrap(), 2);
    assert_eq!(store.sweep_chats(after(2 * DAY), 3).await.unwrap(), 0);
    assert_eq!(store.chat(one, old.chat).await.unwrap(), None);
    assert_eq!(
        store
            .seat_holder(hash("token", 1), after(2 * DAY))
            .await
            .unwrap(),
        None
    );

    assert_eq!(store.sweep_chats(after(9 * DAY), 100).await.unwrap(), 4);
    let left = store
        .chats(ChatQuery {
            partner: partner_id(1),
            after: None,
            limit: 9,
        })
        .await
        .unwrap();
    assert_eq!(
        left.iter().map(|chat| chat.chat_ref).collect::<Vec<_>>(),
        [going_on.chat]
    );
}
