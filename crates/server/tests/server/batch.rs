//! Many links in one call: each as by the call that makes one, and neither in another's way.

use crate::support::{Reply, TestApp, b64};
use axum::body::{Body, Bytes};
use futures_util::stream::poll_fn;
use serde_json::{Value, json};
use std::{collections::HashSet, convert::Infallible, task::Poll};
use wicketgate_domain::{Hash, id::encode};

const BATCH: &str = "/api/links/batch";
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

fn many(count: usize) -> Value {
    json!({ "links": vec![json!({}); count] })
}

fn results(reply: &Reply) -> &[Value] {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json["results"].as_array().unwrap()
}

#[tokio::test]
async fn each_link_is_answered_as_by_the_call_that_makes_one() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let program = partner.program(&["links:write"]).await;
    let links = json!([
        {"chatId": "order 7", "expiryHours": 1.5},
        {"expiryHours": -1},
        sealed(1),
        {"chatId": 7},
        {"linkId": b64(2, 16), "chatId": "incomplete"},
        {"partnerId": "0192e4a0-7b1c-7def-8123-000000000000"},
        "no object",
        null,
        {},
    ]);
    let reply = program.post(BATCH, &json!({ "links": links })).await;
    let results = results(&reply);
    assert_eq!(results.len(), links.as_array().unwrap().len());
    for (place, success) in [0, 2, 8]
        .map(|place| (place, true))
        .into_iter()
        .chain([1, 3, 4, 5, 6, 7].map(|place| (place, false)))
    {
        assert_eq!(results[place]["success"], success, "{}", results[place]);
    }
    assert_eq!(results[0]["chatId"], "order 7");
    assert!(results[0]["secureUrl"].as_str().unwrap().contains("#2."));
    assert!(!results[2]["secureUrl"].as_str().unwrap().contains('#'));
    assert_eq!(results[2]["linkId"], b64(1, 16));
    for (place, request) in links.as_array().unwrap().iter().enumerate() {
        let path = if request.get("linkId").is_some() {
            "/api/links"
        } else {
            "/api/generate-secure-link"
        };
        let alone = program.post(path, request).await;
        if results[place]["success"] == false {
            assert_eq!(alone.json, results[place], "{request}");
        } else {
            assert_eq!(alone.status, 200, "{}", alone.body);
        }
    }
    let opened = json!({ "linkId": results[0]["linkId"] });
    let opened = app.nobody().post(VALIDATE, &opened).await;
    assert_eq!(opened.json["chatId"], "order 7", "{}", opened.body);
    let listed = partner.agent.get("/api/links?limit=200").await;
    // Three by the batch; of those made alone the sealed one is the same again.
    assert_eq!(listed.json["links"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_thousand_are_made_in_one_call_and_no_more() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    for count in [0, 1_001] {
        let reply = partner.agent.post(BATCH, &many(count)).await;
        reply.is_field_problem("links");
    }
    for request in [json!({}), json!({"links": {}}), json!({"links": null})] {
        let reply = partner.agent.post(BATCH, &request).await;
        reply.is_field_problem("links");
    }
    let none = partner.agent.get("/api/links").await;
    assert_eq!(none.json["links"], json!([]));
    let reply = partner.agent.post(BATCH, &many(1_000)).await;
    let ids: HashSet<_> = results(&reply)
        .iter()
        .map(|made| made["linkId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 1_000);
}

#[tokio::test]
async fn a_repeated_batch_finds_its_links_again() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let program = partner.program(&["links:write"]).await;
    let program = program.with("idempotency-key", "monday");
    let request = json!({"links": [{}, {"chatId": "a"}, sealed(1), {"expiryHours": 0}]});
    let first = program.post(BATCH, &request).await;
    app.pass(60);
    let again = program.post(BATCH, &request).await;
    let mut expected = results(&first).to_vec();
    for made in &mut expected[..3] {
        made["repeated"] = true.into();
    }
    assert_eq!(results(&again), expected);
    let other = json!({"links": [{"chatId": "b"}, {"chatId": "a"}]});
    let reply = program.post(BATCH, &other).await;
    assert_eq!(results(&reply)[0]["code"], "other_content");
    assert_eq!(results(&reply)[1], expected[1]);
    // The first place of a batch is another call than the single one of that name.
    let single = program.post("/api/generate-secure-link", &json!({})).await;
    assert_eq!(single.status, 200, "{}", single.body);
    assert_ne!(single.json["linkId"], results(&first)[0]["linkId"]);
    let wrong = program
        .with("idempotency-key", "")
        .post(BATCH, &request)
        .await;
    wrong.is_field_problem("Idempotency-Key");
}

#[tokio::test]
async fn only_a_principal_that_may_make_links_has_its_body_read() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    // A body that nobody may read.
    let unread = || {
        Body::from_stream(poll_fn(|_| -> Poll<Option<Result<Bytes, Infallible>>> {
            panic!("the body was read before the credential")
        }))
    };
    let nobody = app.nobody();
    let reader = partner.program(&["links:read"]).await;
    for path in [BATCH, "/api/links", "/api/generate-secure-link"] {
        let reply = nobody.post_raw(path, "application/json", unread()).await;
        reply.is_problem(401, "unauthenticated");
        let reply = reader.post_raw(path, "application/json", unread()).await;
        reply.is_problem(403, "scope_required");
    }

    let writer = partner.program(&["links:write"]).await;
    let space = " ".repeat(4 * 1_024 * 1_024 - many(1).to_string().len());
    let longest = format!("{}{space}", many(1));
    let reply = writer
        .post_raw(BATCH, "application/json", longest.clone())
        .await;
    assert_eq!(results(&reply).len(), 1);
    let longer = format!("{longest} ");
    let reply = writer.post_raw(BATCH, "application/json", longer).await;
    reply.is_problem(413, "too_large");
}

#[tokio::test]
async fn each_link_of_a_batch_counts() {
    let app = TestApp::start_with(|_| {}).await;
    let partner = app.partner("Ada").await;
    let (mut made, mut refused) = (0, None);
    while refused.is_none() && made < 4_000 {
        let reply = partner.agent.post(BATCH, &many(500)).await;
        if reply.status == 429 {
            reply.is_problem(429, "too_many_requests");
            refused = Some(reply.json["retryAfter"].as_u64().unwrap());
        } else {
            made += results(&reply).len();
        }
    }
    assert!(made >= 2_000, "{made}");
    assert!(refused.is_some_and(|seconds| (1..=11).contains(&seconds)));
}
