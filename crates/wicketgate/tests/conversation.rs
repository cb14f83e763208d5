//! Two terminals and a server: everything that was said arrives once and in order, through a `kill -9`, and what is
//! secret is in no log and in no file.

use std::{fs, path::Path};

use crate::support::{PASSWORD, Partner, Running, SETUP_TOKEN, free_port, open};
use serde_json::json;

#[test]
fn a_customer_and_an_agent_talk_and_see_how_far_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&["--chat", "table 4", "--label", "window seat"]);
    assert_eq!(link["chatId"], "table 4");
    let mut customer = open(&link).ready();
    let mut agent = partner.attend(&["--chat", "table 4"]).ready();

    customer.say("Is a table free?");
    let heard = agent.wait_for(&json!({ "event": "message" }));
    let sent = customer.wait_for(&json!({ "event": "status", "status": "sent", "seq": 1 }));
    let at = heard["at"].as_str().unwrap();
    assert!(at.len() == 24 && at.ends_with('Z'), "milliseconds: {at}");
    assert_eq!(
        heard,
        json!({
            "event": "message", "chatId": "table 4", "from": "customer", "seq": 1, "at": at, "cid": sent["cid"],
            "seat": 1, "link": "key", "text": "Is a table free?"
        })
    );
    customer.wait_for(&json!({ "event": "status", "status": "delivered" }));
    agent.say(&json!({ "chatId": "table 4", "seen": 1 }).to_string());
    customer.wait_for(&json!({ "event": "status", "status": "read" }));

    agent.say(
        &json!({ "chatId": "table 4", "text": "Yes,\nat eight.", "id": "a line of mine" })
            .to_string(),
    );
    let taken = agent.wait_for(&json!({ "event": "status", "status": "waiting" }));
    assert_eq!(taken["id"], "a line of mine");
    assert_eq!(taken["chatId"], "table 4");
    let heard = customer.wait_for(
        &json!({ "event": "message", "from": "partner", "seq": 2, "text": "Yes,\nat eight." }),
    );
    assert_eq!(heard["cid"], taken["cid"]);
    customer.say(r#"{"seen":2}"#);
    agent.wait_for(
        &json!({ "event": "status", "status": "read", "cid": taken["cid"], "id": "a line of mine", "seq": 2 }),
    );

    customer.say(&"long ".repeat(4_000));
    customer.wait_for(&json!({ "event": "problem", "code": "text_length", "line": 3 }));
    customer.say("Thank you!");
    assert_eq!(
        customer.end(),
        Some(1),
        "leaves once everything is acknowledged, and says that one line was not sent"
    );
    assert_eq!(
        customer.events.last().unwrap()["error"],
        "1 of 3 lines was not sent."
    );
    agent.wait_for(&json!({ "event": "message", "text": "Thank you!" }));
    assert_eq!(agent.end(), Some(0));
    assert_eq!(
        customer.texts(),
        ["Yes,\nat eight."],
        "own messages are no events"
    );
    assert_eq!(agent.texts(), ["Is a table free?", "Thank you!"]);
    assert_eq!(
        server.stop(),
        Some(0),
        "a server that is asked to stop has done nothing wrong"
    );
}

#[test]
fn whoever_has_nothing_to_say_is_ready_before_leaving() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let ready = json!({ "event": "ready", "chatId": "c" });
    let mut customer = open(&partner.link(&["--chat", "c"]));
    assert_eq!(customer.end(), Some(0));
    assert!(customer.events.contains(&ready), "{:?}", customer.events);
    let mut agent = partner.attend(&["--chat", "c"]);
    assert_eq!(agent.end(), Some(0));
    assert!(agent.events.contains(&ready), "{:?}", agent.events);
}

#[test]
fn an_agent_attends_every_chat_by_name_and_those_that_come_later() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut first = open(&partner.link(&["--chat", "one"])).ready();
    first.say("I was here before you");
    first.wait_for(&json!({ "event": "status", "status": "sent" }));

    let mut agent = partner.attend(&[]).ready();
    agent
        .wait_for(&json!({ "event": "message", "chatId": "one", "text": "I was here before you" }));
    let mut second = open(&partner.link(&["--chat", "two"])).ready();
    second.say("I came after you");
    agent.wait_for(&json!({ "event": "message", "chatId": "two", "text": "I came after you" }));

    agent.say(&json!({ "chatId": "one", "text": "hello one" }).to_string());
    agent.say(&json!({ "chatId": "two", "text": "hello two\nwith a second line" }).to_string());
    agent.say("no JSON");
    agent.say(&json!({ "chat": "one", "text": "an old member" }).to_string());
    agent.say(&json!({ "text": "for nobody" }).to_string());
    agent.say(&json!({ "chatId": "three", "text": "nobody", "id": "t" }).to_string());
    first.wait_for(&json!({ "event": "message", "text": "hello one" }));
    second.wait_for(&json!({ "event": "message", "text": "hello two\nwith a second line" }));
    let unknown = agent.wait_for(&json!({ "event": "problem", "error": "There is no such chat." }));
    assert_eq!(
        (&unknown["code"], &unknown["chatId"], &unknown["id"]),
        (&json!("not_found"), &json!("three"), &json!("t"))
    );
    let codes: Vec<_> = agent
        .events
        .iter()
        .filter(|event| !event["line"].is_null())
        .map(|event| (event["line"].clone(), event["code"].clone()))
        .collect();
    assert_eq!(
        codes,
        [
            (json!(3), json!("bad_line")),
            (json!(4), json!("bad_line")),
            (json!(5), json!("no_chat"))
        ]
    );
    let named = agent
        .events
        .iter()
        .find(|event| event["line"] == 4)
        .unwrap();
    assert!(
        named["error"].as_str().unwrap().contains("`chat`"),
        "{named}"
    );
    assert_eq!(agent.end(), Some(1));
    assert_eq!(agent.events.last().unwrap()["unsent"], 4);
}

