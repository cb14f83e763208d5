//! Limits: whoever tries too often waits, and nobody else does.

use crate::support::{TestApp, b64, password, setup_request};
use axum::body::Body;
use http::Method;
use serde_json::json;

/// The first refusal by a limit, within so many tries.
async fn limited(app: &TestApp, path: &str, body: serde_json::Value, tries: u32) -> Option<u32> {
    for number in 0..tries {
        let reply = app.nobody().post(path, &body).await;
        if reply.status == 429 {
            reply.is_problem(429, "too_many_requests");
            let seconds: u64 = reply.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&seconds));
            assert_eq!(reply.json["retryAfter"], seconds);
            return Some(number);
        }
    }
    None
}

#[tokio::test]
async fn guessing_links_is_limited_and_opening_them_is_not() {
    let app = TestApp::start_with(|_| {}).await;
    let partner = app.partner("Ada").await;
    let validate = "/api/validate-secure-link";
    let first = limited(&app, validate, json!({"linkId": b64(1, 16)}), 200).await;
    assert!(first.is_some_and(|first| first >= 100), "{first:?}");
    let link = partner.link(json!({})).await;
    let reply = app
        .nobody()
        .post(validate, &json!({"linkId": link.id}))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn guessing_addresses_of_doors_is_limited_and_looking_at_a_link_is_not() {
    let app = TestApp::start_with(|_| {}).await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let guess = format!("/secure/chat/{}", b64(1, 16));
    let mut tries = 0;
    let refused = loop {
        tries += 1;
        assert!(tries < 200, "nobody was refused");
        let reply = app.nobody().get(&guess).await;
        if reply.status != 404 {
            break reply;
        }
    };
    assert!(tries > 100, "{tries}");
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    let door = app.nobody().get(&format!("/secure/chat/{}", link.id)).await;
    assert_eq!(door.status, 200);
}

#[tokio::test]
async fn guesses_of_every_road_count_together_and_are_told_in_words() {
    let app = TestApp::start_with(|_| {}).await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let nobody = app.nobody().with("accept-language", "de");
    let mut refused = false;
    for number in 0..150_u8 {
        let guess = b64(number, 16);
        let door = format!("/secure/chat/{guess}");
        let reply = match number % 3 {
            0 => nobody.send(Method::HEAD, &door, None, Body::empty()).await,
            1 => nobody.get(&door).await,
            _ => {
                nobody
                    .post("/api/links/door", &json!({"linkId": guess}))
                    .await
            }
        };
        refused |= reply.status == 429;
    }
    assert!(refused, "three roads of 50 guesses each are 150 guesses");
    let page = nobody.get(&format!("/secure/chat/{}", b64(200, 16))).await;
    assert_eq!(page.status, 429);
    assert!(page.body.contains("Zu viele Versuche"), "{}", page.body);
    assert!(page.header("retry-after").parse::<u64>().unwrap() >= 1);
    // An address that was damaged on its way is no guess; its page may mend it.
    let damaged = nobody
        .get(&format!("/secure/chat/{}%E2%80%8B", &link.id[1..]))
        .await;
    assert_eq!(damaged.status, 404);
    let chat = nobody.get(&format!("/chat/{}", link.chat)).await;
    assert_eq!(chat.status, 200);
    for _ in 0..3 {
        let door = nobody.get(&format!("/secure/chat/{}", link.id)).await;
        assert_eq!(door.status, 200);
    }
    let redeemed = nobody
        .post("/api/validate-secure-link", &json!({"linkId": link.id}))
        .await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);
}

#[tokio::test]
async fn guessing_recovery_codes_is_limited() {
    let app = TestApp::start_with(|_| {}).await;
    let request = json!({"email": "nobody@example.org", "auth": b64(1, 32)});
    let first = limited(&app, "/api/recovery/start", request, 100).await;
    assert!(first.is_some_and(|first| first >= 20), "{first:?}");
}

