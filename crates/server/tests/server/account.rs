//! Set-up, signing in, sessions, passwords, recovery.

use crate::support::{Partner, Reply, SETUP, TestApp, TestClient, b64, setup_request, uuid};
use serde_json::{Value, json};
use wicketgate_server::SetupGate;

async fn sign_in(app: &TestApp, email: &str, auth: u8) -> Reply {
    let request = json!({"email": email, "auth": b64(auth, 32), "credential": "bearer"});
    app.nobody().post("/api/signin", &request).await
}

async fn signed_in(app: &TestApp, partner: &Partner, auth: u8) -> TestClient {
    let reply = sign_in(app, &partner.email, auth).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    app.nobody().bearer(reply.text("token"))
}

fn password(byte: u8) -> Value {
    json!({"auth": b64(byte, 32), "salt": b64(byte, 16), "rounds": 700_000, "wrap": b64(byte, 81)})
}

#[tokio::test]
async fn the_printed_token_makes_the_first_partner_only() {
    let app = TestApp::start_with(|settings| {
        settings.setup = SetupGate::default().with_printed("printed");
    })
    .await;
    let nobody = app.nobody();
    assert_eq!(nobody.get("/api/setup").await.json, json!({"done": false}));
    let mut request = setup_request("Ada");
    nobody
        .post("/api/setup", &request)
        .await
        .is_problem(403, "setup_closed");
    request["setupToken"] = "printed".into();
    let made = nobody.post("/api/setup", &request).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.json["partnerName"], "Ada");
    assert_eq!(nobody.get("/api/setup").await.json, json!({"done": true}));
    let mut second = setup_request("Bob");
    second["setupToken"] = "printed".into();
    nobody
        .post("/api/setup", &second)
        .await
        .is_problem(403, "setup_closed");
}

#[tokio::test]
async fn a_fixed_token_makes_further_partners() {
    let app = TestApp::start().await;
    app.partner("Ada").await;
    app.partner("Bob").await;
    let taken = app.nobody().post("/api/setup", &setup_request("Ada")).await;
    taken.is_problem(409, "email_taken");
}

#[tokio::test]
async fn a_set_up_is_checked_before_anything_is_made() {
    let app = TestApp::start().await;
    for (path, value, field) in [
        ("/partnerId", json!("x"), "partnerId"),
        ("/agentId", json!("x"), "agentId"),
        ("/name", json!(" "), "name"),
        ("/name", json!("a\u{202e}b"), "name"),
        ("/email", json!("ada"), "email"),
        ("/password/auth", json!(b64(1, 31)), "password.auth"),
        ("/password/salt", json!(b64(1, 8)), "password.salt"),
        ("/password/rounds", json!(1_000), "password.rounds"),
        (
            "/password/rounds",
            json!(4_294_967_296_u64),
            "password.rounds",
        ),
        ("/recovery/wrap", json!(""), "recovery.wrap"),
        ("/identity", json!(b64(1, 31)), "identity"),
        ("/agentKem", json!(b64(1, 1_215)), "agentKem"),
        (
            "/certificate/publicKey",
            json!("AA"),
            "certificate.publicKey",
        ),
        ("/certificate/notAfter", json!(0), "certificate.notAfter"),
        ("/keyring", json!(""), "keyring"),
    ] {
        let mut request = setup_request("Ada");
        *request.pointer_mut(path).unwrap() = value;
        let reply = app.nobody().post("/api/setup", &request).await;
        reply.is_field_problem(field);
    }
    assert_eq!(
        app.nobody().get("/api/setup").await.json,
        json!({"done": false})
    );
    let mut closed = setup_request("Ada");
    closed["setupToken"] = format!("{SETUP} ").into();
    let reply = app.nobody().post("/api/setup", &closed).await;
    reply.is_problem(403, "setup_closed");
}

