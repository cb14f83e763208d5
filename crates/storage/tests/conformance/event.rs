//! The event log: what each change appends to it and hands on, how it is read, and how it is swept.

use super::{
    Customer, HOUR, NOW, after, agent, agent_id, agent_of, certificate, hash, key, message,
    new_partner, partner, partner_id, password, plain, plain_to, press, sealed, seated, session,
    watch::{Heard, Watch},
};
use std::sync::Arc;
use wicketgate_domain::{
    Actor, ChatRef, SessionRef, Store,
    chat::Cursors,
    event::{
        AccountChange, Credential, Event, EventSink, LinkChange, LoggedEvent, SeatChange, Told,
    },
    link::Redemption,
    partner::{ExpectedVerifier, NewKeyring, SealedKeyring},
    seat::{SeatClosed, SeatNumber},
    side::Side,
};

const fn cursors(delivered: u64, read: u64) -> Cursors {
    Cursors { delivered, read }
}

const fn on_seat(chat: ChatRef, seat: u32) -> Actor {
    Actor::Customer {
        chat,
        seat: SeatNumber(seat),
    }
}

fn account(change: AccountChange) -> [Event; 1] {
    [Event::Account(change)]
}

fn expelled(session: SessionRef) -> Event {
    Event::Expelled(Credential::Session(session))
}

fn next_keyring(generation: u32) -> NewKeyring {
    NewKeyring {
        generation,
        copies: vec![SealedKeyring {
            agent: agent_id(1),
            sealed: vec![1],
        }],
        certificate: certificate(generation),
    }
}

pub(crate) async fn changes_of_accounts_are_told(store: &dyn Store) {
    let one = partner_id(1);
    let mut watch = Watch::on(store, one).await;
    let by = agent_of(one);

    store.create_partner(new_partner(1)).await.unwrap();
    let made = account(AccountChange::PartnerCreated);
    watch.told(Actor::Visitor, NOW, &made).await;

    let sessions = [1, 2, 3, 4].map(|number| session::session(number, 1));
    for (number, begun) in (1..).zip(sessions.clone()) {
        let signed_in = account(AccountChange::SignedIn(begun.session_ref));
        let token = hash("session", number);
        store.create_session(begun, token).await.unwrap();
        watch.told(by, NOW, &signed_in).await;
    }
    let [first, second, third, fourth] = sessions.map(|session| session.session_ref);
    store
        .end_session(agent_id(1), fourth, after(5))
        .await
        .unwrap();
    watch.told(by, after(5), &[expelled(fourth)]).await;

    let checked = ExpectedVerifier::Password(password(1).verifier);
    store
        .replace_credentials(
            agent_id(1),
            checked,
            Some(password(2)),
            None,
            Some(second),
            after(6),
        )
        .await
        .unwrap();
    let [replaced] = account(AccountChange::CredentialsReplaced);
    let events = [replaced, expelled(third), expelled(first)];
    watch.told(by, after(6), &events).await;

    let keyring = store.replace_keyring(one, next_keyring(2), by, after(7));
    keyring.await.unwrap();
    let renewed = account(AccountChange::KeyringReplaced);
    watch.told(by, after(7), &renewed).await;

    let made = key::key(1, one);
    let key_ref = made.key_ref;
    store.create_key(made, hash("secret", 1), by).await.unwrap();
    let created = account(AccountChange::KeyCreated(key_ref));
    watch.told(by, NOW, &created).await;
    store.revoke_key(one, key_ref, by, after(8)).await.unwrap();
    let revoked = [Event::Expelled(Credential::Key(key_ref))];
    watch.told(by, after(8), &revoked).await;
}

