//! Bad input: one clear sentence each, and never more than a refusal.

use crate::support::{TestApp, b64};
use axum::body::Body;
use http::Method;
use serde_json::json;

const GENERATE: &str = "/api/generate-secure-link";
const JSON: &str = "application/json";

#[tokio::test]
async fn what_is_no_json_is_400() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    let deep = format!(
        "{}{}",
        "{\"a\":".repeat(10_000),
        "1".to_owned() + &"}".repeat(10_000)
    );
    for body in [
        "",
        "{",
        "{\"chatId\": \"\\x\"}",
        "{\"expiryHours\":NaN}",
        "{}{}",
        &deep,
    ] {
        let reply = agent.post_raw(GENERATE, JSON, body.to_owned()).await;
        reply.is_problem(400, "invalid_json");
    }
    let latin1 = agent
        .post_raw(GENERATE, JSON, &b"{\"chatId\":\"\xe4\"}"[..])
        .await;
    latin1.is_problem(400, "invalid_json");
}

#[tokio::test]
async fn what_is_no_object_is_422() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    for body in ["[]", "[null,null,24]", "null", "7", "\"x\""] {
        let reply = agent.post_raw(GENERATE, JSON, body).await;
        reply.is_problem(422, "invalid_field");
    }
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_415() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "json",
        "",
    ] {
        let reply = agent.post_raw(GENERATE, content_type, "{}").await;
        reply.is_problem(415, "not_json");
    }
    let without = agent
        .send(Method::POST, GENERATE, None, Body::from("{}"))
        .await;
    without.is_problem(415, "not_json");
    for content_type in [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/ld+json",
    ] {
        let reply = agent.post_raw(GENERATE, content_type, "{}").await;
        assert_eq!(reply.status, 200, "{content_type}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    let large = json!({"chatId": "x".repeat(65_536)}).to_string();
    agent
        .post_raw(GENERATE, JSON, large)
        .await
        .is_problem(413, "too_large");
    let keyring =
        json!({"generation": 2, "copies": [{"agentId": "x", "sealed": b64(1, 380 * 1_024)}]});
    let reply = agent.post("/api/keyring", &keyring).await;
    reply.is_field_problem("certificate");
    let keyring = json!({"sealed": b64(1, 512 * 1_024)});
    agent
        .post("/api/keyring", &keyring)
        .await
        .is_problem(413, "too_large");
}

#[tokio::test]
async fn unknown_calls_and_methods_are_problems_too() {
    let app = TestApp::start().await;
    app.nobody()
        .get("/api/nothing")
        .await
        .is_problem(404, "not_found");
    app.nobody().get("/api").await.is_problem(404, "not_found");
    let reply = app.nobody().get(GENERATE).await;
    reply.is_problem(405, "method_not_allowed");
    assert_eq!(reply.header("allow"), "POST");
    let put = app
        .nobody()
        .send(Method::PUT, "/api/links", None, Body::empty())
        .await;
    put.is_problem(405, "method_not_allowed");
}

#[tokio::test]
async fn parameters_are_checked_and_named() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    let long = format!("/api/links?chatId={}", "x".repeat(129));
    for (path, field) in [
        ("/api/links?limit=0", "limit"),
        ("/api/links?limit=201", "limit"),
        ("/api/links?limit=x", "limit"),
        ("/api/links?limit=-1", "limit"),
        ("/api/links?limit=", "limit"),
        ("/api/links?limit=99999999999", "limit"),
        ("/api/links?state=other", "state"),
        ("/api/links?state=not_found", "state"),
        ("/api/links?state=", "state"),
        ("/api/links?chat=x", "chat"),
        ("/api/links?chat=", "chat"),
        ("/api/links?chatId=", "chatId"),
        ("/api/links?chatId=%E2%80%AE", "chatId"),
        (&*long, "chatId"),
        ("/api/links?after=x", "after"),
        ("/api/chats?limit=1000", "limit"),
        ("/api/chats?after=%00", "after"),
        ("/api/chats?chatId=%20", "chatId"),
    ] {
        agent.get(path).await.is_field_problem(field);
    }
    let chat = b64(1, 16);
    for (query, field) in [
        ("after=-1", "after"),
        ("after=", "after"),
        ("after=1&before=2", "before"),
        ("after=18446744073709551615", "after"),
        ("before=9007199254740992", "before"),
        ("limit=0", "limit"),
        ("as=other", "as"),
        ("as=", "as"),
        ("wait=x", "wait"),
        ("wait=26", "wait"),
    ] {
        let path = format!("/api/chats/{chat}/messages?{query}");
        agent.get(&path).await.is_field_problem(field);
    }
    let both = format!("/api/links?chat={chat}&chatId=7");
    agent.get(&both).await.is_field_problem("chatId");
}

