//! Chats over plain HTTP: messages, receipts, seats, the end.

use crate::support::{Reply, TestApp, TestClient, b64, cid, message_body};
use serde_json::{Value, json};

async fn send(client: &TestClient, chat: &str, name: &str, byte: u8) -> Reply {
    let request = json!({"cid": name, "seat": 1, "body": message_body(byte)});
    client
        .post(&format!("/api/chats/{chat}/messages"), &request)
        .await
}

async fn sequence(client: &TestClient, chat: &str, query: &str) -> Vec<u64> {
    let reply = client
        .get(&format!("/api/chats/{chat}/messages{query}"))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let messages = reply.json["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message["seq"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn both_sides_talk_in_one_order() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({"chatId": "7"})).await;
    let name = cid();
    let first = send(&customer, &link.chat, &name, 1).await;
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!(
        (&first.json["seq"], &first.json["cid"]),
        (&json!(1), &json!(name))
    );
    assert_eq!(
        send(&partner.agent, &link.chat, &cid(), 2).await.json["seq"],
        2
    );
    let again = send(&customer, &link.chat, &name, 1).await;
    assert_eq!(again.json, first.json, "the same cid and body");
    let other = send(&customer, &link.chat, &name, 9).await;
    other.is_problem(409, "other_content");
    for client in [&customer, &partner.agent] {
        let list = client
            .get(&format!("/api/chats/{}/messages?after=0", link.chat))
            .await;
        assert_eq!(list.json["lastSeq"], 2);
        let senders: Vec<_> = list.json["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| &m["from"])
            .collect();
        assert_eq!(senders, ["customer", "partner"]);
        assert!(list.json["transcript"].is_string());
    }
}

#[tokio::test]
async fn messages_come_in_pages_from_both_ends() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({})).await;
    for byte in 1..=5 {
        assert_eq!(send(&customer, &link.chat, &cid(), byte).await.status, 200);
    }
    let agent = &partner.agent;
    assert_eq!(sequence(agent, &link.chat, "").await, [1, 2, 3, 4, 5]);
    assert_eq!(sequence(agent, &link.chat, "?limit=2").await, [4, 5]);
    assert_eq!(
        sequence(agent, &link.chat, "?before=4&limit=2").await,
        [2, 3]
    );
    assert_eq!(
        sequence(agent, &link.chat, "?after=1&limit=2").await,
        [2, 3]
    );
    assert_eq!(sequence(agent, &link.chat, "?after=5").await, [0; 0]);
    assert_eq!(
        sequence(agent, &link.chat, "?after=4&wait=25").await,
        [5],
        "no wait where there is one"
    );
}

#[tokio::test]
async fn the_inbox_counts_and_receipts_move_forward() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({"chatId": "7"})).await;
    let unused = partner.link(json!({"chatId": "nobody came"})).await;
    send(&customer, &link.chat, &cid(), 1).await;
    send(&customer, &link.chat, &cid(), 2).await;
    let inbox = partner.agent.get("/api/chats").await;
    let rows = inbox.json["chats"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{}", inbox.body);
    assert_eq!(
        (&rows[0]["unread"], &rows[0]["chatId"]),
        (&json!(2), &json!("7"))
    );
    assert_eq!(rows[0]["online"], false);
    let one = partner
        .agent
        .get(&format!("/api/chats?chat={}", link.chat))
        .await;
    assert_eq!(one.json, json!({"chats": [rows[0]]}), "{}", one.body);
    for nobody in ["AAAAAAAAAAAAAAAAAAAAAA", &unused.chat] {
        let none = partner
            .agent
            .get(&format!("/api/chats?chat={nobody}"))
            .await;
        assert_eq!((none.status, none.json), (200, json!({"chats": []})));
    }
    let seen = format!("/api/chats/{}/seen", link.chat);
    let moved = partner
        .agent
        .post(&seen, &json!({"delivered": 99, "read": 1}))
        .await;
    assert_eq!(moved.json, json!({"delivered": 2, "read": 1}));
    let back = partner
        .agent
        .post(&seen, &json!({"delivered": 0, "read": 0}))
        .await;
    assert_eq!(back.json, json!({"delivered": 2, "read": 1}));
    let row = partner
        .agent
        .get(&format!("/api/chats/{}", link.chat))
        .await;
    assert_eq!(row.json["unread"], 1);
    let seat = customer
        .get(&format!("/api/chats/{}/seat", link.chat))
        .await;
    assert_eq!(seat.json["partner"], json!({"delivered": 2, "read": 1}));
    assert_eq!(seat.json["partnerName"], "Ada");
    assert_eq!(seat.json["lastSeq"], 2);
    assert!(seat.json["seat"].get("vault").is_none());
    let own = customer
        .post(&seen, &json!({"delivered": 2, "read": 2}))
        .await;
    assert_eq!(own.status, 200, "{}", own.body);
    let seats = partner
        .agent
        .get(&format!("/api/chats/{}/seats", link.chat))
        .await;
    assert_eq!(
        seats.json["seats"][0]["customer"],
        json!({"delivered": 2, "read": 2})
    );
    let typing = format!("/api/chats/{}/typing", link.chat);
    for client in [&customer, &partner.agent] {
        assert_eq!(
            client.post(&typing, &json!({"typing": true})).await.status,
            200
        );
        client
            .post(&typing, &json!({}))
            .await
            .is_field_problem("typing");
    }
}