pub(crate) async fn changes_of_links_are_told(store: &dyn Store) {
    let one = partner(store, 1).await;
    let mut watch = Watch::on(store, one).await;

    store.create_link(plain(one, 1)).await.unwrap();
    let created = watch.link_event(LinkChange::Created, 1).await;
    watch.told(agent_of(one), NOW, &[created]).await;
    let by_key = sealed(one, 2);
    let key = by_key.by;
    assert!(matches!(key, Actor::Key(_)));
    store.create_link(by_key).await.unwrap();
    let created = watch.link_event(LinkChange::Created, 2).await;
    watch.told(key, NOW, &[created]).await;
    let link_ref = watch.link(2).await.link_ref;
    store
        .revoke_link(one, link_ref, key, after(5))
        .await
        .unwrap();
    let revoked = watch.link_event(LinkChange::Revoked, 2).await;
    watch.told(key, after(5), &[revoked]).await;

    let chat = store.redeem_link(press(1, 1)).await.unwrap().seat.chat;
    let opened = [
        watch.link_event(LinkChange::Used, 1).await,
        watch.seat_event(SeatChange::Opened, chat, 1).await,
        watch.row(chat).await,
    ];
    watch.told(on_seat(chat, 1), after(1000), &opened).await;

    store.create_link(plain_to(one, 3, 1)).await.unwrap();
    let created = watch.link_event(LinkChange::Created, 3).await;
    watch.told(agent_of(one), NOW, &[created]).await;
    store.redeem_link(press(3, 3)).await.unwrap();
    let superseded = Event::SeatClosed {
        chat,
        seat: SeatNumber(1),
        why: SeatClosed::Superseded,
    };
    let opened = [
        superseded,
        watch.link_event(LinkChange::Used, 3).await,
        watch.seat_event(SeatChange::Opened, chat, 2).await,
        watch.row(chat).await,
    ];
    watch.told(on_seat(chat, 2), after(1000), &opened).await;
}

pub(crate) async fn a_late_attempt_is_told_though_it_is_refused(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    seated(store, 1, 1).await;
    let mut watch = Watch::on(store, one).await;
    for attempt in 1..=3 {
        let late = Redemption {
            now: after(attempt),
            ..press(1, 2)
        };
        store.redeem_link(late).await.unwrap_err();
        let tried = watch.link_event(LinkChange::Tried, 1).await;
        watch.told(Actor::Visitor, after(attempt), &[tried]).await;
    }
    // The winner, who comes again, is no late attempt.
    store.redeem_link(press(1, 1)).await.unwrap();
    watch.silent("the winner came again").await;
}

/// The pair of cursor events that a side makes happen.
fn seen(customer: &Customer, by: Side, cursors: Cursors) -> Event {
    Event::Seen {
        chat: customer.chat,
        seat: (by == Side::Customer).then_some(customer.holder.number),
        by,
        cursors,
    }
}

pub(crate) async fn changes_in_chats_are_told(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    let customer = seated(store, 1, 1).await;
    let (chat, who, desk) = (customer.chat, customer.who(), agent(one));
    let mut watch = Watch::on(store, one).await;

    for (participant, number) in [(&who, 1), (&desk, 2)] {
        let sent = store
            .send(participant, message::message(chat, 1, number))
            .await
            .unwrap();
        assert_eq!(sent.message.author, participant.agent());
        let events = [
            Event::Message(Arc::new(sent.message)),
            watch.row(chat).await,
        ];
        watch.told(participant.actor(), after(2000), &events).await;
    }

    store
        .mark_seen(&desk, chat, cursors(2, 1), after(3000))
        .await
        .unwrap();
    let events = [
        seen(&customer, Side::Partner, cursors(2, 1)),
        watch.row(chat).await,
    ];
    watch.told(desk.actor(), after(3000), &events).await;
    store
        .mark_seen(&who, chat, cursors(1, 9), after(4000))
        .await
        .unwrap();
    let events = [seen(&customer, Side::Customer, cursors(2, 2))];
    watch.told(who.actor(), after(4000), &events).await;

    store
        .ask_for_link(&customer.holder, after(5000))
        .await
        .unwrap();
    let events = [
        watch.seat_event(SeatChange::AskedForLink, chat, 1).await,
        watch.row(chat).await,
    ];
    watch.told(who.actor(), after(5000), &events).await;

    store.end_chat(&who, chat, after(6000)).await.unwrap();
    let closed = Event::SeatClosed {
        chat,
        seat: SeatNumber(1),
        why: SeatClosed::ChatEnded,
    };
    let events = [closed, Event::ChatEnded(chat), watch.row(chat).await];
    watch.told(who.actor(), after(6000), &events).await;
}

