//! What is not logged, and how long the rest is kept.

use super::{
    DAY, NOW, after, agent, agent_id, agent_of, hash, key, message, new_partner, partner,
    partner_id, password, plain, plain_to, press, sealed, seated, session, watch::Watch,
};
use wicketgate_domain::{
    Actor, PartnerId, SessionRef, Store, Timestamp,
    chat::Cursors,
    event::{LogRetention, LoggedEvent},
    key::MOST_KEYS,
    link::{LinkQuery, NewLink, Redemption},
    message::{NewMessage, Range},
    partner::{ExpectedVerifier, NewKeyring, NewPartner},
    seat::Handshake,
};

const FIRST: Cursors = Cursors {
    delivered: 1,
    read: 1,
};

pub(crate) async fn refused_links_are_not_logged(store: &dyn Store) {
    let one = partner(store, 1).await;
    for number in [1, 3, 4] {
        store.create_link(plain(one, number)).await.unwrap();
    }
    store.create_link(sealed(one, 2)).await.unwrap();
    seated(store, 1, 1).await;
    let ended = seated(store, 3, 3).await.chat;
    store.end_chat(&agent(one), ended, NOW).await.unwrap();
    let watch = Watch::on(store, one).await;

    store.create_link(plain(one, 1)).await.unwrap();
    watch.silent("the same link was made again").await;
    for (what, refused) in [
        (
            "another content",
            NewLink {
                content: hash("content", 9),
                ..plain(one, 1)
            },
        ),
        ("no partner", plain(partner_id(5), 9)),
        ("an ended chat", plain_to(one, 9, 3)),
        (
            "no scope",
            NewLink {
                may_reopen: false,
                ..plain_to(one, 9, 1)
            },
        ),
    ] {
        store.create_link(refused).await.unwrap_err();
        watch.silent(what).await;
    }
}

pub(crate) async fn refused_redemptions_are_not_logged(store: &dyn Store) {
    let one = partner(store, 1).await;
    for number in [1, 3, 4] {
        store.create_link(plain(one, number)).await.unwrap();
    }
    store.create_link(sealed(one, 2)).await.unwrap();
    seated(store, 1, 1).await;
    let ended = seated(store, 3, 3).await.chat;
    store.end_chat(&agent(one), ended, NOW).await.unwrap();
    let watch = Watch::on(store, one).await;

    store.redeem_link(press(1, 1)).await.unwrap();
    watch.silent("the winner came again").await;
    let unknown = Handshake {
        epoch: 7,
        enc: vec![1],
    };
    for (what, refused) in [
        (
            "another handshake",
            Redemption {
                handshake: None,
                ..press(1, 1)
            },
        ),
        ("no proof", press(2, 2)),
        ("no such link", press(9, 2)),
        ("a closed seat", press(3, 3)),
        (
            "too late",
            Redemption {
                now: after(DAY),
                ..press(4, 2)
            },
        ),
        (
            "an unknown key",
            Redemption {
                handshake: Some(unknown),
                ..press(4, 2)
            },
        ),
    ] {
        store.redeem_link(refused).await.unwrap_err();
        watch.silent(what).await;
    }
    for (what, number, now) in [
        ("used", 1, NOW),
        ("expired", 4, after(DAY)),
        ("none", 9, NOW),
    ] {
        let revoked = store.revoke_link(one, plain(one, number).link_ref, agent_of(one), now);
        revoked.await.unwrap_err();
        watch.silent(what).await;
    }
}

pub(crate) async fn refused_calls_in_chats_are_not_logged(store: &dyn Store) {
    let one = partner(store, 1).await;
    partner(store, 2).await;
    store.create_link(plain(one, 1)).await.unwrap();
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let (first, desk) = (seated(store, 1, 1).await, agent(one));
    let (second, chat) = (seated(store, 2, 2).await, first.chat);
    let (own, asked) = (message::message(chat, 2, 1), after(2000));
    store.send(&desk, own.clone()).await.unwrap();
    for who in [&desk, &second.who()] {
        store.mark_seen(who, chat, FIRST, NOW).await.unwrap();
    }
    store.ask_for_link(&second.holder, asked).await.unwrap();
    let watch = Watch::on(store, one).await;

    store.send(&desk, own.clone()).await.unwrap();
    watch.silent("a message was sent again").await;
    let other_bytes = NewMessage {
        body: vec![9].into(),
        ..own.clone()
    };
    store.send(&desk, other_bytes).await.unwrap_err();
    for (who, seat) in [
        (&desk, 1),
        (&desk, 3),
        (&first.who(), 1),
        (&agent(partner_id(2)), 2),
    ] {
        let refused = store.send(who, message::message(chat, seat, 7)).await;
        refused.unwrap_err();
        watch.silent("a message was refused").await;
    }
    for who in [&desk, &second.who()] {
        store.mark_seen(who, chat, FIRST, asked).await.unwrap();
        watch.silent("no cursor moved").await;
    }
    let refused = store.mark_seen(&first.who(), chat, FIRST, NOW).await;
    refused.unwrap_err();
    store
        .ask_for_link(&second.holder, after(3000))
        .await
        .unwrap();
    store.ask_for_link(&first.holder, asked).await.unwrap_err();
    let refused = store.end_chat(&first.who(), chat, NOW).await;
    refused.unwrap_err();
    watch.silent("a closed seat may do nothing").await;

    store.end_chat(&desk, chat, asked).await.unwrap();
    let watch = Watch::on(store, one).await;
    store.end_chat(&second.who(), chat, asked).await.unwrap();
    store
        .send(&desk, message::message(chat, 2, 8))
        .await
        .unwrap_err();
    watch.silent("the chat has ended").await;
    store
        .messages(&desk, chat, Range::After(0), 9)
        .await
        .unwrap();
    watch.silent("reading is no change").await;
}

