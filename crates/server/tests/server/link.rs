//! The contract of links, to the letter.

use crate::support::{Reply, TestApp, b64, handshake};
use serde_json::{Value, json};

const GENERATE: &str = "/api/generate-secure-link";
const VALIDATE: &str = "/api/validate-secure-link";

#[track_caller]
fn is_dead(reply: &Reply, status: u16, code: &str, error: &str, state: &str) {
    reply.is_problem(status, code);
    assert_eq!(reply.json["error"], error);
    assert_eq!(reply.json["state"], state);
}

#[tokio::test]
async fn a_link_is_made_and_opens_its_chat() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada's Bakery").await;
    let program = partner.program(&["links:write"]).await;
    let request = json!({"partnerId": partner.id, "chatId": "order 7", "expiryHours": 1.5});
    let made = program.post(GENERATE, &request).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.json["success"], true);
    assert_eq!(made.json["expiresAt"], "2027-01-15T09:30:00.000Z");
    assert_eq!(made.json["chatId"], "order 7");
    let id = made.text("linkId");
    assert_eq!(id.len(), 22);
    // The first sixteen bytes of SHA-256 over "wicketgate/1 identity", a zero, and 32 bytes of 4.
    let address = format!("http://localhost:3000/secure/chat/{id}#2.DwJw_0woCM6473TX2y4ygQ");
    assert_eq!(made.text("secureUrl"), address);

    let opened = app.nobody().post(VALIDATE, &json!({"linkId": id})).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    assert_eq!(opened.json["success"], true);
    assert_eq!(opened.json["chatId"], "order 7");
    assert_eq!(opened.json["partnerId"], Value::from(partner.id));
    assert_eq!(opened.json["chatRef"], made.json["chatRef"]);
    assert_eq!(opened.json["seat"], 1);
    assert_eq!(opened.json["firstSeq"], 1);
    assert_eq!(opened.json.get("token"), None);
}

#[tokio::test]
async fn a_link_opens_once() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let request = json!({"linkId": link.id});
    assert_eq!(app.nobody().post(VALIDATE, &request).await.status, 200);
    let again = app.nobody().post(VALIDATE, &request).await;
    is_dead(
        &again,
        410,
        "link_used",
        "Link has already been used",
        "used",
    );
    app.pass(100 * 86_400);
    let later = app.nobody().post(VALIDATE, &request).await;
    is_dead(
        &later,
        410,
        "link_used",
        "Link has already been used",
        "used",
    );
}

#[tokio::test]
async fn a_link_expires_on_time() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({"expiryHours": 2.0 / 3600.0})).await;
    let in_time = partner.link(json!({"expiryHours": 2.0 / 3600.0})).await;
    app.pass(1);
    let request = json!({"linkId": in_time.id});
    assert_eq!(app.nobody().post(VALIDATE, &request).await.status, 200);
    app.pass(1);
    let reply = app
        .nobody()
        .post(VALIDATE, &json!({"linkId": link.id}))
        .await;
    is_dead(&reply, 410, "link_expired", "Link has expired", "expired");
}

#[tokio::test]
async fn a_revoked_link_says_so() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let revoke = format!("/api/links/{}/revoke", link.link_ref);
    let revoked = partner.agent.post(&revoke, &json!({})).await;
    assert_eq!(
        (revoked.status, &revoked.json["state"]),
        (200, &"revoked".into())
    );
    let reply = app
        .nobody()
        .post(VALIDATE, &json!({"linkId": link.id}))
        .await;
    is_dead(
        &reply,
        410,
        "link_revoked",
        "Link has been revoked",
        "revoked",
    );
    app.pass(100_000);
    let again = partner.agent.post(&revoke, &json!({})).await;
    assert_eq!((again.status, &again.json), (200, &revoked.json));
}

#[tokio::test]
async fn what_is_dead_otherwise_can_not_be_revoked() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let used = partner.link(json!({})).await;
    let request = json!({"linkId": used.id});
    app.nobody().post(VALIDATE, &request).await;
    let expired = partner.link(json!({"expiryHours": 1})).await;
    app.pass(3_600);
    for (link, state) in [(used, "used"), (expired, "expired")] {
        for name in [&link.link_ref, &link.id] {
            let revoke = format!("/api/links/{name}/revoke");
            let reply = partner.agent.post(&revoke, &json!({})).await;
            reply.is_problem(409, "link_no_longer_valid");
            assert_eq!(reply.json["state"], state);
        }
    }
}