pub(crate) async fn the_end_of_a_chat_is_one_event_for_all_its_links(store: &dyn Store) {
    const LINKS: u64 = 250;
    let one = partner(store, 1).await;
    for number in 1..=LINKS {
        store.create_link(plain_to(one, number, 1)).await.unwrap();
    }
    let mut watch = Watch::on(store, one).await;
    let chat = watch.link(1).await.chat;
    let desk = agent(one);
    // Nobody ever came in, so no seat is closed either.
    store.end_chat(&desk, chat, after(5)).await.unwrap();
    let events = [Event::ChatEnded(chat), watch.row(chat).await];
    watch.told(desk.actor(), after(5), &events).await;
    for number in 1..=LINKS {
        let link = watch.link(number).await;
        assert_eq!((link.revoked_at, link.rev), (Some(after(5)), 2));
    }
}

/// How often each row of a chat with one seat and one more link has changed.
async fn revs(watch: &Watch<'_>, chat: ChatRef) -> [u64; 4] {
    [
        watch.chat(chat).await.rev,
        watch.seat(chat, 1).await.rev,
        watch.link(1).await.rev,
        watch.link(2).await.rev,
    ]
}

pub(crate) async fn revs_grow_with_each_change_of_their_row_only(store: &dyn Store) {
    let one = partner(store, 1).await;
    let desk = agent(one);
    let watch = Watch::on(store, one).await;
    let chat = store.create_link(plain(one, 1)).await.unwrap().chat;
    let made = (watch.chat(chat).await.rev, watch.link(1).await.rev);
    assert_eq!(made, (1, 1));
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let customer = seated(store, 1, 1).await;
    let who = customer.who();
    let mut expected = [2, 1, 2, 1];
    assert_eq!(revs(&watch, chat).await, expected, "the first seat");

    for (number, participant) in [(1, &who), (2, &desk)] {
        for _again in 0..2 {
            let new = message::message(chat, 1, number);
            store.send(participant, new).await.unwrap();
        }
        expected[0] += 1;
        assert_eq!(revs(&watch, chat).await, expected, "message {number}");
    }
    for (participant, row) in [(&desk, 0), (&who, 1)] {
        for _again in 0..2 {
            let marked = store.mark_seen(participant, chat, cursors(2, 1), NOW);
            marked.await.unwrap();
            let back = store.mark_seen(participant, chat, cursors(1, 0), NOW);
            back.await.unwrap();
        }
        expected[row] += 1;
        assert_eq!(revs(&watch, chat).await, expected, "row {row} seen");
    }
    for _again in 0..2 {
        store.ask_for_link(&customer.holder, NOW).await.unwrap();
    }
    expected = [expected[0] + 1, expected[1] + 1, 2, 1];
    assert_eq!(revs(&watch, chat).await, expected, "asked for a link");

    store.redeem_link(press(1, 2)).await.unwrap_err();
    expected[2] += 1;
    assert_eq!(revs(&watch, chat).await, expected, "a late attempt");
    // To be called by its token is no change that anyone is told of.
    let later = after(2 * HOUR);
    store.seat_holder(hash("token", 1), later).await.unwrap();
    store.ready().await.unwrap();
    assert_eq!(revs(&watch, chat).await, expected, "the use of a token");

    store.redeem_link(press(2, 2)).await.unwrap();
    expected = [expected[0] + 1, expected[1] + 1, expected[2], 2];
    assert_eq!(revs(&watch, chat).await, expected, "the next seat");
    for _again in 0..2 {
        store.end_chat(&desk, chat, NOW).await.unwrap();
    }
    expected[0] += 1;
    assert_eq!(revs(&watch, chat).await, expected, "the end");
    let closed_by_the_end = watch.seat(chat, 2).await.rev;
    assert_eq!(closed_by_the_end, 2);
}