pub(crate) async fn refused_calls_about_accounts_are_not_logged(store: &dyn Store) {
    let one = partner(store, 1).await;
    let by = agent_of(one);
    let first = key::key(0, one).key_ref;
    for number in 0..=u64::from(MOST_KEYS) {
        let made = store.create_key(key::key(number, one), hash("secret", number), by);
        made.await.unwrap();
        if number == 0 {
            store.revoke_key(one, first, by, NOW).await.unwrap();
        }
    }
    let token = hash("session", 1);
    store
        .create_session(session::session(1, 1), token)
        .await
        .unwrap();
    let watch = Watch::on(store, one).await;

    let closed = NewPartner {
        only_if_first: true,
        ..new_partner(2)
    };
    for refused in [closed, new_partner(1)] {
        store.create_partner(refused).await.unwrap_err();
    }
    let wrong = ExpectedVerifier::Password(password(9).verifier);
    let replaced =
        store.replace_credentials(agent_id(1), wrong, Some(password(2)), None, None, NOW);
    replaced.await.unwrap_err();
    let none = NewKeyring {
        generation: 2,
        copies: vec![],
        certificate: super::certificate(2),
    };
    store.replace_keyring(one, none, by, NOW).await.unwrap_err();
    watch.silent("nothing about the account changed").await;

    let other = SessionRef::from_bytes([9; 16]);
    assert!(!store.end_session(agent_id(1), other, NOW).await.unwrap());
    store
        .create_session(session::session(2, 7), token)
        .await
        .unwrap_err();
    store.session(token, after(DAY)).await.unwrap().unwrap();
    store.ready().await.unwrap();
    watch.silent("no session began or ended").await;

    let many = store.create_key(key::key(500, one), hash("secret", 500), by);
    many.await.unwrap_err();
    store.revoke_key(one, first, by, after(5)).await.unwrap();
    let caller = store.key_caller("key1", hash("secret", 1), after(DAY));
    caller.await.unwrap().unwrap();
    store.server_secret([1; 32]).await.unwrap();
    store.ready().await.unwrap();
    watch.silent("no key was made or revoked").await;
}

pub(crate) async fn sweeping_rows_writes_no_events(store: &dyn Store) {
    let one = partner(store, 1).await;
    for number in 1..=3 {
        store.create_link(plain(one, number)).await.unwrap();
    }
    let customer = seated(store, 1, 1).await;
    let new = message::message(customer.chat, 1, 1);
    store.send(&customer.who(), new).await.unwrap();
    store
        .end_chat(&agent(one), customer.chat, NOW)
        .await
        .unwrap();
    let token = hash("session", 1);
    store
        .create_session(session::session(1, 1), token)
        .await
        .unwrap();
    let watch = Watch::on(store, one).await;
    let late = after(100 * DAY);
    assert_eq!(store.sweep_chats(late, 100).await.unwrap(), 4);
    assert_eq!(store.sweep_links(late, 100).await.unwrap(), 2);
    assert_eq!(store.sweep_sessions(late, 100).await.unwrap(), 1);
    watch.silent("sweeping is no news").await;
    let all = LinkQuery {
        now: late,
        ..super::link::every(one, late)
    };
    assert_eq!(store.links(all).await.unwrap(), []);
}

fn kept(passing_before: i64, audit_before: i64) -> LogRetention {
    LogRetention {
        passing_before: after(passing_before),
        audit_before: after(audit_before),
    }
}

async fn numbers(store: &dyn Store, partner: PartnerId) -> Vec<u64> {
    let events = store.events(partner, 0, 1_000).await.unwrap();
    events.into_iter().map(|entry| entry.seq).collect()
}

