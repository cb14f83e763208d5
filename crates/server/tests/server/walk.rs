//! Every call is tried by everyone who must not: a call without a row here fails the test.

use crate::support::{Reply, TestApp, TestClient, cid, message_body};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Who may make a call.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Who {
    /// Anyone: it gives nothing away and checks what it is given.
    Anyone,
    /// A signed-in agent, about what is named in the path.
    AgentOf,
    /// A signed-in agent or a key, about what is named in the path.
    LinkCallerOf,
    /// A signed-in agent, about their own partner.
    Agent,
    /// A signed-in agent or a key, about their own partner.
    LinkCaller,
    /// An agent of the chat's partner, or whoever holds its seat.
    InChat,
    /// Whoever holds the chat's seat.
    OnSeat,
    /// The socket, which names a chat in its query.
    Socket,
}

const TABLE: &[(&str, &str, Who)] = &[
    ("post", "/api/generate-secure-link", Who::LinkCaller),
    ("post", "/api/validate-secure-link", Who::Anyone),
    ("get", "/api/links", Who::LinkCaller),
    ("post", "/api/links", Who::LinkCaller),
    ("post", "/api/links/batch", Who::LinkCaller),
    ("post", "/api/links/door", Who::Anyone),
    ("get", "/api/links/{ref}", Who::LinkCallerOf),
    ("post", "/api/links/{ref}/revoke", Who::LinkCallerOf),
    ("get", "/api/chats", Who::Agent),
    ("get", "/api/chats/{chatRef}", Who::AgentOf),
    ("get", "/api/chats/{chatRef}/seats", Who::AgentOf),
    ("get", "/api/chats/{chatRef}/seat", Who::OnSeat),
    ("post", "/api/chats/{chatRef}/ask", Who::OnSeat),
    ("post", "/api/chats/{chatRef}/end", Who::InChat),
    ("get", "/api/chats/{chatRef}/messages", Who::InChat),
    ("post", "/api/chats/{chatRef}/messages", Who::InChat),
    ("post", "/api/chats/{chatRef}/seen", Who::InChat),
    ("post", "/api/chats/{chatRef}/typing", Who::InChat),
    ("get", "/api/setup", Who::Anyone),
    ("post", "/api/setup", Who::Anyone),
    ("post", "/api/signin/start", Who::Anyone),
    ("post", "/api/signin", Who::Anyone),
    ("post", "/api/signout", Who::Agent),
    ("post", "/api/recovery/start", Who::Anyone),
    ("post", "/api/recovery/finish", Who::Anyone),
    ("get", "/api/me", Who::Agent),
    ("post", "/api/me/password", Who::Agent),
    ("post", "/api/me/recovery", Who::Agent),
    ("get", "/api/sessions", Who::Agent),
    ("post", "/api/sessions/{ref}/end", Who::AgentOf),
    ("get", "/api/keys", Who::Agent),
    ("post", "/api/keys", Who::Agent),
    ("post", "/api/keys/{ref}/revoke", Who::AgentOf),
    ("post", "/api/keyring", Who::Agent),
    ("get", "/api/partner", Who::LinkCaller),
    ("get", "/api/socket", Who::Socket),
];

/// Everyone who must not, and what they must not learn.
struct Scene {
    nobody: TestClient,
    other_agent: TestClient,
    other_program: TestClient,
    other_seat: TestClient,
    ended_session: TestClient,
    revoked_key: TestClient,
    owner: TestClient,
    link: String,
    chat: String,
    session: String,
    key: String,
    secrets: Vec<String>,
}

