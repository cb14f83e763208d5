//! The event log as it lies in the file: in the transaction of its change, and without anything of what rows hold.

use crate::{
    conformance::{
        DAY, NOW, after, agent, agent_id, agent_of, certificate, hash, key, message, name,
        new_partner, partner, partner_id, password, plain, plain_to, press, recovery, sealed,
        seated, session,
    },
    fresh,
};
use rusqlite::Connection;
use std::path::Path;
use wicketgate_domain::{
    ChatRef, KeyRef, PartnerId, Store,
    chat::Cursors,
    event::LoggedEvent,
    link::Redemption,
    partner::{ExpectedVerifier, NewKeyring, SealedKeyring},
};

const FIRST: Cursors = Cursors {
    delivered: 1,
    read: 1,
};

/// One of each change that there is.
async fn everything(store: &dyn Store) -> PartnerId {
    let one = partner(store, 1).await;
    let by = agent_of(one);
    for number in [1, 2, 3] {
        let token = hash("session", number);
        let begun = store.create_session(session::session(number, 1), token);
        begun.await.unwrap();
    }
    let first = session::session(1, 1).session_ref;
    store.end_session(agent_id(1), first, NOW).await.unwrap();
    let checked = ExpectedVerifier::Password(password(1).verifier);
    let keep = Some(session::session(2, 1).session_ref);
    let (words, code) = (Some(password(2)), Some(recovery(2)));
    let replaced = store.replace_credentials(agent_id(1), checked, words, code, keep, NOW);
    replaced.await.unwrap();
    let copies = vec![SealedKeyring {
        agent: agent_id(1),
        sealed: b"keyring 2".to_vec(),
    }];
    let keyring = NewKeyring {
        generation: 2,
        copies,
        certificate: certificate(2),
    };
    store.replace_keyring(one, keyring, by, NOW).await.unwrap();
    let secret = hash("secret", 1);
    let made = store.create_key(key::key(1, one), secret, by);
    made.await.unwrap();
    let key_ref = KeyRef::from_bytes(name("key", 1));
    store.revoke_key(one, key_ref, by, NOW).await.unwrap();

    store.create_link(sealed(one, 1)).await.unwrap();
    for number in 2..=4 {
        store.create_link(plain_to(one, number, 1)).await.unwrap();
    }
    let unused = plain(one, 4).link_ref;
    store.revoke_link(one, unused, by, NOW).await.unwrap();
    let proven = Redemption {
        proof_hash: Some(hash("proof", 1)),
        ..press(1, 1)
    };
    store.redeem_link(proven).await.unwrap();
    let customer = seated(store, 2, 2).await;
    store.redeem_link(press(2, 3)).await.unwrap_err();
    let (who, desk) = (customer.who(), agent(one));
    for (participant, number) in [(&who, 1), (&desk, 2)] {
        let new = message::message(customer.chat, 2, number);
        store.send(participant, new).await.unwrap();
        let marked = store.mark_seen(participant, customer.chat, FIRST, NOW);
        marked.await.unwrap();
    }
    store.ask_for_link(&customer.holder, NOW).await.unwrap();
    store.end_chat(&desk, customer.chat, NOW).await.unwrap();
    one
}

/// Copies a file's rows of events into a file that holds nothing else; answers its bytes.
fn rows_alone(file: &Path, copy: &Path) -> Vec<u8> {
    let db = Connection::open(copy).unwrap();
    db.execute("ATTACH ?1 AS whole", [file.to_str().unwrap()])
        .unwrap();
    db.execute_batch("CREATE TABLE event AS SELECT * FROM whole.event; DETACH whole;")
        .unwrap();
    db.close().unwrap();
    std::fs::read(copy).unwrap()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|part| part == needle)
}

/// Whatever the database holds of words, secrets and sealed things, by what it is.
fn needles(partner: PartnerId) -> Vec<(&'static str, Vec<u8>)> {
    let hash = |purpose, number| hash(purpose, number).as_bytes().to_vec();
    let new = new_partner(1);
    let body = |number| {
        message::message(ChatRef::of(partner, "order 1"), 2, number)
            .body
            .to_vec()
    };
    vec![
        ("an e-mail", new.agent.email.as_str().into()),
        ("a partner's name", new.partner.name.as_str().into()),
        (
            "a chat's own name",
            plain(partner, 1).chat_id.as_str().into(),
        ),
        ("a label", b"vault 1".to_vec()),
        ("a customer's message", body(1)),
        ("an agent's message", body(2)),
        ("a seat's token", hash("token", 2)),
        ("a session's token", hash("session", 2)),
        ("a claim", hash("claim", 2)),
        ("a proof", hash("proof", 1)),
        ("a link's id", hash("link", 1)),
        ("a key's secret", hash("secret", 1)),
        ("a key's id", b"key1".to_vec()),
        ("a key's name", b"Shop 1".to_vec()),
        ("a password's verifier", password(2).verifier.into_bytes()),
        ("a recovery code's verifier", hash("recovery", 2)),
        ("a keyring", b"keyring 2".to_vec()),
        ("a cid", name("cid", 1).to_vec()),
    ]
}