/// A log of ten events: 1 to 4 for the audit at 0, 0, 1000 and 1000 ms, then messages, receipts and the end.
async fn ten_events(store: &dyn Store) -> PartnerId {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    let customer = seated(store, 1, 1).await;
    let (who, desk) = (customer.who(), agent(one));
    for (number, at) in [(1, 2000), (2, 4000)] {
        let new = NewMessage {
            now: after(at),
            ..message::message(customer.chat, 1, number)
        };
        store.send(&who, new).await.unwrap();
    }
    for (participant, at) in [(&desk, 5000), (&who, 6000)] {
        let marked = store.mark_seen(participant, customer.chat, FIRST, after(at));
        marked.await.unwrap();
    }
    store
        .end_chat(&desk, customer.chat, after(7000))
        .await
        .unwrap();
    assert_eq!(numbers(store, one).await, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    one
}

async fn swept(store: &dyn Store) -> (u64, u64) {
    let bounds = store.log_bounds().await.unwrap();
    (bounds.newest, bounds.swept)
}

pub(crate) async fn events_are_swept_by_what_they_are(store: &dyn Store) {
    let empty = store.log_bounds().await.unwrap();
    assert_eq!((empty.newest, empty.swept), (0, 0));
    let one = ten_events(store).await;
    let all = store.events(one, 0, 99).await.unwrap();
    let passing: Vec<u64> = all
        .iter()
        .filter(|entry| !entry.event.is_for_audit())
        .map(|entry| entry.seq)
        .collect();
    assert_eq!(passing, [5, 6, 7, 8]);
    assert_eq!(swept(store).await, (10, 0));
    for (keep, limit, removed, left, up_to) in [
        // What happened at that very instant stays.
        (kept(2000, 0), 9, 0, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], 0),
        (kept(5000, 0), 9, 2, &[1, 2, 3, 4, 7, 8, 9, 10], 0),
        (kept(9000, 0), 1, 1, &[1, 2, 3, 4, 8, 9, 10], 0),
        // Of both kinds together no more than the limit goes.
        (kept(9000, 9000), 2, 2, &[2, 3, 4, 9, 10], 1),
        (kept(0, 1001), 9, 3, &[9, 10], 4),
        (kept(0, 1001), 9, 0, &[9, 10], 4),
    ] {
        let done = store.sweep_events(keep, limit).await.unwrap();
        assert_eq!(done, removed, "{keep:?}");
        assert_eq!(numbers(store, one).await, left, "{keep:?}");
        assert_eq!(swept(store).await, (10, up_to), "{keep:?}");
    }
    let epoch = store.log_bounds().await.unwrap().epoch;
    assert_eq!(epoch, empty.epoch, "it is the same log");
    assert_ne!(epoch, [0; 16]);
}

pub(crate) async fn numbers_go_on_after_everything_was_swept(store: &dyn Store) {
    let one = ten_events(store).await;
    let everything = kept(100_000, 100_000);
    assert_eq!(store.sweep_events(everything, 99).await.unwrap(), 10);
    assert_eq!(store.events(one, 0, 99).await.unwrap(), []);
    assert_eq!(swept(store).await, (10, 10));
    for next in 11..14 {
        store.create_link(plain(one, next)).await.unwrap();
        assert_eq!(numbers(store, one).await, [next]);
        assert_eq!(swept(store).await, (next, next - 1));
        assert_eq!(store.sweep_events(everything, 99).await.unwrap(), 1);
        assert_eq!(swept(store).await, (next, next));
    }
}

pub(crate) async fn a_clock_that_was_set_back_does_not_disorder_the_log(store: &dyn Store) {
    let one = partner(store, 1).await;
    let made_at = |number, now: Timestamp| NewLink {
        now,
        ..plain(one, number)
    };
    for (number, at) in [(1, 5000), (2, 10), (3, 6000)] {
        store.create_link(made_at(number, after(at))).await.unwrap();
    }
    let events = store.events(one, 1, 9).await.unwrap();
    let listed: Vec<_> = events.iter().map(|entry| (entry.seq, entry.at)).collect();
    assert_eq!(listed, [(2, after(5000)), (3, after(10)), (4, after(6000))]);
    // What is old by the clock goes. Whoever has read up to a lower number may have missed it, and is told so.
    assert_eq!(store.sweep_events(kept(0, 11), 9).await.unwrap(), 2);
    assert_eq!(numbers(store, one).await, [2, 4]);
    assert_eq!(swept(store).await, (4, 3));
    let by = events
        .iter()
        .all(|entry| entry.by == agent_of(one) && matches!(entry.event, LoggedEvent::Link(..)));
    assert!(by && events.iter().all(|entry| entry.by != Actor::Server));
}