async fn scene(app: &TestApp) -> Scene {
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    let (link, customer) = ada.customer(json!({"chatId": "victim's chat"})).await;
    let message = json!({"cid": cid(), "seat": 1, "body": message_body(77)});
    let path = format!("/api/chats/{}/messages", link.chat);
    assert_eq!(customer.post(&path, &message).await.status, 200);
    let (_, other_seat) = bob.customer(json!({})).await;
    let sign_in =
        json!({"email": ada.email, "auth": crate::support::b64(1, 32), "credential": "bearer"});
    let ended = app.nobody().post("/api/signin", &sign_in).await;
    let ended_session = app.nobody().bearer(ended.text("token"));
    assert_eq!(
        ended_session.post("/api/signout", &json!({})).await.status,
        200
    );
    let made = ada
        .agent
        .post("/api/keys", &json!({"name": "victim's key"}))
        .await;
    let revoked = ada
        .agent
        .post("/api/keys", &json!({"name": "revoked"}))
        .await;
    let row = revoked.json["row"]["ref"].as_str().unwrap();
    let revoke = format!("/api/keys/{row}/revoke");
    assert_eq!(ada.agent.post(&revoke, &json!({})).await.status, 200);
    let sessions = ada.agent.get("/api/sessions").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (session, key) = (
        text(&sessions.json["sessions"][0]["ref"]),
        text(&made.json["row"]["ref"]),
    );
    Scene {
        nobody: app.nobody(),
        other_program: bob
            .program(&["links:write", "links:read", "links:existing"])
            .await,
        other_agent: bob.agent,
        other_seat,
        ended_session,
        revoked_key: app.nobody().bearer(revoked.text("key")),
        secrets: vec![
            ada.id,
            ada.email,
            link.link_ref.clone(),
            link.chat.clone(),
            session.clone(),
            key.clone(),
            "victim's".to_owned(),
            message_body(77),
        ],
        owner: ada.agent,
        link: link.link_ref,
        chat: link.chat,
        session,
        key,
    }
}

impl Scene {
    async fn call(&self, client: &TestClient, method: &str, path: &str, query: &str) -> Reply {
        let name = match path {
            _ if path.starts_with("/api/links/") => &self.link,
            _ if path.starts_with("/api/keys/") => &self.key,
            _ => &self.session,
        };
        let path = path.replace("{ref}", name).replace("{chatRef}", &self.chat);
        let path = format!("{path}{query}");
        if method == "get" {
            return client.get(&path).await;
        }
        let body = match path.as_str() {
            path if path.contains("/typing") => json!({"typing": true}),
            path if path.contains("/seen") => json!({"delivered": 1, "read": 1}),
            path if path.contains("/messages") => {
                json!({"cid": cid(), "seat": 1, "body": message_body(1)})
            }
            _ => json!({}),
        };
        client.post(&path, &body).await
    }

    #[track_caller]
    fn gives_nothing_away(&self, reply: &Reply, what: &str) {
        for secret in &self.secrets {
            assert!(
                !reply.body.contains(secret),
                "{what} gives {secret} away: {}",
                reply.body
            );
        }
    }
}

#[tokio::test]
async fn nobody_gets_what_belongs_to_another() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    for (method, path, who) in TABLE {
        if *who == Who::Anyone {
            continue;
        }
        let foes = [
            ("nobody", &scene.nobody),
            ("another partner's agent", &scene.other_agent),
            ("another partner's program", &scene.other_program),
            ("another seat", &scene.other_seat),
            ("an ended session", &scene.ended_session),
            ("a revoked key", &scene.revoked_key),
        ];
        let queries: &[&str] = match who {
            Who::InChat => &["", "?as=customer", "?as=agent"],
            Who::Socket => &["?as=agent&chat=CHAT", "?as=customer&chat=CHAT"],
            _ => &[""],
        };
        for (foe, client) in foes {
            for query in queries {
                let query = query.replace("CHAT", &scene.chat);
                let reply = scene.call(client, method, path, &query).await;
                let what = format!("{method} {path}{query} by {foe}");
                scene.gives_nothing_away(&reply, &what);
                let about_oneself = match who {
                    // An agent may connect: what it hears of is its own partner's.
                    Who::Agent | Who::Socket => foe == "another partner's agent",
                    Who::LinkCaller => foe.starts_with("another partner's"),
                    _ => false,
                };
                if !about_oneself {
                    assert!(
                        matches!(reply.status, 401 | 403 | 404),
                        "{what}: {}",
                        reply.body
                    );
                }
            }
        }
    }
    let untouched = scene.owner.get(&format!("/api/chats/{}", scene.chat)).await;
    assert_eq!(untouched.json["lastSeq"], 1, "{}", untouched.body);
    assert_eq!(
        untouched.json["partner"],
        json!({"delivered": 0, "read": 0})
    );
    assert_eq!(untouched.json.get("endedAt"), None);
    assert_eq!(untouched.json.get("askedAt"), None);
}

#[tokio::test]
async fn every_call_has_a_row() {
    let document: Value = serde_json::from_str(&wicketgate_server::openapi_json()).unwrap();
    let mut calls = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            calls.insert((method.clone(), path.clone()));
        }
    }
    let rows: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(calls, rows);
}