#[tokio::test]
async fn a_link_is_shown_and_revoked_by_either_name() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    let link = ada.link(json!({"chatId": "7"})).await;
    let by_ref = ada
        .agent
        .get(&format!("/api/links/{}", link.link_ref))
        .await;
    let by_id = ada.agent.get(&format!("/api/links/{}", link.id)).await;
    assert_eq!((by_id.status, &by_id.json), (200, &by_ref.json));
    assert_eq!(by_id.json["ref"], link.link_ref);
    for name in [&link.link_ref, &link.id] {
        let show = format!("/api/links/{name}");
        bob.agent.get(&show).await.is_problem(404, "link_not_found");
        let revoke = format!("{show}/revoke");
        let reply = bob.agent.post(&revoke, &json!({})).await;
        reply.is_problem(404, "link_not_found");
    }
    let revoke = format!("/api/links/{}/revoke", link.id);
    let revoked = ada.agent.post(&revoke, &json!({})).await;
    assert_eq!(
        (revoked.status, &revoked.json["state"]),
        (200, &"revoked".into())
    );
}

#[tokio::test]
async fn what_is_no_link_is_not_found() {
    let app = TestApp::start().await;
    let well_formed = b64(1, 16);
    let padded = format!("{well_formed}==");
    let long = "A".repeat(5_000);
    for id in [
        "",
        "x",
        &well_formed,
        &padded,
        &long,
        "../../etc/passwd",
        "ÄÄÄÄÄÄÄÄÄÄÄ",
        "\u{0}",
    ] {
        let reply = app.nobody().post(VALIDATE, &json!({"linkId": id})).await;
        is_dead(&reply, 404, "link_not_found", "Link not found", "not_found");
    }
}

#[tokio::test]
async fn a_dead_link_keeps_its_state_until_retention_has_passed() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({"expiryHours": 1})).await;
    let request = json!({"linkId": link.id});
    app.pass(3_600 + 29 * 86_400);
    wicketgate_server::sweep(&app.state).await.unwrap();
    let reply = app.nobody().post(VALIDATE, &request).await;
    is_dead(&reply, 410, "link_expired", "Link has expired", "expired");
    app.pass(2 * 86_400);
    assert!(wicketgate_server::sweep(&app.state).await.unwrap() >= 1);
    let reply = app.nobody().post(VALIDATE, &request).await;
    is_dead(&reply, 404, "link_not_found", "Link not found", "not_found");
}

#[tokio::test]
async fn expiry_hours_are_checked() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    for (hours, expires_at) in [
        ("null", "2027-01-16T08:00:00.000Z"),
        ("24", "2027-01-16T08:00:00.000Z"),
        ("0.5", "2027-01-15T08:30:00.000Z"),
        ("720", "2027-02-14T08:00:00.000Z"),
        ("0.000277777777777778", "2027-01-15T08:00:01.000Z"),
    ] {
        let body = format!("{{\"expiryHours\":{hours}}}");
        let reply = agent.post_raw(GENERATE, "application/json", body).await;
        assert_eq!(
            reply.json["expiresAt"], expires_at,
            "{hours}: {}",
            reply.body
        );
    }
    for hours in [
        "0", "-1", "0.0001", "720.001", "1e308", "1e999", "\"24\"", "true", "[]", "{}",
    ] {
        let body = format!("{{\"expiryHours\":{hours}}}");
        let reply = agent.post_raw(GENERATE, "application/json", body).await;
        reply.is_field_problem("expiryHours");
    }
}

#[tokio::test]
async fn partner_and_chat_names_are_checked() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    let other = ada
        .agent
        .post(GENERATE, &json!({"partnerId": bob.id}))
        .await;
    other.is_problem(403, "other_partner");
    let malformed = ada.agent.post(GENERATE, &json!({"partnerId": "x"})).await;
    malformed.is_field_problem("partnerId");
    for chat in ["", "  ", "a\u{0}b", "a\u{202e}b", &"x".repeat(129)] {
        let reply = ada.agent.post(GENERATE, &json!({"chatId": chat})).await;
        reply.is_field_problem("chatId");
    }
    let without = ada.agent.post(GENERATE, &json!({"chatId": null})).await;
    assert!(!without.text("chatId").is_empty());
    app.nobody()
        .post(GENERATE, &json!({}))
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_same_name_is_another_chat_for_another_partner() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    let first = ada.link(json!({"chatId": "7"})).await;
    let second = bob.link(json!({"chatId": "7"})).await;
    let third = ada.link(json!({"chatId": "7"})).await;
    assert_eq!(first.chat, third.chat);
    assert_ne!(first.chat, second.chat);
}