#[tokio::test]
async fn a_second_customer_closes_the_first_ones_seat() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, first) = partner.customer(json!({"chatId": "7"})).await;
    send(&first, &link.chat, &cid(), 1).await;
    let (_, second) = partner.customer(json!({"chatId": "7"})).await;
    let closed = send(&first, &link.chat, &cid(), 2).await;
    closed.is_problem(410, "seat_closed");
    assert_eq!(closed.json["seatClosed"], "superseded");
    for (verb, body) in [
        ("typing", json!({"typing": true})),
        ("seen", json!({"delivered": 1, "read": 1})),
        ("ask", json!({})),
        ("end", json!({})),
    ] {
        let reply = first
            .post(&format!("/api/chats/{}/{verb}", link.chat), &body)
            .await;
        reply.is_problem(410, "seat_closed");
    }
    let seat = first.get(&format!("/api/chats/{}/seat", link.chat)).await;
    assert_eq!(seat.json["seat"]["closed"], "superseded");
    assert_eq!(
        sequence(&first, &link.chat, "?after=0").await,
        [1],
        "the own stays readable"
    );
    assert_eq!(
        sequence(&second, &link.chat, "?after=0").await,
        [0; 0],
        "the other's is not shown"
    );
    let seat = second.get(&format!("/api/chats/{}/seat", link.chat)).await;
    assert_eq!(
        (&seat.json["seat"]["number"], &seat.json["seat"]["firstSeq"]),
        (&json!(2), &json!(2))
    );
}

#[tokio::test]
async fn whoever_lost_the_keys_asks_for_a_new_link() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({"chatId": "7"})).await;
    let path = |end: &str| format!("/api/chats/{}{end}", link.chat);
    let fresh = customer.get(&path("/seat")).await;
    assert_eq!(fresh.json["seat"].get("askedAt"), None);
    for _ in 0..2 {
        let asked = customer.post(&path("/ask"), &json!({})).await;
        assert_eq!((asked.status, &asked.json["success"]), (200, &json!(true)));
    }
    let own = customer.get(&path("/seat")).await;
    let at = &own.json["seat"]["askedAt"];
    assert!(at.is_string(), "{}", own.body);
    let seats = partner.agent.get(&path("/seats")).await;
    assert_eq!(&seats.json["seats"][0]["askedAt"], at);
    let row = partner.agent.get(&path("")).await;
    assert_eq!(&row.json["askedAt"], at);
    partner
        .agent
        .post(&path("/ask"), &json!({}))
        .await
        .is_problem(401, "unauthenticated");
    let (_, next) = partner.customer(json!({"chatId": "7"})).await;
    let row = partner.agent.get(&path("")).await;
    assert_eq!(row.json.get("askedAt"), None, "the new link is there");
    let seat = next.get(&path("/seat")).await;
    assert_eq!(seat.json["seat"].get("askedAt"), None);
}

