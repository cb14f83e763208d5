//! What `docs/bots.md` promises: a bot gets each message at least once, and can answer each exactly once, whatever is
//! killed in between.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::support::{PATIENCE, Partner, Running, free_port, open};
use serde_json::{Value, json};
use tokio::{sync::Notify, task::JoinSet};
use wicketgate_client::{
    ApiClient, ApiKey, Invitation, Label, LinkWish, Server,
    live::{self, Content, Event, Line, MessageText},
};

#[test]
fn what_a_bot_has_not_dealt_with_comes_again_whatever_its_colleagues_have_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut bot = partner.attend(&[]).ready();
    assert_eq!(bot.end(), Some(0));

    // The chat begins while the bot is away, and a colleague reads it.
    let mut customer = open(&partner.link(&["--chat", "Desk 7"])).ready();
    customer.say("one");
    let elsewhere = folder.path().join("elsewhere");
    let elsewhere = ["--state", elsewhere.to_str().unwrap()];
    let mut colleague = partner.attend(&elsewhere).ready();
    colleague.wait_for(&json!({ "event": "message", "text": "one" }));
    colleague.say(r#"{"chatId":"Desk 7","seen":1}"#);
    customer.wait_for(&json!({ "event": "status", "status": "read" }));

    let mut bot = partner.attend(&[]).ready();
    let first = bot.wait_for(&json!({ "event": "message", "text": "one", "chatId": "Desk 7" }));
    assert_eq!(
        (&first["again"], &first["seen"]),
        (&Value::Null, &Value::Null)
    );
    bot.kill();
    let mut bot = partner.attend(&[]).ready();
    let again = bot.wait_for(&json!({ "event": "message", "text": "one" }));
    assert_eq!(
        (&again["again"], &again["seen"]),
        (&json!(true), &Value::Null)
    );
    bot.say(r#"{"chatId":"Desk 7","seen":2,"id":"too far"}"#);
    bot.wait_for(
        &json!({ "event": "problem", "code": "not_given", "chatId": "Desk 7", "id": "too far" }),
    );
    bot.say(r#"{"chatId":"Desk 7","seen":1}"#);
    bot.say(r#"{"chatId":"Desk 7","text":"first answer"}"#);
    bot.wait_for(&json!({ "event": "status", "status": "sent" }));
    bot.kill();

    customer.say("two");
    let mut bot = partner.attend(&["--history", "2"]).ready();
    bot.wait_for(&json!({ "event": "message", "text": "two" }));
    let given: Vec<_> = bot
        .events
        .iter()
        .filter(|event| event["event"] == "message")
        .map(|event| (event["text"].as_str().unwrap(), event["seen"] == true))
        .collect();
    assert_eq!(given, [("first answer", true), ("two", false)]);
    let mut other = partner.attend(&["--name", "another"]).ready();
    other.wait_for(&json!({ "event": "message", "text": "two" }));
    assert_eq!(
        other.texts(),
        ["two"],
        "it begins with what nobody has read"
    );
}

#[test]
fn an_answer_of_the_same_name_is_sent_once_through_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let mut customer = open(&partner.link(&["--chat", "c"])).ready();
    customer.say("question");
    let mut bot = partner.attend(&[]).ready();
    bot.wait_for(&json!({ "event": "message", "text": "question" }));
    let cid = "0b0e8a3e-55d2-5a68-9b5e-0f0f0f0f0f0f";
    bot.say(&json!({ "chatId": "c", "text": "answer", "cid": cid }).to_string());
    customer.wait_for(&json!({ "event": "message", "text": "answer", "cid": cid }));
    bot.kill();

    let mut bot = partner.attend(&[]).ready();
    bot.wait_for(&json!({ "event": "message", "text": "question", "again": true }));
    let again = json!({ "chatId": "c", "text": "answer", "cid": cid, "id": "x", "seen": 1 });
    bot.say(&again.to_string());
    bot.wait_for(&json!({ "event": "status", "cid": cid, "id": "x", "status": "sent", "seq": 2 }));
    bot.say(&json!({ "chatId": "c", "text": "another", "cid": cid }).to_string());
    bot.wait_for(&json!({ "event": "problem", "code": "other_content", "cid": cid }));
    bot.say(&json!({ "chatId": "c", "text": "the end" }).to_string());
    customer.wait_for(&json!({ "event": "message", "text": "the end", "seq": 3 }));
    assert_eq!(customer.texts(), ["answer", "the end"]);
    assert_eq!(bot.end(), Some(1), "one line was refused");
    let mut bot = partner.attend(&[]).ready();
    assert_eq!(bot.end(), Some(0));
    assert!(
        bot.texts().is_empty(),
        "all of it was dealt with: {:?}",
        bot.events
    );
}

const CHATS: usize = 20;
const MESSAGES: usize = 12;

/// How many answers have come, in all chats.
#[derive(Default)]
struct Answers {
    count: AtomicUsize,
    news: Notify,
}

impl Answers {
    async fn reach(&self, wanted: usize) {
        loop {
            let news = self.news.notified();
            if self.count.load(Ordering::SeqCst) >= wanted {
                return;
            }
            tokio::time::timeout(PATIENCE, news)
                .await
                .unwrap_or_else(|_| panic!("{} of {wanted}", self.count.load(Ordering::SeqCst)));
        }
    }
}

/// The bot of the documentation, killed when it is dropped.
struct Bot(Child);

impl Bot {
    fn start(partner: &Partner, state: &Path) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/bots/echo.py");
        let child = Command::new("python3")
            .args([script, env!("CARGO_BIN_EXE_wicketgate")])
            .args(partner.attending())
            .args(["--json", "--name", "echo", "--state"])
            .arg(state)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_of_the_documentation_answers_each_message_once_through_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let start = || Running::start_with(folder.path(), port, &["--limits", "off"]);
    let mut server = start();
    let partner = Partner::create(&server, folder.path());
    let state = folder.path().join("state");
    let mut bot = Bot::start(&partner, &state);
    let answers = Arc::new(Answers::default());
    let mut customers = JoinSet::new();
    for chat in 0..CHATS {
        let key = ApiKey::parse(&partner.api_key).unwrap();
        let server = Server::at(&server.url()).unwrap();
        let client = ApiClient::new(server, key);
        customers.spawn(customer(client, chat, Arc::clone(&answers)));
    }
    let all = CHATS * MESSAGES;
    for (step, part) in [1, 2, 3, 4, 5].into_iter().enumerate() {
        answers.reach(all * part / 7).await;
        if step == 2 {
            server.kill();
            server = start();
        } else {
            bot = {
                drop(bot);
                Bot::start(&partner, &state)
            };
        }
    }
    let over = async {
        while let Some(done) = customers.join_next().await {
            done.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE * 2, over)
        .await
        .expect("every message is answered");
    drop((bot, server));
}

/// Says everything, and hears an answer to each: in order, once, and no other.
async fn customer(client: ApiClient, chat: usize, answers: Arc<Answers>) {
    let wish = LinkWish {
        chat_id: Some(format!("Desk {chat}")),
        lifetime: Duration::from_hours(1),
        label: Label::parse("").unwrap(),
    };
    let made = client.make_link(&wish).await.unwrap();
    let invitation = Invitation::look(&made.url).await.unwrap();
    let (mut live, writer) = live::converse(invitation.redeem().await.unwrap());
    let said: Vec<_> = (0..MESSAGES)
        .map(|number| format!("{number} of Desk {chat}\nand a second line"))
        .collect();
    for text in &said {
        let saying = Line::saying(MessageText::parse(text).unwrap());
        writer.write(saying).await.unwrap();
    }
    let mut heard = Vec::new();
    while heard.len() < MESSAGES {
        match live.next().await.unwrap() {
            Event::Message(incoming) => {
                let Some(Content::Text(text)) = incoming.content else {
                    panic!("a message that does not open")
                };
                heard.push(text.as_str().to_owned());
                answers.count.fetch_add(1, Ordering::SeqCst);
                answers.news.notify_waiters();
            }
            Event::Problem(trouble) => panic!("{}", trouble.error),
            _ => {}
        }
    }
    let expected: Vec<_> = said
        .iter()
        .map(|text| format!("You said: {text}"))
        .collect();
    assert_eq!(heard, expected);
    // Had anything been doubled, it would stand before the answer to this.
    writer
        .write(Line::saying(MessageText::parse("bye").unwrap()))
        .await
        .unwrap();
    loop {
        if let Event::Message(incoming) = live.next().await.unwrap() {
            let Some(Content::Text(text)) = incoming.content else {
                panic!("a message that does not open")
            };
            assert_eq!(text.as_str(), "You said: bye");
            return;
        }
    }
}