#[tokio::test]
async fn whoever_has_the_set_up_token_is_not_held_up_by_those_who_guess_it() {
    let app = TestApp::start_with(|_| {}).await;
    let mut wrong = setup_request("Eve");
    wrong["setupToken"] = json!("guessed");
    let first = limited(&app, "/api/setup", wrong, 200).await;
    assert!(first.is_some_and(|first| first >= 60), "{first:?}");
    // The right token, and from the guesser's own address.
    for name in ["Ada", "Bob"] {
        let reply = app.nobody().post("/api/setup", &setup_request(name)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
}

/// Guesses an account's recovery code until the limit, then recovers it with the right one.
async fn recovers_beside_guesses(app: &TestApp) {
    let partner = app.partner("Ada").await;
    let start = |auth: u8| json!({"email": partner.email, "auth": b64(auth, 32)});
    let finish = |auth: u8| {
        json!({
            "email": partner.email,
            "auth": b64(auth, 32),
            "password": password(7),
            "recovery": {"auth": b64(8, 32), "wrap": b64(8, 81)},
        })
    };
    let first = limited(app, "/api/recovery/start", start(9), 300).await;
    assert!(first.is_some_and(|first| first >= 60), "{first:?}");
    let same = limited(app, "/api/recovery/finish", finish(9), 5).await;
    assert!(same.is_some(), "both steps count together");
    // The right code counts for nothing, however often it is shown.
    for _ in 0..150 {
        let opened = app.nobody().post("/api/recovery/start", &start(2)).await;
        assert_eq!(opened.status, 200, "{}", opened.body);
    }
    let done = app.nobody().post("/api/recovery/finish", &finish(2)).await;
    assert_eq!(done.status, 200, "{}", done.body);
}

#[tokio::test]
async fn whoever_has_the_recovery_code_is_not_held_up_by_those_who_guess_it() {
    recovers_beside_guesses(&TestApp::start_with(|_| {}).await).await;
}

#[tokio::test]
async fn guesses_of_the_recovery_code_behind_a_silent_proxy_hold_up_nobody_who_has_it() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    recovers_beside_guesses(&app).await;
}

/// What the owner of an account is answered after a stranger's wrong tries and guesses, with these headers on each
/// call: the status of signing in, and of a link mistyped.
async fn after_a_stranger(app: &TestApp, stranger: &str, owner: &str) -> (u16, u16) {
    let name = format!("Ada {}", stranger.len());
    let partner = app.partner(&name).await;
    let through = |client: &str| match client {
        "" => app.nobody(),
        client => app.nobody().with("x-forwarded-for", client),
    };
    let stranger = through(stranger);
    let sign_in =
        |auth: u8| json!({"email": partner.email, "auth": b64(auth, 32), "credential": "bearer"});
    for _ in 0..75 {
        let reply = stranger.post("/api/signin", &sign_in(9)).await;
        assert!(matches!(reply.status, 401 | 429), "{}", reply.body);
    }
    for guess in 0..250_u8 {
        let guess = json!({"linkId": b64(guess, 16)});
        stranger.post("/api/validate-secure-link", &guess).await;
    }
    let owner = through(owner);
    let signed_in = owner.post("/api/signin", &sign_in(1)).await;
    let mistyped = json!({"linkId": b64(255, 16)});
    let missed = owner.post("/api/validate-secure-link", &mistyped).await;
    (signed_in.status, missed.status)
}

#[tokio::test]
async fn behind_a_proxy_that_nobody_named_one_stranger_holds_up_nobody_else() {
    let app = TestApp::start_with(|_| {}).await;
    let (stranger, owner) = ("198.51.100.7", "192.0.2.1");
    assert_eq!(after_a_stranger(&app, stranger, owner).await, (200, 404));
}

#[tokio::test]
async fn behind_a_silent_proxy_one_stranger_holds_up_nobody_else() {
    let app = TestApp::start_with(|settings| {
        // The proxy was named, but does not say whom it speaks for.
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    assert_eq!(after_a_stranger(&app, "", "").await, (200, 404));
}

#[tokio::test]
async fn without_a_proxy_the_address_is_held_to_its_limits() {
    let app = TestApp::start_with(|_| {}).await;
    assert_eq!(after_a_stranger(&app, "", "").await, (429, 429));
}

#[tokio::test]
async fn where_a_proxy_is_named_no_neighbour_gets_more_by_what_it_says_of_itself() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["10.0.0.1".parse().unwrap()];
    })
    .await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let guesser = |number: u8| {
        app.nobody()
            .with("x-forwarded-for", &format!("198.51.100.{number}"))
    };
    let mut refused = 0;
    for number in 0..200_u8 {
        let guess = json!({"linkId": b64(number, 16)});
        let reply = guesser(number).post("/api/links/door", &guess).await;
        refused += u32::from(reply.status == 429);
    }
    assert!((40..=80).contains(&refused), "{refused}");
    let id = json!({"linkId": link.id});
    let opened = guesser(0).post("/api/validate-secure-link", &id).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
}

#[tokio::test]
async fn agents_are_told_of_a_proxy_that_nobody_named() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let me = partner.agent.get("/api/me").await;
    assert_eq!(me.json["warnings"], json!(null));
    let through_proxy = app.nobody().with("x-forwarded-for", "192.0.2.1");
    through_proxy.get("/signin").await;
    let me = partner.agent.get("/api/me").await;
    let told = json!([{"code": "proxy_not_trusted", "remedy": "--trusted-proxy 127.0.0.1"}]);
    assert_eq!(me.json["warnings"], told);
    let sign_in = json!({"email": partner.email, "auth": b64(1, 32), "credential": "bearer"});
    let signed_in = app.nobody().post("/api/signin", &sign_in).await;
    assert_eq!(signed_in.json["warnings"], told);
}

#[tokio::test]
async fn where_a_proxy_is_named_no_other_host_is_recommended() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["10.0.0.1".parse().unwrap()];
    })
    .await;
    let partner = app.partner("Ada").await;
    let neighbour = app.nobody().with("x-forwarded-for", "192.0.2.1");
    neighbour.get("/signin").await;
    let me = partner.agent.get("/api/me").await;
    let told = json!([{"code": "proxy_not_trusted", "remedy": "--trusted-proxy ADDRESS"}]);
    assert_eq!(me.json["warnings"], told);
}

#[tokio::test]
async fn limits_can_be_off() {
    let app = TestApp::start().await;
    let request = json!({"linkId": b64(1, 16)});
    assert_eq!(
        limited(&app, "/api/validate-secure-link", request, 300).await,
        None
    );
}
