//! Sealed links: without the proof from their address they stay shut, and stay valid.

use crate::support::{TestApp, b64, handshake};
use serde_json::{Value, json};
use wicketgate_domain::{Hash, id::encode};

const LINKS: &str = "/api/links";
const VALIDATE: &str = "/api/validate-secure-link";

fn sealed(id: u8) -> Value {
    json!({
        "linkId": b64(id, 16),
        "chatId": format!("chat {id}"),
        "epoch": 1,
        "blob": b64(1, 1_400),
        "proofHash": encode(Hash::of(&[7; 32]).as_bytes()),
        "vault": b64(2, 100),
    })
}

#[tokio::test]
async fn a_sealed_link_needs_its_proof_and_stays_valid_without() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let made = partner.agent.post(LINKS, &sealed(1)).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(!made.text("secureUrl").contains('#'));
    let bare = json!({"linkId": b64(1, 16)});
    let mut wrong = bare.clone();
    wrong["proof"] = b64(8, 32).into();
    for request in [&bare, &wrong] {
        let reply = app.nobody().post(VALIDATE, request).await;
        reply.is_problem(403, "proof_required");
        assert_eq!(reply.json["state"], "valid");
    }
    let door = app.nobody().post("/api/links/door", &bare).await;
    assert_eq!(door.json["state"], "valid");
    assert_eq!(door.json["kind"], "sealed");
    assert!(door.json["blob"].is_string() && door.json.get("certificate").is_none());
    let mut right = bare.clone();
    right["proof"] = b64(7, 32).into();
    right["handshake"] = handshake(1);
    assert_eq!(app.nobody().post(VALIDATE, &right).await.status, 200);
    let again = app.nobody().post(VALIDATE, &bare).await;
    again.is_problem(410, "link_used");

    let inbox = partner.agent.get("/api/chats").await;
    let row = &inbox.json["chats"][0];
    assert_eq!(row["label"]["vault"], b64(2, 100));
    assert!(row["label"]["linkHash"].is_string());
    let path = format!("/api/chats/{}", row["chatRef"].as_str().unwrap());
    assert_eq!(partner.agent.get(&path).await.json["label"], row["label"]);
}

#[tokio::test]
async fn the_partners_own_key_needs_no_proof() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    ada.agent.post(LINKS, &sealed(1)).await;
    let request = json!({"linkId": b64(1, 16)});
    let others = bob.program(&["links:write"]).await;
    others
        .post(VALIDATE, &request)
        .await
        .is_problem(403, "proof_required");
    let reader = ada.program(&["links:read"]).await;
    reader
        .post(VALIDATE, &request)
        .await
        .is_problem(403, "proof_required");
    let own = ada.program(&["links:write"]).await;
    assert_eq!(own.post(VALIDATE, &request).await.status, 200);
    let made_up = app.nobody().bearer("wg_nonsense");
    made_up
        .post(VALIDATE, &request)
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_same_sealed_link_twice_is_one() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    let first = ada.agent.post(LINKS, &sealed(1)).await;
    let again = ada.agent.post(LINKS, &sealed(1)).await;
    let mut repeated = first.json.clone();
    assert_eq!(first.json["repeated"], false);
    repeated["repeated"] = true.into();
    assert_eq!((again.status, &again.json), (200, &repeated));
    let mut other = sealed(1);
    other["vault"] = b64(3, 100).into();
    let reply = ada.agent.post(LINKS, &other).await;
    reply.is_problem(409, "other_content");
    assert_eq!(reply.json["field"], "linkId");
    bob.agent
        .post(LINKS, &sealed(1))
        .await
        .is_problem(409, "other_content");
    let mut unknown = sealed(2);
    unknown["epoch"] = 9.into();
    ada.agent
        .post(LINKS, &unknown)
        .await
        .is_problem(409, "unknown_epoch");
}

#[tokio::test]
async fn a_sealed_links_parts_are_checked() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    for (field, value) in [
        ("linkId", json!("x")),
        ("linkId", json!(7)),
        ("chatId", json!("")),
        // A link is bound to the bytes of its chat's name, so they are taken as they are or not at all.
        ("chatId", json!("cafe\u{301}")),
        ("chatId", json!("order  1")),
        ("chatId", json!(" order 1")),
        ("chatId", json!("order\u{a0}1")),
        ("chatId", json!("order\u{200d}1")),
        ("expiryHours", json!(-1)),
        ("epoch", json!(-1)),
        ("blob", json!("")),
        ("blob", json!(b64(1, 2_049))),
        ("blob", json!("not base64!")),
        ("proofHash", json!(b64(1, 31))),
        ("vault", json!(b64(1, 2_049))),
    ] {
        let mut request = sealed(1);
        request[field] = value;
        agent.post(LINKS, &request).await.is_field_problem(field);
        request.as_object_mut().unwrap().remove(field);
        if field != "expiryHours" {
            agent.post(LINKS, &request).await.is_field_problem(field);
        }
    }
}