#[tokio::test]
async fn a_row_of_the_log_holds_nothing_of_what_it_names() {
    let fresh = fresh().await;
    let one = everything(&*fresh.store).await;
    let events = fresh.store.events(one, 0, 1_000).await.unwrap();
    let link = plain(one, 1).link_ref;
    let named = events
        .iter()
        .any(|entry| matches!(entry.event, LoggedEvent::Link(_, named) if named == link));
    assert!(named, "a link is in the log by its public name");
    fresh.store.close().await;

    let file = fresh.folder.path().join("test.db");
    let whole = std::fs::read(&file).unwrap();
    let rows = rows_alone(&file, &fresh.folder.path().join("events.db"));
    assert!(holds(&rows, link.as_bytes()), "the rows are there");
    for (what, needle) in needles(one) {
        assert!(holds(&whole, &needle), "{what} is in the database");
        assert!(!holds(&rows, &needle), "{what} is in the log");
    }
}

#[tokio::test]
async fn a_change_without_its_event_does_not_stand() {
    let fresh = fresh().await;
    let store = &*fresh.store;
    let one = partner(store, 1).await;
    let by = agent_of(one);
    for number in 1..=3 {
        store.create_link(plain(one, number)).await.unwrap();
    }
    let token = hash("session", 1);
    let begun = session::session(1, 1);
    let session_ref = begun.session_ref;
    store.create_session(begun, token).await.unwrap();
    let customer = seated(store, 1, 1).await;
    let (who, desk, chat) = (customer.who(), agent(one), customer.chat);
    let first = message::message(chat, 1, 1);
    store.send(&who, first).await.unwrap();
    let key_secret = hash("secret", 1);
    let made = store.create_key(key::key(1, one), key_secret, by);
    made.await.unwrap();

    let file = Connection::open(fresh.folder.path().join("test.db")).unwrap();
    let before = dump(&file);
    file.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no events'); END",
    )
    .unwrap();
    let mut said = Vec::new();
    macro_rules! fails {
        ($($call:expr),* $(,)?) => { $( said.push($call.await.unwrap_err().to_string()); )* };
    }
    let later = after(DAY - 1);
    let checked = ExpectedVerifier::Password(password(1).verifier);
    fails! {
        store.create_partner(new_partner(2)),
        store.create_session(session::session(2, 1), hash("session", 2)),
        store.end_session(agent_id(1), session_ref, later),
        store.replace_credentials(agent_id(1), checked, Some(password(2)), None, None, later),
        store.create_key(key::key(2, one), key_secret, by),
        store.revoke_key(one, KeyRef::from_bytes(name("key", 1)), by, later),
        store.create_link(plain(one, 4)),
        store.revoke_link(one, plain(one, 2).link_ref, by, later),
        store.redeem_link(press(3, 3)),
        store.redeem_link(press(1, 3)),
        store.send(&desk, message::message(chat, 1, 2)),
        store.mark_seen(&desk, chat, FIRST, later),
        store.mark_seen(&who, chat, FIRST, later),
        store.ask_for_link(&customer.holder, later),
        store.end_chat(&who, chat, later),
    }
    for sentence in said {
        assert!(sentence.contains("no events"), "{sentence}");
    }
    file.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(dump(&file), before, "no row has changed");
    drop(file);
    store.create_partner(new_partner(2)).await.unwrap();
    assert!(store.partner(partner_id(2)).await.unwrap().is_some());
    fresh.finish().await;
}

/// Every row of every table of the domain, as text.
fn dump(file: &Connection) -> Vec<String> {
    let tables = [
        "partner",
        "certificate",
        "agent",
        "session",
        "api_key",
        "chat",
        "link",
        "seat",
        "message",
        "event",
        "sqlite_sequence",
    ];
    let mut lines = Vec::new();
    for table in tables {
        let mut statement = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
            lines.push(format!(
                "{table}: {}",
                values.collect::<Vec<_>>().join(", ")
            ));
        }
    }
    lines
}