#[tokio::test]
async fn a_repeated_creation_gets_the_first_answer() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let program = partner.program(&["links:write"]).await;
    let named = program.clone().with("idempotency-key", "order-7");
    let request = json!({"expiryHours": 2});
    let first = named.post(GENERATE, &request).await;
    app.pass(60);
    assert_eq!((first.status, &first.json["state"]), (200, &"valid".into()));
    assert_eq!(first.json["repeated"], false);
    let repeated = |state: &str| {
        let mut answer = first.json.clone();
        answer["repeated"] = true.into();
        answer["state"] = state.into();
        answer
    };
    let again = named.post(GENERATE, &request).await;
    assert_eq!((again.status, &again.json), (200, &repeated("valid")));
    let other_content = named.post(GENERATE, &json!({"expiryHours": 3})).await;
    other_content.is_problem(409, "other_content");
    assert_eq!(other_content.json["field"], "Idempotency-Key");
    assert_eq!(
        other_content.json["error"],
        "The same Idempotency-Key came before with another content; use a new one."
    );
    app.nobody()
        .post(VALIDATE, &json!({"linkId": first.json["linkId"]}))
        .await;
    let used = named.post(GENERATE, &request).await;
    assert_eq!((used.status, &used.json), (200, &repeated("used")));
    let other_name = program.clone().with("idempotency-key", "order-8");
    other_name.post(GENERATE, &request).await;
    app.pass(2 * 3_600);
    let late = other_name.post(GENERATE, &request).await;
    assert_eq!(late.json["state"], "expired");
    assert_eq!(late.json["repeated"], true);
    let other_key = partner.program(&["links:write"]).await;
    let other = other_key.with("idempotency-key", "order-7");
    let other = other.post(GENERATE, &request).await;
    assert_ne!(
        other.json["linkId"], first.json["linkId"],
        "another credential"
    );
    let unnamed = program.post(GENERATE, &request).await;
    assert_ne!(unnamed.json["linkId"], first.json["linkId"]);
    for wrong in ["", "order 7", "order\t7", &"x".repeat(201)] {
        let wrong = program.clone().with("idempotency-key", wrong);
        let reply = wrong.post(GENERATE, &request).await;
        reply.is_field_problem("Idempotency-Key");
    }
}

#[tokio::test]
async fn the_same_claim_gets_the_same_success() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let claim = |byte| {
        json!({
            "linkId": link.id, "claim": b64(byte, 32), "handshake": handshake(1), "credential": "cookie",
        })
    };
    let first = app.nobody().post(VALIDATE, &claim(1)).await;
    let again = app.nobody().post(VALIDATE, &claim(1)).await;
    assert_eq!((first.status, &first.json), (200, &again.json));
    assert_eq!(first.set_cookies(), again.set_cookies(), "the same token");
    let other = app.nobody().post(VALIDATE, &claim(2)).await;
    other.is_problem(410, "link_used");
    let mut handshake_mismatch = claim(1);
    handshake_mismatch["handshake"]["enc"] = b64(4, 1_120).into();
    let reply = app.nobody().post(VALIDATE, &handshake_mismatch).await;
    reply.is_problem(409, "handshake_mismatch");
    for (field, value, named) in [
        ("claim", json!(b64(1, 31)), "claim"),
        ("claim", json!("*"), "claim"),
        (
            "handshake",
            json!({"epoch": 1, "enc": "AA"}),
            "handshake.enc",
        ),
        (
            "handshake",
            json!({"enc": b64(3, 1_120)}),
            "handshake.epoch",
        ),
        ("proof", json!(b64(1, 33)), "proof"),
        ("credential", json!("other"), "credential"),
    ] {
        let mut request = claim(1);
        request[field] = value;
        let reply = app.nobody().post(VALIDATE, &request).await;
        reply.is_field_problem(named);
    }
}

#[tokio::test]
async fn a_later_attempt_is_told_to_the_partner() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let phone = app
        .nobody()
        .with("user-agent", "Mozilla/5.0 (iPhone) Mobile/15E148");
    phone.post(VALIDATE, &json!({"linkId": link.id})).await;
    for _ in 0..2 {
        let request = json!({"linkId": link.id, "claim": b64(9, 32)});
        app.nobody()
            .post(VALIDATE, &request)
            .await
            .is_problem(410, "link_used");
    }
    let row = partner
        .agent
        .get(&format!("/api/links/{}", link.link_ref))
        .await;
    assert_eq!(row.json["laterAttempts"], 2, "{}", row.body);
    assert_eq!(row.json["isUsed"], true);
    assert_eq!(row.json["device"], "phone");
    assert_eq!(row.json["usedAt"], "2027-01-15T08:00:00.000Z");
}

#[tokio::test]
async fn names_that_look_alike_are_one_chat() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let first = partner
        .agent
        .post(GENERATE, &json!({"chatId": "Café 7"}))
        .await;
    for alike in [
        "Cafe\u{301} 7",
        " Café\u{a0}7",
        "Café  7\n",
        "Café\u{3000}7",
    ] {
        let made = partner
            .agent
            .post(GENERATE, &json!({"chatId": alike}))
            .await;
        assert_eq!(made.status, 200, "{alike:?}: {}", made.body);
        assert_eq!(made.json["chatRef"], first.json["chatRef"], "{alike:?}");
        assert_eq!(made.json["chatId"], "Café 7");
    }
    for unseen in [
        "Café\u{200b} 7",
        "Café\u{200d} 7",
        "Café 7\u{fe0f}",
        "Caf\u{34f}é 7",
    ] {
        let refused = partner
            .agent
            .post(GENERATE, &json!({"chatId": unseen}))
            .await;
        refused.is_field_problem("chatId");
    }
}
