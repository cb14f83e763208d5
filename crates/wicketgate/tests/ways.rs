//! Where no socket goes through, plain calls take its place; where nothing does, the link stays as it is.

use crate::support::{Narrow, Partner, Running, free_port, open};
use serde_json::{Value, json};

/// The link's address through what stands before the server.
fn through(link: &Value, server: &Running, port: u16) -> Value {
    let url = link["secureUrl"].as_str().unwrap();
    json!({ "secureUrl": url.replacen(&server.port().to_string(), &port.to_string(), 1) })
}

#[test]
fn both_sides_talk_where_no_socket_goes_through() {
    for narrow in [Narrow::Stripped, Narrow::Refused, Narrow::Silent] {
        let folder = tempfile::tempdir().unwrap();
        let server = Running::start(folder.path(), free_port());
        let partner = Partner::create(&server, folder.path());
        let port = narrow.before(server.port());
        let link = partner.link(&["--chat", "one"]);
        let mut customer = open(&through(&link, &server, port));
        customer.wait_for(&json!({ "event": "connection", "connected": true, "by": "polling" }));
        customer.wait_for(&json!({ "event": "ready" }));
        let mut agent = partner.at(port).attend(&[]);
        agent.wait_for(&json!({ "event": "connection", "connected": true, "by": "polling" }));
        agent.wait_for(&json!({ "event": "ready", "chatId": null }));

        customer.say("Is a table free?");
        agent.wait_for(&json!({ "event": "message", "chatId": "one", "text": "Is a table free?" }));
        customer.wait_for(&json!({ "event": "status", "status": "delivered" }));
        agent.say(&json!({ "chatId": "one", "text": "Yes.", "seen": 1 }).to_string());
        customer.wait_for(&json!({ "event": "message", "text": "Yes.", "seq": 2 }));
        customer.have(&json!({ "event": "status", "status": "read" }));
        customer.say(r#"{"seen":2}"#);
        agent.wait_for(&json!({ "event": "status", "status": "read", "seq": 2 }));

        // A chat that begins later, and one more message in the first.
        let mut second = open(&partner.link(&["--chat", "two"])).ready();
        agent.wait_for(&json!({ "event": "ready", "chatId": "two" }));
        second.say("I came later");
        agent.wait_for(&json!({ "event": "message", "chatId": "two", "text": "I came later" }));
        agent.say(&json!({ "chatId": "two", "text": "Welcome." }).to_string());
        second.wait_for(&json!({ "event": "message", "text": "Welcome." }));
        customer.say("Thank you!");
        agent.wait_for(&json!({ "event": "message", "chatId": "one", "text": "Thank you!" }));
        assert_eq!(customer.end(), Some(0), "{narrow:?}");
        assert_eq!(agent.end(), Some(0), "{narrow:?}");
        assert_eq!(
            agent.texts(),
            ["Is a table free?", "I came later", "Thank you!"],
            "{narrow:?}: each once"
        );
    }
}

#[test]
fn a_chat_that_is_opened_by_another_link_is_closed_where_no_socket_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let port = Narrow::Stripped.before(server.port());
    let link = partner.link(&["--chat", "c"]);
    let mut first = open(&through(&link, &server, port)).ready();
    let mut agent = partner.at(port).attend(&[]).ready();
    agent.wait_for(&json!({ "event": "ready", "chatId": "c" }));
    let mut second = open(&partner.link(&["--chat", "c"])).ready();
    first.wait_for(&json!({ "event": "ended", "chatId": "c", "reason": "replaced" }));
    assert_eq!(first.end(), Some(0));
    agent.wait_for(&json!({ "event": "arrived", "chatId": "c", "seat": 2, "link": "key", "device": "terminal" }));
    agent.say(&json!({ "chatId": "c", "text": "to the second" }).to_string());
    second.wait_for(&json!({ "event": "message", "text": "to the second" }));
}

#[test]
fn a_server_that_restarts_behind_it_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let server = Running::start(folder.path(), port);
    let partner = Partner::create(&server, folder.path());
    let before = Narrow::Refused.before(port);
    let link = partner.link(&["--chat", "c"]);
    let mut customer = open(&through(&link, &server, before)).ready();
    customer.say("one");
    customer.wait_for(&json!({ "event": "status", "status": "sent" }));
    server.kill();
    customer.say("two");
    let _server = Running::start(folder.path(), port);
    customer.wait_for(&json!({ "event": "status", "status": "sent", "seq": 2 }));
    assert_eq!(customer.end(), Some(0));
}

#[test]
fn a_link_stays_valid_where_nothing_could_be_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&["--chat", "c"]);
    let port = Narrow::DoorOnly.before(server.port());
    let mut shut_out = open(&through(&link, &server, port));
    let problem = shut_out.wait_for(&json!({ "event": "problem", "code": "no_way" }));
    let error = problem["error"].as_str().unwrap();
    assert!(error.contains("still valid"), "{error}");
    assert_eq!(shut_out.end(), Some(1));
    let mut customer = open(&link).ready();
    customer.say("I am in");
    customer.wait_for(&json!({ "event": "status", "status": "sent" }));
}