#[tokio::test]
async fn a_name_that_can_be_none_names_nothing() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    for name in ["x", "%00", "..%2f..", "%ff", &"A".repeat(4_000)] {
        let link = agent.get(&format!("/api/links/{name}")).await;
        link.is_problem(404, "link_not_found");
        assert_eq!(link.json["field"], "ref");
        assert_eq!(link.json["state"], "not_found");
        let chat = agent.get(&format!("/api/chats/{name}")).await;
        chat.is_problem(404, "not_found");
        assert_eq!(chat.json["field"], "chatRef");
        for noun in ["keys", "sessions"] {
            let verb = if noun == "keys" { "revoke" } else { "end" };
            let path = format!("/api/{noun}/{name}/{verb}");
            let reply = agent.post(&path, &json!({})).await;
            reply.is_problem(404, "not_found");
            assert_eq!(reply.json["field"], "ref");
        }
    }
}

#[tokio::test]
async fn an_odd_credential_is_401() {
    let app = TestApp::start().await;
    app.partner("Ada").await;
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer wg_",
        "Bearer wg_x.y",
        "Bearer wgs_short",
        &format!("Bearer wgs_{}", b64(1, 32)),
        &format!("Bearer wg_{}.{}", b64(1, 9), b64(1, 24)),
        &format!("Bearer wgc_{}", b64(1, 32)),
        &format!("Bearer {}", "x".repeat(4_000)),
    ] {
        let client = app.nobody().with("authorization", value);
        let reply = client.get("/api/links").await;
        reply.is_problem(401, "unauthenticated");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn a_body_that_is_compressed_is_not_read() {
    let app = TestApp::start().await;
    let body = json!({"linkId": b64(1, 16)});
    for coding in ["gzip", "br", "deflate", "x-own", "identity, gzip"] {
        let client = app.nobody().with("content-encoding", coding);
        let reply = client.post("/api/links/door", &body).await;
        reply.is_problem(415, "encoded_body");
        assert_eq!(reply.header("accept-encoding"), "identity");
    }
    for coding in ["identity", "Identity"] {
        let client = app.nobody().with("content-encoding", coding);
        assert_eq!(client.post("/api/links/door", &body).await.status, 200);
    }
}

#[tokio::test]
async fn what_a_page_of_another_site_makes_a_browser_send_changes_nothing() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let body = json!({"linkId": b64(1, 16)});
    let cross = app.nobody().with("sec-fetch-site", "cross-site");
    for path in [
        "/api/links/door",
        "/api/validate-secure-link",
        "/api/signin",
    ] {
        cross
            .post(path, &body)
            .await
            .is_problem(403, "wrong_origin");
    }
    // Looking is no change, and a link may be followed from anywhere.
    assert_eq!(cross.get("/signin").await.status, 200);
    for site in ["same-origin", "same-site", "none"] {
        let client = app.nobody().with("sec-fetch-site", site);
        assert_eq!(client.post("/api/links/door", &body).await.status, 200);
    }
    let program = partner.agent.with("sec-fetch-site", "cross-site");
    assert_eq!(program.post(GENERATE, &json!({})).await.status, 200);
}
