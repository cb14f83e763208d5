//! Listing links, showing one, and what keys may do with them.

use crate::support::{TestApp, hello};
use serde_json::json;

#[tokio::test]
async fn links_are_listed_newest_first_in_pages() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(partner.link(json!({})).await.link_ref);
        app.pass(1);
    }
    made.reverse();
    let mut listed = Vec::new();
    let mut path = "/api/links?limit=2".to_owned();
    for length in [2, 2, 1] {
        let page = partner.agent.get(&path).await;
        let links = page.json["links"].as_array().unwrap();
        assert_eq!(links.len(), length, "{}", page.body);
        listed.extend(
            links
                .iter()
                .map(|row| row["ref"].as_str().unwrap().to_owned()),
        );
        match page.json.get("next") {
            Some(next) => path = format!("/api/links?limit=2&after={}", next.as_str().unwrap()),
            None => assert_eq!(length, 1),
        }
    }
    assert_eq!(listed, made);
}

#[tokio::test]
async fn links_are_listed_by_state_and_chat() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let expired = partner.link(json!({"expiryHours": 1})).await;
    app.pass(3_600);
    let valid = partner.link(json!({"chatId": "valid"})).await;
    let revoked = partner.link(json!({})).await;
    let revoke = format!("/api/links/{}/revoke", revoked.link_ref);
    partner.agent.post(&revoke, &json!({})).await;
    let used = partner.link(json!({})).await;
    let request = json!({"linkId": used.id, "hello": hello(1)});
    app.nobody()
        .post("/api/validate-secure-link", &request)
        .await;
    for (filter, link) in [
        ("state=valid".to_owned(), &valid),
        ("state=used".to_owned(), &used),
        ("state=expired".to_owned(), &expired),
        ("state=revoked".to_owned(), &revoked),
        (format!("chat={}", valid.chat), &valid),
    ] {
        let page = partner.agent.get(&format!("/api/links?{filter}")).await;
        let links = page.json["links"].as_array().unwrap();
        assert_eq!(links.len(), 1, "{filter}: {}", page.body);
        assert_eq!(links[0]["ref"], link.link_ref, "{filter}");
    }
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let writer = partner.program(&["links:write"]).await;
    let reader = partner.program(&["links:read"]).await;
    let show = format!("/api/links/{}", link.link_ref);
    let revoke = format!("{show}/revoke");
    assert_eq!(reader.get("/api/links").await.status, 200);
    assert_eq!(reader.get(&show).await.status, 200);
    assert_eq!(reader.get("/api/partner").await.status, 200);
    let make = "/api/generate-secure-link";
    reader
        .post(make, &json!({}))
        .await
        .is_problem(403, "scope_required");
    reader
        .post(&revoke, &json!({}))
        .await
        .is_problem(403, "scope_required");
    writer
        .get("/api/links")
        .await
        .is_problem(403, "scope_required");
    writer.get(&show).await.is_problem(403, "scope_required");
    writer
        .get("/api/me")
        .await
        .is_problem(403, "scope_required");
    assert_eq!(writer.post(&revoke, &json!({})).await.status, 200);
}

#[tokio::test]
async fn a_chat_that_had_a_customer_takes_links_of_some_keys_only() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    partner.customer(json!({"chatId": "7"})).await;
    let make = "/api/generate-secure-link";
    let request = json!({"chatId": "7"});
    let writer = partner.program(&["links:write"]).await;
    writer
        .post(make, &request)
        .await
        .is_problem(403, "scope_required");
    let both = partner.program(&["links:write", "links:existing"]).await;
    assert_eq!(both.post(make, &request).await.status, 200);
    assert_eq!(partner.agent.post(make, &request).await.status, 200);
}

#[tokio::test]
async fn the_door_tells_and_changes_nothing() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada's Bakery").await;
    let link = partner.link(json!({"chatId": "7"})).await;
    let request = json!({"linkId": link.id});
    for _ in 0..3 {
        let door = app.nobody().post("/api/links/door", &request).await;
        assert_eq!(door.status, 200);
        assert_eq!(door.json["state"], "valid");
        assert_eq!(door.json["kind"], "plain");
        assert_eq!(door.json["partnerName"], "Ada's Bakery");
        assert_eq!(door.json["chatRef"], link.chat);
        assert_eq!(door.json["certificate"]["epoch"], 1);
        assert!(door.json["identity"].is_string());
        assert!(door.json.get("blob").is_none());
    }
    let redeemed = app
        .nobody()
        .post("/api/validate-secure-link", &request)
        .await;
    assert_eq!(redeemed.status, 200);
    let door = app.nobody().post("/api/links/door", &request).await;
    assert_eq!(door.json["state"], "used");
    assert!(door.json.get("chatRef").is_none() && door.json.get("certificate").is_none());
    for id in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA"] {
        let door = app
            .nobody()
            .post("/api/links/door", &json!({"linkId": id}))
            .await;
        assert_eq!(
            (door.status, door.json),
            (200, json!({"state": "not_found"}))
        );
    }
}
