//! Listing links, showing one, and what keys may do with them.

use crate::support::{TestApp, handshake};
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
    let request = json!({"linkId": used.id, "handshake": handshake(1)});
    app.nobody()
        .post("/api/validate-secure-link", &request)
        .await;
    for (filter, link) in [
        ("state=valid".to_owned(), &valid),
        ("state=used".to_owned(), &used),
        ("state=expired".to_owned(), &expired),
        ("state=revoked".to_owned(), &revoked),
        (format!("chat={}", valid.chat), &valid),
        ("chatId=valid".to_owned(), &valid),
        ("chatId=%20valid&state=valid".to_owned(), &valid),
    ] {
        let page = partner.agent.get(&format!("/api/links?{filter}")).await;
        let links = page.json["links"].as_array().unwrap();
        assert_eq!(links.len(), 1, "{filter}: {}", page.body);
        assert_eq!(links[0]["ref"], link.link_ref, "{filter}");
    }
    for filter in ["chatId=order-4711", "chatId=valid&state=used"] {
        let page = partner.agent.get(&format!("/api/links?{filter}")).await;
        assert_eq!(page.json, json!({"links": []}), "{filter}");
    }
}

#[tokio::test]
async fn chats_are_found_by_the_partners_own_name() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.partner("Ada").await, app.partner("Bob").await);
    for partner in [&ada, &bob] {
        for chat in ["order 7", "order 8"] {
            partner.customer(json!({"chatId": chat})).await;
        }
    }
    let found = ada.agent.get("/api/chats?chatId=order%207").await;
    let chats = found.json["chats"].as_array().unwrap();
    assert_eq!(chats.len(), 1, "{}", found.body);
    assert_eq!(chats[0]["chatId"], "order 7");
    let none = ada.agent.get("/api/chats?chatId=order%209").await;
    assert_eq!(none.json, json!({"chats": []}));
}

#[tokio::test]
async fn what_was_used_since_is_asked_for_in_few_bytes() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let program = partner.program(&["links:read"]).await;
    let mut links = Vec::new();
    for number in 0..4 {
        links.push(
            partner
                .link(json!({"chatId": format!("order {number}")}))
                .await,
        );
    }
    // The youngest is used first.
    for number in [3, 1, 0] {
        app.pass(60);
        let request = json!({"linkId": links[number].id});
        app.nobody()
            .post("/api/validate-secure-link", &request)
            .await;
    }
    let path = "/api/links?usedSince=2027-01-15T08:02:00.000Z&fields=ref,chatId,usedAt";
    let page = program.get(path).await;
    assert_eq!(
        page.json,
        json!({"links": [
            {"ref": links[0].link_ref, "chatId": "order 0", "usedAt": "2027-01-15T08:03:00.000Z"},
            {"ref": links[1].link_ref, "chatId": "order 1", "usedAt": "2027-01-15T08:02:00.000Z"},
        ]})
    );
    let elsewhere = "/api/links?usedSince=2027-01-15T09:02:00%2B01:00&fields=ref,chatId,usedAt";
    assert_eq!(program.get(elsewhere).await.json, page.json);
    let first = program.get(&format!("{path}&limit=1")).await;
    let next = format!("{path}&limit=1&after={}", first.text("next"));
    assert_eq!(
        program.get(&next).await.json["links"][0]["chatId"],
        "order 1"
    );
    let in_chat = format!("{path}&chatId=order%201&state=used");
    assert_eq!(
        program.get(&in_chat).await.json["links"][0]["chatId"],
        "order 1"
    );
    let after = "/api/links?usedSince=2027-01-15T08:03:00.001Z&fields=ref";
    assert_eq!(program.get(after).await.json, json!({"links": []}));
    for (query, field) in [
        ("usedSince=yesterday", "usedSince"),
        ("usedSince=", "usedSince"),
        ("usedSince=2027-01-15", "usedSince"),
        ("usedSince=1800000000", "usedSince"),
        ("usedSince=2027-01-15T08:02:00Z&state=valid", "state"),
        ("fields=", "fields"),
        ("fields=ref,", "fields"),
        ("fields=ref,%20usedAt", "fields"),
        ("fields=secureUrl", "fields"),
        ("fields=ref,ref", "fields"),
    ] {
        let reply = program.get(&format!("/api/links?{query}")).await;
        reply.is_field_problem(field);
    }
}

#[tokio::test]
async fn every_member_of_a_row_can_be_asked_for() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    partner.customer(json!({})).await;
    let whole = partner.agent.get("/api/links").await;
    let names = wicketgate_protocol::link::Fields::ALL;
    let all = partner
        .agent
        .get(&format!("/api/links?fields={}", names.join(",")))
        .await;
    assert_eq!(all.json, whole.json);
    let document: serde_json::Value =
        serde_json::from_str(&wicketgate_server::openapi_json()).unwrap();
    let row = &document["components"]["schemas"]["LinkRow"]["properties"];
    let mut documented: Vec<_> = row.as_object().unwrap().keys().collect();
    let mut names = names.map(ToOwned::to_owned);
    documented.sort_unstable();
    names.sort_unstable();
    assert!(documented.into_iter().eq(&names));
}

#[tokio::test]
async fn a_list_that_is_as_it_was_has_no_body() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    partner.customer(json!({"chatId": "7"})).await;
    let link = partner.link(json!({"expiryHours": 1})).await;
    for path in ["/api/links", "/api/links?fields=state", "/api/chats"] {
        let first = partner.agent.get(path).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\"") && tag.len() > 20, "{tag}");
        let list = format!("\"other\", {tag}");
        let strong = tag.trim_start_matches("W/").to_owned();
        for known in [&*tag, &*list, &*strong, "*"] {
            let client = partner.agent.clone().with("if-none-match", known);
            let again = client.get(path).await;
            assert_eq!(
                (again.status, again.bytes.len()),
                (304, 0),
                "{path} {known}"
            );
            assert_eq!(again.header("etag"), tag);
        }
        for unknown in ["\"other\"", "", "nonsense"] {
            let client = partner.agent.clone().with("if-none-match", unknown);
            let again = client.get(path).await;
            assert_eq!((again.status, &again.json), (200, &first.json), "{unknown}");
        }
    }
    // Time alone changes what stands in a list.
    let path = "/api/links?fields=ref,state";
    let before = partner.agent.get(path).await.header("etag").to_owned();
    app.pass(3_600);
    let later = partner.agent.clone().with("if-none-match", &before);
    let later = later.get(path).await;
    assert_eq!(later.status, 200);
    assert_eq!(
        later.json["links"][0],
        json!({"ref": link.link_ref, "state": "expired"})
    );
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
