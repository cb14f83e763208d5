//! The Origin rule, on each changing call.

use crate::support::{PUBLIC, TestApp, b64};
use serde_json::json;

/// Whether the call got past the rule.
async fn passes(app: &TestApp, origin: Option<&str>, cookie: Option<&str>) -> bool {
    let mut client = app.nobody();
    if let Some(origin) = origin {
        client = client.with("origin", origin);
    }
    if let Some(cookie) = cookie {
        client = client.with("cookie", cookie);
    }
    let reply = client
        .post("/api/links/door", &json!({"linkId": "x"}))
        .await;
    if reply.status != 200 {
        reply.is_problem(403, "wrong_origin");
    }
    reply.status == 200
}

#[tokio::test]
async fn pages_of_other_origins_can_do_nothing() {
    let app = TestApp::start().await;
    let session = format!("wg_session={}", b64(1, 32));
    let seat = format!("wg_seat_{}=1.{}", b64(1, 16), b64(1, 32));
    let secure = format!("__Host-{seat}");
    for cookie in [
        None,
        Some("other=1"),
        Some(&*session),
        Some(&*seat),
        Some(&*secure),
    ] {
        for own in [PUBLIC, "http://127.0.0.1:3000", "http://[::1]:3000"] {
            assert!(passes(&app, Some(own), cookie).await, "{own} {cookie:?}");
        }
        for other in [
            "null",
            "",
            "http://localhost",
            "http://localhost:3001",
            "https://localhost:3000",
            "http://localhost:3000.evil.test",
            "http://evil.test:3000",
            "http://localhost.evil.test:3000",
        ] {
            assert!(
                !passes(&app, Some(other), cookie).await,
                "{other} {cookie:?}"
            );
        }
    }
    assert!(passes(&app, None, None).await);
    assert!(passes(&app, None, Some("other=1; theme=dark")).await);
    for cookie in [&session, &seat, &secure] {
        assert!(!passes(&app, None, Some(cookie)).await, "{cookie}");
    }
}

#[tokio::test]
async fn every_changing_call_holds_to_the_rule() {
    let app = TestApp::start().await;
    let document: serde_json::Value =
        serde_json::from_str(&wicketgate_server::openapi_json()).unwrap();
    let evil = app.nobody().with("origin", "https://evil.test");
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("post").is_none() {
            continue;
        }
        let path = path
            .replace("{ref}", &b64(1, 16))
            .replace("{chatRef}", &b64(1, 16));
        evil.post(&path, &json!({}))
            .await
            .is_problem(403, "wrong_origin");
    }
    let socket = evil.get("/api/socket").await;
    socket.is_problem(403, "wrong_origin");
}

#[tokio::test]
async fn a_public_server_has_one_origin() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = "https://links.example.org".parse().unwrap();
    })
    .await;
    assert!(passes(&app, Some("https://links.example.org"), None).await);
    for other in [
        "http://links.example.org",
        "https://links.example.org:444",
        "http://localhost:3000",
    ] {
        assert!(!passes(&app, Some(other), None).await, "{other}");
    }
}

#[tokio::test]
async fn an_explicit_bearer_is_never_asked_for_its_origin() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let key = partner.program(&["links:write"]).await;
    let cookies = format!(
        "wg_session={}; wg_seat_{}=1.{}",
        b64(1, 32),
        b64(1, 16),
        b64(1, 32)
    );
    for program in [&key, &partner.agent] {
        for origin in [None, Some("https://shop.example"), Some("null")] {
            let mut client = program.clone().with("cookie", &cookies);
            if let Some(origin) = origin {
                client = client.with("origin", origin);
            }
            let made = client.post("/api/generate-secure-link", &json!({})).await;
            assert_eq!(made.status, 200, "{origin:?}: {}", made.body);
        }
    }
    // One that is no good is told so, and no cookie stands in for it.
    let bad = app
        .nobody()
        .bearer("wg_nonsense")
        .with("cookie", &cookies)
        .with("origin", "https://evil.test");
    bad.post("/api/generate-secure-link", &json!({}))
        .await
        .is_problem(401, "unauthenticated");
    // What browsers attach by themselves is no bearer.
    for scheme in ["Basic YTpi", "Bearer", "Digest x"] {
        let client = app
            .nobody()
            .with("authorization", scheme)
            .with("cookie", &cookies);
        client
            .post("/api/links/door", &json!({"linkId": "x"}))
            .await
            .is_problem(403, "wrong_origin");
    }
}