#[test]
fn a_second_link_closes_the_first_seat_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut agent = partner.attend(&[]).ready();
    let mut first = open(&partner.link(&["--chat", "c"])).ready();
    first.say("from the first");
    agent.wait_for(&json!({ "event": "message", "text": "from the first" }));
    let mut second = open(&partner.link(&["--chat", "c"])).ready();
    first.wait_for(&json!({ "event": "ended", "chatId": "c" }));
    assert_eq!(first.end(), Some(0));
    second.say("from the second");
    agent.wait_for(&json!({ "event": "message", "text": "from the second", "seq": 2 }));
    agent.say(&json!({ "chatId": "c", "text": "to the second" }).to_string());
    second.wait_for(&json!({ "event": "message", "text": "to the second", "seq": 3 }));
    assert_eq!(
        second.texts(),
        ["to the second"],
        "nothing of what the first one said"
    );
}

#[test]
fn what_keeps_an_agent_out_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut lost = partner.attend(&["--chat", "nowhere"]);
    lost.wait_for(&json!({ "event": "problem", "error": "There is no chat named `nowhere`." }));
    assert_eq!(lost.end(), Some(1));
    fs::write(&partner.password_file, "not the password").unwrap();
    let mut stranger = partner.attend(&[]);
    stranger.wait_for(&json!({ "event": "problem", "error": "E-mail or password is wrong" }));
    assert_eq!(stranger.end(), Some(1));
}

/// How many messages each side sends around a kill.
const MESSAGES: usize = 40;

#[test]
fn both_terminals_outlive_a_killed_server_and_no_secret_is_left_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut server = Running::start(folder.path(), port);
    let mut logs = String::new();
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&["--chat", "table-4", "--label", "the label nobody may read"]);
    let mut customer = open(&link).ready();
    let mut agent = partner.attend(&["--chat", "table-4"]).ready();
    for number in 0..MESSAGES {
        customer.say(&format!("secret question {number}"));
        agent.say(&format!("secret answer {number}"));
        if number % 10 == 5 {
            // Some are acknowledged, some are on their way, some wait.
            logs += &server.kill();
            server = Running::start(folder.path(), port);
        }
    }
    agent.wait_for(
        &json!({ "event": "message", "text": format!("secret question {}", MESSAGES - 1) }),
    );
    customer.wait_for(
        &json!({ "event": "message", "text": format!("secret answer {}", MESSAGES - 1) }),
    );
    assert_eq!(customer.end(), Some(0));
    assert_eq!(agent.end(), Some(0));
    let expected = |kind: &str| {
        (0..MESSAGES)
            .map(|number| format!("secret {kind} {number}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(agent.texts(), expected("question"));
    assert_eq!(customer.texts(), expected("answer"));
    assert_eq!(customer.count_status("sent"), MESSAGES);
    assert_eq!(agent.count_status("sent"), MESSAGES);
    logs += &server.kill();

    let url = link["secureUrl"].as_str().unwrap();
    let (_, fragment) = url.split_once("#1.").unwrap();
    let (_, key_secret) = partner.api_key.split_once('.').unwrap();
    let (key_secret, _) = key_secret.split_once('.').unwrap();
    let secrets = [
        ("the link's id", link["linkId"].as_str().unwrap()),
        ("the link's secret", fragment),
        ("the API key's secret", key_secret),
        ("the recovery code", &partner.recovery_code),
        ("the password", PASSWORD),
        ("the set-up token", SETUP_TOKEN),
        ("a message", "secret question"),
        ("an answer", "secret answer"),
        ("the label", "the label nobody may read"),
        ("a session's token", "wgs_"),
        ("a seat's token", "wgc_"),
    ];
    assert!(logs.contains("listening"), "there are logs to look at");
    for (name, secret) in secrets {
        assert!(!logs.contains(secret), "{name} is in the logs");
        for (path, bytes) in files(folder.path()) {
            assert!(!holds(&bytes, secret.as_bytes()), "{name} is in {path}");
        }
    }
}

/// Every file of the server in the folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let kept = paths.filter(|path| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("wicketgate.db")
    });
    let files: Vec<_> = kept
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect();
    assert!(!files.is_empty());
    files
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
