//! A message that can't be sent is refused once, beside itself, and the others go on; one that a socket breaks of goes
//! another way.

use crate::support::{Middleman, Partner, Refusal, Running, Terminal, free_port, open};
use serde_json::{Value, json};

/// A server, a link's customer and an agent, with something between the customer and the server.
fn scene(
    folder: &std::path::Path,
    refusal: Refusal,
    passes_calls: bool,
) -> (Running, Middleman, Terminal, Terminal) {
    let server = Running::start(folder, free_port());
    let partner = Partner::create(&server, folder);
    let link = partner.link(&["--chat", "c"]);
    let middleman = Middleman::before(server.port(), refusal, passes_calls);
    let url = link["secureUrl"].as_str().unwrap();
    let through = url.replace(&server.port().to_string(), &middleman.port().to_string());
    let customer = open(&json!({ "secureUrl": through })).ready();
    let agent = partner.attend(&["--chat", "c"]).ready();
    (server, middleman, customer, agent)
}

#[test]
fn what_is_beyond_a_limit_is_refused_at_once_and_the_next_line_goes_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    for beyond in [
        format!("x{}", "\u{1}".repeat(16_000)),
        "\u{0}A".repeat(8_192),
        "é".repeat(8_193),
    ] {
        let mut customer = open(&partner.link(&[])).ready();
        customer.say(&beyond);
        customer.say("please help");
        assert_ne!(customer.end(), None);
        let problems = all(&customer, "problem");
        assert_eq!(
            problems.len(),
            2,
            "the line, and what was not sent: {problems:?}"
        );
        let error = problems[0]["error"].as_str().unwrap();
        assert!(error.contains("16 KiB"), "{error}");
        assert_eq!(customer.count_status("sent"), 1);
    }
}

#[test]
fn the_longest_of_every_kind_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut customer = open(&partner.link(&["--chat", "c"])).ready();
    let mut agent = partner.attend(&["--chat", "c"]).ready();
    for longest in [
        "x".repeat(16_384),
        format!("x{}", "\u{1}".repeat(5_456)),
        "😀".repeat(4_096),
    ] {
        customer.say(&longest);
        customer.wait_for(&json!({ "event": "status", "status": "sent" }));
        agent.wait_for(&json!({ "event": "message", "text": longest }));
    }
}

#[test]
fn a_message_that_breaks_the_socket_goes_by_a_call_of_its_own() {
    for refusal in [Refusal::Break, Refusal::Close(1009), Refusal::Close(1008)] {
        let folder = tempfile::tempdir().unwrap();
        let (_server, middleman, mut customer, mut agent) = scene(folder.path(), refusal, true);
        let long = "x".repeat(10_000);
        customer.say(&long);
        agent.wait_for(&json!({ "event": "message", "text": long }));
        customer.say("please help");
        agent.wait_for(&json!({ "event": "message", "text": "please help" }));
        agent.say(r#"{"seen":2}"#);
        customer.wait_for(&json!({ "event": "status", "status": "read" }));
        assert_eq!(middleman.sockets(), 2, "{refusal:?}");
    }
}

#[test]
fn a_message_that_nothing_carries_is_refused_once_and_the_others_go_on() {
    for refusal in [Refusal::Break, Refusal::Close(1009)] {
        let folder = tempfile::tempdir().unwrap();
        let (_server, middleman, mut customer, mut agent) = scene(folder.path(), refusal, false);
        customer.say(&"x".repeat(10_000));
        customer.say("please help");
        agent.wait_for(&json!({ "event": "message", "text": "please help" }));
        customer.end();
        let problems = all(&customer, "problem");
        assert_eq!(
            problems.len(),
            2,
            "the line, and what was not sent: {problems:?}"
        );
        assert_eq!(problems[0]["chatId"], "c");
        assert_eq!(middleman.sockets(), 2, "{refusal:?}");
    }
}

fn all<'a>(terminal: &'a Terminal, event: &str) -> Vec<&'a Value> {
    terminal
        .events
        .iter()
        .filter(|told| told["event"] == event)
        .collect()
}
