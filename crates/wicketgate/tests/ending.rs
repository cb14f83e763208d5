//! The end of a conversation tells the truth: status 0 only if everything that was read has arrived.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use crate::support::{Partner, Running, Terminal, free_port, open, program};
use serde_json::json;

/// A server, a partner and a customer who is in.
fn scene(folder: &std::path::Path, flags: &[&str]) -> (Running, Partner, Terminal) {
    let server = Running::start(folder, free_port());
    let partner = Partner::create(&server, folder);
    let link = partner.link(&["--chat", "c"]);
    let url = link["secureUrl"].as_str().unwrap();
    let words = [&["chat", "open", url, "--json"], flags].concat();
    let customer = Terminal::start(&words).ready();
    (server, partner, customer)
}

#[test]
fn what_a_server_that_is_away_did_not_get_is_told_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _partner, mut customer) = scene(folder.path(), &["--wait", "3s"]);
    customer.say("one");
    customer.wait_for(&json!({ "event": "status", "status": "sent" }));
    server.kill();
    customer.wait_for(&json!({ "event": "connection", "connected": false }));
    customer.say("two");
    customer.say("three");
    assert_eq!(customer.end(), Some(1));
    assert!(
        customer
            .events
            .contains(&json!({ "event": "waiting", "unsent": 2 })),
        "it says what it waits for: {:?}",
        customer.events
    );
    let last = customer.events.last().unwrap();
    assert_eq!(
        (&last["code"], &last["unsent"], &last["error"]),
        (
            &json!("unsent"),
            &json!(2),
            &json!("2 of 3 lines were not sent.")
        )
    );
}

#[test]
fn a_signal_ends_it_and_the_status_says_whether_anything_was_lost() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let folder = tempfile::tempdir().unwrap();
        let (server, partner, mut customer) = scene(folder.path(), &[]);
        customer.say("one");
        customer.wait_for(&json!({ "event": "status", "status": "sent" }));
        assert_eq!(customer.signal(signal), Some(0), "{signal}");

        let mut late = open(&partner.link(&[])).ready();
        server.kill();
        late.wait_for(&json!({ "event": "connection", "connected": false }));
        late.say("two");
        // The line has to be read before the signal comes; what is refused is told at once, and lines keep their order.
        late.say("{");
        late.wait_for(&json!({ "event": "problem", "code": "bad_line" }));
        assert_eq!(late.signal(signal), Some(1), "{signal}");
        assert_eq!(late.events.last().unwrap()["unsent"], 2, "{signal}");
    }
}

#[test]
fn what_waited_for_a_server_arrives_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let server = Running::start(folder.path(), port);
    let partner = Partner::create(&server, folder.path());
    let mut customer = open(&partner.link(&["--chat", "c"])).ready();
    server.kill();
    customer.say("while you were away");
    let starter = std::thread::spawn({
        let folder = folder.path().to_owned();
        move || Running::start(&folder, port)
    });
    assert_eq!(customer.end(), Some(0));
    assert_eq!(customer.count_status("sent"), 1);
    drop(starter.join().unwrap());
}

#[test]
fn a_server_that_never_answered_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    server.kill();
    let mut agent = partner.attend(&[]);
    agent.wait_for(&json!({ "event": "problem", "code": "unreachable" }));
    assert_eq!(agent.end(), Some(1));
}

/// Runs without `--json`, as a script does.
fn script(words: &[&str], input: &str) -> Output {
    let mut child = program()
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that refuses before it reads closes its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn lines_of_a_script_are_sent_to_the_one_chat_or_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut guest = open(&partner.link(&["--chat", "Desk 7"])).ready();
    guest.say("hello");
    guest.wait_for(&json!({ "event": "status", "status": "sent" }));
    let words = partner.attending();
    let words: Vec<_> = words.iter().map(String::as_str).collect();

    let output = script(&words, "@Desk 7 your PIN is 4711\n");
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("--chat"), "{errors}");

    let words = [&words[..], &["--chat", "Desk 7"]].concat();
    let output = script(
        &words,
        "\u{feff}your PIN is 4711\n/help\n//help\n\u{200b}\n",
    );
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("1 of 3 lines was not sent."), "{errors}");
    guest.wait_for(&json!({ "event": "message", "text": "/help" }));
    assert_eq!(guest.texts(), ["your PIN is 4711", "/help"]);
}