pub(crate) async fn a_revoked_link_is_told_once(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    let mut watch = Watch::on(store, one).await;
    let link_ref = watch.link(1).await.link_ref;
    for again in [false, true] {
        let revoked = store.revoke_link(one, link_ref, Actor::Server, after(5));
        assert_eq!(revoked.await.unwrap().rev, 2);
        if again {
            watch.silent("it was revoked already").await;
        } else {
            let revoked = watch.link_event(LinkChange::Revoked, 1).await;
            watch.told(Actor::Server, after(5), &[revoked]).await;
        }
    }
}

pub(crate) async fn events_are_listed_in_order_for_their_partner_only(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    for number in 1..=4 {
        store.create_link(plain(one, number)).await.unwrap();
        store.create_link(plain(two, 10 + number)).await.unwrap();
    }
    for (whose, first) in [(one, 1), (two, 11_u64)] {
        let made =
            |number| LoggedEvent::Link(LinkChange::Created, plain(whose, first + number).link_ref);
        let mut expected = vec![LoggedEvent::Account(AccountChange::PartnerCreated)];
        expected.extend((0..4).map(made));
        let all = store.events(whose, 0, 100).await.unwrap();
        assert!(all.is_sorted_by(|a, b| a.seq < b.seq));
        let listed: Vec<_> = all.iter().map(|entry| entry.event).collect();
        assert_eq!(listed, expected);
        // A reader goes on after the last that it has.
        let (mut read, mut last) = (Vec::new(), 0);
        loop {
            let page = store.events(whose, last, 2).await.unwrap();
            assert!(page.len() <= 2);
            let Some(newest) = page.last() else { break };
            last = newest.seq;
            read.extend(page);
        }
        assert_eq!(read, all);
        assert_eq!(store.events(whose, last, 9).await.unwrap(), []);
        assert_eq!(store.events(whose, u64::MAX, 9).await.unwrap(), []);
    }
    let nobody = store.events(partner_id(3), 0, 9).await.unwrap();
    assert_eq!(nobody, []);
}

pub(crate) async fn sinks_hear_every_change_in_order_before_its_caller(store: &dyn Store) {
    const CHATS: u64 = 8;
    const MESSAGES: u64 = 40;
    let one = partner(store, 1).await;
    let desk = &agent(one);
    let mut chats = Vec::new();
    for number in 1..=CHATS {
        store.create_link(plain(one, number)).await.unwrap();
        chats.push(seated(store, number, number).await.chat);
    }
    let watch = Watch::on(store, one).await;
    let second = Arc::new(Heard::default());
    store.hand_to(Arc::clone(&second) as Arc<dyn EventSink>);
    let heard = &watch.heard;
    let sends = (0..MESSAGES)
        .flat_map(|number| chats.iter().map(move |chat| (*chat, number)))
        .map(|(chat, number)| async move {
            let new = message::message(chat, 1, number);
            let sent = store.send(desk, new).await.unwrap();
            let told = Event::Message(Arc::new(sent.message));
            assert!(
                heard.has(&told),
                "a caller was answered before the sink was told"
            );
        });
    futures_util::future::join_all(sends).await;

    let changes = heard.take();
    assert_eq!(second.take(), changes, "every sink hears the same");
    assert_eq!(changes.len() as u64, CHATS * MESSAGES);
    let told: Vec<Told> = changes.into_iter().flat_map(|(_, told)| told).collect();
    let numbers: Vec<u64> = told
        .iter()
        .filter_map(|told| Some(told.logged?.seq))
        .collect();
    let log = watch.entries().await;
    let logged: Vec<u64> = log.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, logged, "the order of the log is that of the sink");
    for chat in chats {
        let rows = told.iter().filter_map(|told| match &told.event {
            Event::Chat(row) if row.chat_ref == chat => Some((row.rev, row.last_seq)),
            _ => None,
        });
        let expected = (1..=MESSAGES).map(|number| (2 + number, number));
        assert!(rows.eq(expected), "each row that is told is newer");
    }
}
