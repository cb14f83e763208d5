//! What a call does not know it refuses by name, everywhere: a wish that is misspelt must not become a default.

use crate::support::{TestApp, TestClient, b64};
use axum::body::Body;
use http::Method;
use serde_json::{Value, json};

const GENERATE: &str = "/api/generate-secure-link";

fn document() -> Value {
    serde_json::from_str(&wicketgate_server::openapi_json()).unwrap()
}

/// Every call: method, path with names filled in, and what its documentation says.
fn calls<'a>(document: &'a Value, chat: &str) -> Vec<(Method, String, &'a Value)> {
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{ref}", &b64(1, 16))
            .replace("{chatRef}", chat);
        for (method, call) in item.as_object().unwrap() {
            calls.push((method.to_uppercase().parse().unwrap(), path.clone(), call));
        }
    }
    calls
}

/// An agent, a customer and the chat that both are in.
async fn callers(app: &TestApp) -> (TestClient, TestClient, String) {
    let partner = app.partner("Ada").await;
    let (link, customer) = partner.customer(json!({})).await;
    (partner.agent, customer, link.chat)
}

#[tokio::test]
async fn no_call_takes_a_parameter_that_it_does_not_name() {
    let app = TestApp::start().await;
    let (agent, _, chat) = callers(&app).await;
    let document = document();
    let mut asked: Vec<_> = calls(&document, &chat)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    asked.push((Method::GET, "/api/openapi.json".to_owned()));
    asked.push((Method::HEAD, "/api/links".to_owned()));
    for (method, path) in asked {
        for name in ["chat_id", "partnerId", "x%3Dy", ""] {
            let path = format!("{path}?{name}=order-4711");
            let json = Some("application/json");
            let reply = agent
                .send(method.clone(), &path, json, Body::from("{}"))
                .await;
            if method == Method::HEAD {
                assert_eq!(reply.status, 422, "{path}");
                continue;
            }
            let named = name.replace("%3D", "\u{fffd}");
            reply.is_field_problem(&named);
            assert!(reply.text("error").contains("is unknown"), "{}", reply.body);
        }
    }
}

#[tokio::test]
async fn a_parameter_is_given_once() {
    let app = TestApp::start().await;
    let (agent, _, _) = callers(&app).await;
    for query in ["limit=1&limit=1", "state=used&limit=1&state=valid"] {
        let reply = agent.get(&format!("/api/links?{query}")).await;
        let field = query.split('=').next().unwrap();
        reply.is_field_problem(field);
        assert_eq!(reply.json["error"], format!("{field} is given twice"));
    }
    let reply = agent.get("/api/links?chat_id=7&limit=1").await;
    assert_eq!(
        reply.json["error"],
        "chat_id is unknown; the parameters are state, chat, chatId, usedSince, fields, after, limit"
    );
    let reply = agent.get("/api/me?fields=email").await;
    assert_eq!(
        reply.json["error"],
        "fields is unknown: this takes no parameters"
    );
}

#[tokio::test]
async fn no_body_takes_a_member_that_it_does_not_name() {
    let app = TestApp::start().await;
    let (agent, customer, chat) = callers(&app).await;
    let document = document();
    for (method, path, _) in calls(&document, &chat) {
        if method != Method::POST {
            continue;
        }
        // Before its body is looked at, a customer's own call is refused to an agent.
        let own = path.ends_with("/ask");
        let client = if own { &customer } else { &agent };
        let reply = client.post(&path, &json!({"nonsense": 1})).await;
        reply.is_field_problem("nonsense");
        assert!(reply.text("error").contains("is unknown"), "{}", reply.body);
    }
}

/// Checks that an object of a request lists its members and takes no other, and so do those within.
fn is_closed(document: &Value, schema: &Value, within: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let path = name.trim_start_matches('#');
        return is_closed(document, document.pointer(path).unwrap(), name);
    }
    for kind in ["oneOf", "anyOf", "allOf"] {
        for schema in schema[kind].as_array().into_iter().flatten() {
            is_closed(document, schema, within);
        }
    }
    if schema["items"].is_object() {
        is_closed(document, &schema["items"], within);
    }
    let Some(members) = schema["properties"].as_object() else {
        return;
    };
    assert_eq!(
        schema["additionalProperties"], false,
        "{within} is open: {schema}"
    );
    for (name, member) in members {
        is_closed(document, member, &format!("{within}.{name}"));
    }
}

#[test]
fn the_document_says_so_of_every_request_and_frame() {
    let document = document();
    for (_, path, call) in calls(&document, "") {
        let schema = &call["requestBody"]["content"]["application/json"]["schema"];
        is_closed(&document, schema, &path);
    }
    let frames = &document["components"]["schemas"]["ClientFrame"];
    assert!(frames["oneOf"].is_array());
    is_closed(&document, frames, "ClientFrame");
}

#[tokio::test]
async fn a_wish_that_is_misspelt_makes_no_link() {
    let app = TestApp::start().await;
    let (agent, _, _) = callers(&app).await;
    let before = agent.get("/api/links").await.json;
    for (body, field) in [
        (json!({"expiryMinutes": 5}), "expiryMinutes"),
        (
            json!({"expiresAt": "2027-01-15T09:00:00.000Z"}),
            "expiresAt",
        ),
        (json!({"chat_id": "a"}), "chat_id"),
        (json!({"expiryhours": 2}), "expiryhours"),
        (
            json!({"chatId": "a", "idempotencyKey": "b"}),
            "idempotencyKey",
        ),
    ] {
        agent.post(GENERATE, &body).await.is_field_problem(field);
    }
    for body in [
        r#"{"chatId":"a","chatId":"b"}"#,
        r#"{"chatId":"a","chat\u0049d":"a"}"#,
    ] {
        let reply = agent.post_raw(GENERATE, "application/json", body).await;
        reply.is_field_problem("chatId");
    }
    assert_eq!(agent.get("/api/links").await.json, before);
}