#[tokio::test]
async fn a_wrong_password_looks_like_an_unknown_email() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let wrong = sign_in(&app, &partner.email, 9).await;
    let unknown = sign_in(&app, "nobody@example.org", 9).await;
    wrong.is_problem(401, "wrong_credentials");
    assert_eq!(wrong.json, unknown.json);
    assert_eq!(wrong.text("error"), "E-mail or password is wrong");
    let names =
        |reply: &Reply| -> Vec<String> { reply.headers.keys().map(ToString::to_string).collect() };
    assert_eq!(names(&wrong), names(&unknown));
    for email in [&partner.email, "nobody@example.org"] {
        let start = json!({"email": email});
        let first = app.nobody().post("/api/signin/start", &start).await;
        let again = app.nobody().post("/api/signin/start", &start).await;
        assert_eq!(first.json["rounds"], 600_000);
        assert_eq!(first.text("salt").len(), 22);
        assert_eq!(first.json, again.json);
    }
    let request = json!({"email": partner.email, "auth": b64(9, 32)});
    let wrong_code = app.nobody().post("/api/recovery/start", &request).await;
    let request = json!({"email": "nobody@example.org", "auth": b64(9, 32)});
    let unknown = app.nobody().post("/api/recovery/start", &request).await;
    wrong_code.is_problem(401, "wrong_credentials");
    assert_eq!(wrong_code.json, unknown.json);
    assert_eq!(names(&wrong_code), names(&unknown));
    assert_eq!(wrong_code.text("error"), "E-mail or recovery code is wrong");
}

#[tokio::test]
async fn whoever_signs_in_gets_what_a_fresh_device_needs() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let reply = sign_in(&app, &partner.email.to_uppercase(), 1).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    for field in [
        "wrap",
        "keyring",
        "identity",
        "agentId",
        "partnerName",
        "token",
    ] {
        assert!(!reply.text(field).is_empty(), "{field}");
    }
    let me = app
        .nobody()
        .bearer(reply.text("token"))
        .get("/api/me")
        .await;
    assert_eq!(me.json["email"], partner.email);
    assert_eq!(me.json["generation"], 1);
    assert_eq!(me.json.get("token"), None);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    app.pass(1);
    let other = signed_in(&app, &partner, 1).await;
    let list = partner.agent.get("/api/sessions").await;
    let rows = list.json["sessions"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let currents: Vec<_> = rows.iter().map(|row| row["current"].as_bool()).collect();
    assert_eq!(currents, [Some(false), Some(true)]);
    let end = format!("/api/sessions/{}/end", rows[0]["ref"].as_str().unwrap());
    assert_eq!(partner.agent.post(&end, &json!({})).await.status, 200);
    other
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
    partner
        .agent
        .post(&end, &json!({}))
        .await
        .is_problem(404, "not_found");
    assert_eq!(
        partner.agent.post("/api/signout", &json!({})).await.status,
        200
    );
    partner
        .agent
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_runs_out() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    for _ in 0..6 {
        app.pass(13 * 86_400);
        assert_eq!(partner.agent.get("/api/me").await.status, 200);
        // The use is noted without waiting; a write after it is made after it.
        partner.link(json!({})).await;
    }
    app.pass(13 * 86_400);
    partner
        .agent
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
    let idle = signed_in(&app, &partner, 1).await;
    app.pass(15 * 86_400);
    idle.get("/api/me").await.is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let other = signed_in(&app, &partner, 1).await;
    let change = json!({"current": b64(9, 32), "password": password(5)});
    let wrong = partner.agent.post("/api/me/password", &change).await;
    wrong.is_problem(401, "wrong_credentials");
    assert_eq!(other.get("/api/me").await.status, 200);
    let change = json!({"current": b64(1, 32), "password": password(5)});
    let changed = partner.agent.post("/api/me/password", &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json["stretching"]["rounds"], 700_000);
    assert_eq!(partner.agent.get("/api/me").await.status, 200);
    other
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
    sign_in(&app, &partner.email, 1)
        .await
        .is_problem(401, "wrong_credentials");
    assert_eq!(sign_in(&app, &partner.email, 5).await.status, 200);
}

#[tokio::test]
async fn the_recovery_code_sets_a_new_password_and_a_new_code() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let start = json!({"email": partner.email, "auth": b64(2, 32)});
    let opened = app.nobody().post("/api/recovery/start", &start).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    assert_eq!(opened.json["wrap"], b64(2, 81));
    let finish = json!({
        "email": partner.email,
        "auth": b64(2, 32),
        "password": password(5),
        "recovery": {"auth": b64(6, 32), "wrap": b64(6, 81)},
        "credential": "bearer",
    });
    let done = app.nobody().post("/api/recovery/finish", &finish).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let recovered = app.nobody().bearer(done.text("token"));
    assert_eq!(recovered.get("/api/me").await.status, 200);
    partner
        .agent
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
    let again = app.nobody().post("/api/recovery/finish", &finish).await;
    again.is_problem(401, "wrong_credentials");
    assert_eq!(again.text("error"), "E-mail or recovery code is wrong");
    assert_eq!(sign_in(&app, &partner.email, 5).await.status, 200);
}

