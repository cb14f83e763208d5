//! API keys: made, shown once, listed, revoked.

use crate::support::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_key_is_shown_once_and_revoked_for_good() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let made = partner
        .agent
        .post("/api/keys", &json!({"name": "shop"}))
        .await;
    assert_eq!(made.status, 200, "{}", made.body);
    let key = made.text("key");
    assert!(
        key.starts_with("wg_") && key.len() == 3 + 12 + 1 + 32,
        "{key}"
    );
    assert_eq!(
        made.json["row"]["scopes"],
        json!(["links:write", "links:read"])
    );
    let list = partner.agent.get("/api/keys").await;
    assert_eq!(list.json["keys"], json!([made.json["row"]]));
    assert!(!list.body.contains(key.split('.').next_back().unwrap()));

    let program = app.nobody().bearer(key);
    assert_eq!(program.get("/api/links").await.status, 200);
    let with_fingerprint = app
        .nobody()
        .bearer(&format!("{key}.AAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(with_fingerprint.get("/api/links").await.status, 200);
    let revoke = format!(
        "/api/keys/{}/revoke",
        made.json["row"]["ref"].as_str().unwrap()
    );
    let revoked = partner.agent.post(&revoke, &json!({})).await;
    assert_eq!(revoked.json["revokedAt"], "2027-01-15T08:00:00.000Z");
    program
        .get("/api/links")
        .await
        .is_problem(401, "unauthenticated");
    app.pass(10);
    let again = partner.agent.post(&revoke, &json!({})).await;
    assert_eq!(again.json["revokedAt"], "2027-01-15T08:00:00.000Z");
}

#[tokio::test]
async fn a_keys_name_and_scopes_are_checked() {
    let app = TestApp::start().await;
    let agent = app.partner("Ada").await.agent;
    for (request, field) in [
        (json!({}), "name"),
        (json!({"name": ""}), "name"),
        (json!({"name": "x".repeat(81)}), "name"),
        (json!({"name": "x", "scopes": []}), "scopes"),
        (json!({"name": "x", "scopes": ["everything"]}), "scopes"),
        (json!({"name": "x", "scopes": "links:write"}), "scopes"),
        (json!({"name": "x", "scopes": [7]}), "scopes[0]"),
    ] {
        agent
            .post("/api/keys", &request)
            .await
            .is_field_problem(field);
    }
}