#[tokio::test]
async fn an_ended_chat_takes_nothing_more() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({"chatId": "7"})).await;
    let unused = partner.link(json!({"chatId": "7"})).await;
    let end = format!("/api/chats/{}/end", link.chat);
    assert_eq!(partner.agent.post(&end, &json!({})).await.status, 200);
    assert_eq!(
        partner.agent.post(&end, &json!({})).await.status,
        200,
        "ending twice"
    );
    send(&partner.agent, &link.chat, &cid(), 1)
        .await
        .is_problem(410, "chat_ended");
    let reply = send(&customer, &link.chat, &cid(), 1).await;
    assert_eq!(reply.status, 410, "{}", reply.body);
    let redeem = json!({"linkId": unused.id});
    let reply = app
        .nobody()
        .post("/api/validate-secure-link", &redeem)
        .await;
    reply.is_problem(410, "link_revoked");
    let again = partner
        .agent
        .post("/api/generate-secure-link", &json!({"chatId": "7"}))
        .await;
    again.is_problem(410, "chat_ended");
    let row = partner
        .agent
        .get(&format!("/api/chats/{}", link.chat))
        .await;
    assert_eq!(
        (&row.json["endedBy"], row.json.get("liveSeat")),
        (&json!("partner"), None)
    );
}

#[tokio::test]
async fn messages_are_checked() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({})).await;
    let path = format!("/api/chats/{}/messages", link.chat);
    let good = || json!({"cid": cid(), "seat": 1, "body": message_body(1)});
    for (field, value) in [
        ("cid", json!("x")),
        ("cid", json!(null)),
        ("seat", json!(-1)),
        ("seat", json!(1.5)),
        ("body", json!("")),
        ("body", json!(b64(1, 157))),
        ("body", json!(b64(1, 156 + 128 * 400))),
    ] {
        let mut request = good();
        request[field] = value;
        let reply = customer.post(&path, &request).await;
        if reply.status != 413 {
            reply.is_field_problem(field);
        }
    }
    let mut other_seat = good();
    other_seat["seat"] = 2.into();
    let reply = customer.post(&path, &other_seat).await;
    assert!(matches!(reply.status, 404 | 409), "{}", reply.body);
}

#[tokio::test]
async fn a_link_redeemed_without_handshake_has_nobody_to_write_to() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let bare = json!({"linkId": link.id});
    app.nobody().post("/api/validate-secure-link", &bare).await;
    let reply = send(&partner.agent, &link.chat, &cid(), 1).await;
    reply.is_problem(409, "no_seat");
}

#[tokio::test]
async fn one_browser_can_be_both_sides() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let sign_in = json!({"email": partner.email, "auth": b64(1, 32)});
    let session = app.nobody().post("/api/signin", &sign_in).await;
    let handshake = crate::support::handshake(1);
    let redeem = json!({"linkId": link.id, "handshake": handshake, "credential": "cookie"});
    let seat = app
        .nobody()
        .post("/api/validate-secure-link", &redeem)
        .await;
    let pairs =
        [&session, &seat].map(|reply| reply.set_cookies()[0].split(';').next().unwrap().to_owned());
    let browser = app.nobody().cookies(&pairs.join("; "));
    let path = |role: &str| format!("/api/chats/{}/messages?as={role}", link.chat);
    for (role, from) in [("customer", "customer"), ("agent", "partner")] {
        let request = json!({"cid": cid(), "seat": 1, "body": message_body(1)});
        assert_eq!(browser.post(&path(role), &request).await.status, 200);
        let list = browser.get(&path(role)).await;
        let messages: &Vec<Value> = list.json["messages"].as_array().unwrap();
        assert_eq!(messages.last().unwrap()["from"], from);
    }
    let only_seat = app.nobody().cookies(&pairs[1]);
    only_seat
        .get(&path("agent"))
        .await
        .is_problem(401, "unauthenticated");
    let only_session = app.nobody().cookies(&pairs[0]);
    only_session
        .get(&path("customer"))
        .await
        .is_problem(401, "unauthenticated");
}