#[tokio::test]
async fn a_new_recovery_code_takes_the_old_ones_place() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let change =
        json!({"current": b64(1, 32), "recovery": {"auth": b64(6, 32), "wrap": b64(6, 81)}});
    let changed = partner.agent.post("/api/me/recovery", &change).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    for (code, status) in [(2, 401), (6, 200)] {
        let start = json!({"email": partner.email, "auth": b64(code, 32)});
        let reply = app.nobody().post("/api/recovery/start", &start).await;
        assert_eq!(reply.status, status);
    }
}

#[tokio::test]
async fn a_keyring_is_replaced_by_the_next_generation_only() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let me = partner.agent.get("/api/me").await;
    let keyring = |generation: u32, agent: &str| {
        let certificate = crate::support::setup_request("x")["certificate"].clone();
        json!({
            "generation": generation,
            "copies": [{"agentId": agent, "sealed": b64(11, 4_000)}],
            "certificate": certificate,
        })
    };
    let agent = me.text("agentId");
    for (wrong, copy_for) in [(1, agent), (3, agent), (2, &*uuid())] {
        let reply = partner
            .agent
            .post("/api/keyring", &keyring(wrong, copy_for))
            .await;
        reply.is_problem(409, "other_generation");
    }
    let replaced = partner.agent.post("/api/keyring", &keyring(2, agent)).await;
    assert_eq!(
        (replaced.status, &replaced.json["generation"]),
        (200, &json!(2))
    );
    assert_eq!(replaced.json["keyring"], b64(11, 4_000));
}

#[tokio::test]
async fn time_does_not_tell_who_has_an_account() {
    let app = TestApp::start().await;
    let ada = app.partner("Ada").await;
    for email in [ada.email.as_str(), "nobody@example.org"] {
        let requests = [
            ("/api/signin/start", json!({"email": email})),
            (
                "/api/recovery/start",
                json!({"email": email, "auth": b64(9, 32)}),
            ),
        ];
        for (path, request) in requests {
            let began = std::time::Instant::now();
            let reply = app.nobody().post(path, &request).await;
            assert_ne!(reply.status, 422, "{}", reply.body);
            // More than reading an account takes; without that, this is over in a fraction of a millisecond.
            assert!(began.elapsed().as_millis() >= 10, "{path} {email}");
        }
    }
}

/// What one person may type as the e-mail of one account.
const SPELLINGS: [&str; 6] = [
    "José@bücher.example",
    "Jose\u{301}@BU\u{308}CHER.example",
    "josé@xn--bcher-kva.example",
    " josé＠bücher。example. ",
    "jos\u{200b}é@bü\u{ad}cher.example\r\n",
    "ＪＯＳé@bücher．example",
];

#[tokio::test]
async fn an_account_is_found_by_every_spelling_of_its_email() {
    let app = TestApp::start().await;
    let mut request = setup_request("Ada");
    request["email"] = SPELLINGS[1].into();
    let made = app.nobody().post("/api/setup", &request).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.json["email"], "josé@xn--bcher-kva.example");
    let nobody = app.nobody();
    for spelling in SPELLINGS {
        let signed_in = sign_in(&app, spelling, 1).await;
        assert_eq!(signed_in.status, 200, "{spelling}: {}", signed_in.body);
        let salt = nobody
            .post("/api/signin/start", &json!({"email": spelling}))
            .await;
        assert_eq!(salt.json["salt"], b64(1, 16), "{spelling}");
        let code = json!({"email": spelling, "auth": b64(2, 32)});
        let recovery = nobody.post("/api/recovery/start", &code).await;
        assert_eq!(recovery.status, 200, "{spelling}: {}", recovery.body);
        // Nobody makes a twin of it.
        let mut twin = setup_request("Bob");
        twin["email"] = spelling.into();
        let refused = nobody.post("/api/setup", &twin).await;
        refused.is_problem(409, "email_taken");
    }
}

#[tokio::test]
async fn an_organisation_is_named_as_it_reads() {
    let app = TestApp::start().await;
    let mut request = setup_request("Ada");
    request["name"] = " Mu\u{308}ller\u{a0}&\t So\u{308}hne\n".into();
    let made = app.nobody().post("/api/setup", &request).await;
    assert_eq!(made.json["partnerName"], "Müller & Söhne", "{}", made.body);
}
