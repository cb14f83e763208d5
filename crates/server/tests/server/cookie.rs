//! Cookies: what browsers are told to do with them, and how many seats they keep.

use crate::support::{TestApp, b64};
use serde_json::json;

const VALIDATE: &str = "/api/validate-secure-link";

async fn cookies_of(app: &TestApp) -> (String, String, String) {
    let partner = app.partner("Ada").await;
    let sign_in = json!({"email": partner.email, "auth": b64(1, 32)});
    let signed_in = app.nobody().post("/api/signin", &sign_in).await;
    assert!(signed_in.json.get("token").is_none());
    let link = partner.link(json!({})).await;
    let request = json!({"linkId": link.id, "credential": "cookie"});
    let redeemed = app.nobody().post(VALIDATE, &request).await;
    let only = |cookies: Vec<&str>| {
        let [cookie] = cookies[..] else {
            panic!("{cookies:?}")
        };
        cookie.to_owned()
    };
    let session = |cookie: &&str| !cookie.contains("wg_device");
    (
        only(
            signed_in
                .set_cookies()
                .into_iter()
                .filter(session)
                .collect(),
        ),
        only(redeemed.set_cookies()),
        link.chat,
    )
}

#[tokio::test]
async fn cookies_over_http_on_this_machine() {
    let app = TestApp::start().await;
    let (session, seat, chat) = cookies_of(&app).await;
    let (name, rest) = session.split_once('=').unwrap();
    let (value, attributes) = rest.split_once("; ").unwrap();
    assert_eq!((name, value.len()), ("wg_session", 43));
    assert_eq!(
        attributes,
        "Path=/; Max-Age=7776000; HttpOnly; SameSite=Strict"
    );
    let (name, rest) = seat.split_once('=').unwrap();
    let (value, attributes) = rest.split_once("; ").unwrap();
    assert_eq!(name, format!("wg_seat_{chat}"));
    assert!(
        value.starts_with("1800000000.") && value.len() == 11 + 43,
        "{value}"
    );
    assert_eq!(
        attributes,
        "Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"
    );
}

#[tokio::test]
async fn cookies_over_https_are_bound_to_the_host() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = "https://links.example.org".parse().unwrap();
        settings.limits = false;
    })
    .await;
    let (session, seat, chat) = cookies_of(&app).await;
    assert!(session.starts_with("__Host-wg_session="), "{session}");
    assert!(
        seat.starts_with(&format!("__Host-wg_seat_{chat}=")),
        "{seat}"
    );
    for cookie in [&session, &seat] {
        assert!(
            cookie.ends_with("; HttpOnly; SameSite=Strict; Secure"),
            "{cookie}"
        );
        assert!(
            cookie.contains("; Path=/;") && !cookie.contains("Domain"),
            "{cookie}"
        );
    }
    let pair = session.split(';').next().unwrap();
    let browser = app.nobody().with("cookie", pair);
    assert_eq!(browser.get("/api/me").await.status, 200);
    let without_prefix = app
        .nobody()
        .with("cookie", pair.strip_prefix("__Host-").unwrap());
    without_prefix
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn signing_out_takes_the_cookie_back() {
    let app = TestApp::start().await;
    let (session, _, _) = cookies_of(&app).await;
    let browser = app.nobody().cookies(session.split(';').next().unwrap());
    let reply = browser.post("/api/signout", &json!({})).await;
    assert_eq!(
        reply.set_cookies(),
        ["wg_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"]
    );
    browser
        .get("/api/me")
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_browser_keeps_its_newest_twenty_seats() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let seats: Vec<_> = (0..21_u8)
        .map(|number| {
            format!(
                "wg_seat_{}={}.{}",
                b64(number, 16),
                1_000 + u32::from(number),
                b64(1, 32)
            )
        })
        .collect();
    let link = partner.link(json!({})).await;
    let browser = app.nobody().cookies(&seats.join("; "));
    let request = json!({"linkId": link.id, "credential": "cookie"});
    let reply = browser.post(VALIDATE, &request).await;
    let set = reply.set_cookies();
    assert_eq!(set.len(), 3, "{set:?}");
    assert!(set[0].starts_with(&format!("wg_seat_{}=", link.chat)));
    for (number, cookie) in set[1..].iter().enumerate() {
        let oldest = b64(u8::try_from(number).unwrap(), 16);
        assert!(
            cookie.starts_with(&format!("wg_seat_{oldest}=; Path=/; Max-Age=0")),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn only_who_asks_for_a_cookie_gets_one() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    for (credential, cookies, token) in [
        (None, 0, false),
        (Some("bearer"), 0, true),
        (Some("cookie"), 1, false),
    ] {
        let link = partner.link(json!({})).await;
        let mut request = json!({"linkId": link.id});
        if let Some(credential) = credential {
            request["credential"] = credential.into();
        }
        let reply = app.nobody().post(VALIDATE, &request).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.set_cookies().len(), cookies, "{credential:?}");
        assert_eq!(reply.json.get("token").is_some(), token, "{credential:?}");
    }
}

#[tokio::test]
async fn a_program_that_keeps_cookies_is_no_page() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let key = partner.program(&["links:write", "links:read"]).await;
    // The jar of a library that keeps whatever it is given, and of one that was used for signing in before.
    let sign_in = json!({"email": partner.email, "auth": b64(1, 32)});
    let signed_in = app.nobody().post("/api/signin", &sign_in).await;
    let mut jar: Vec<String> = signed_in
        .set_cookies()
        .iter()
        .map(|cookie| cookie.split(';').next().unwrap().to_owned())
        .collect();
    for round in 0..3 {
        let program = key.clone().with("cookie", &jar.join("; "));
        let made = program.post("/api/generate-secure-link", &json!({})).await;
        assert_eq!(made.status, 200, "{round}: {}", made.body);
        let request = json!({"linkId": made.json["linkId"]});
        for credential in [Some("cookie"), None] {
            let mut request = request.clone();
            if let Some(credential) = credential {
                request["credential"] = credential.into();
            }
            let used = program.post(VALIDATE, &request).await;
            jar.extend(
                used.set_cookies()
                    .iter()
                    .map(|cookie| cookie.split(';').next().unwrap().to_owned()),
            );
            if credential.is_some() {
                assert_eq!(used.status, 200, "{}", used.body);
            } else {
                used.is_problem(410, "link_used");
                assert_eq!(used.json["error"], "Link has already been used");
            }
        }
    }
    // Without a key as well, as long as no cookie was asked for.
    let link = partner.link(json!({})).await;
    let request = json!({"linkId": link.id});
    let bare = app.nobody().post(VALIDATE, &request).await;
    assert_eq!((bare.status, bare.set_cookies().len()), (200, 0));
    let again = app.nobody().post(VALIDATE, &request).await;
    again.is_problem(410, "link_used");
}

#[tokio::test]
async fn a_session_that_ends_by_its_token_leaves_the_browsers_cookie() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let reply = partner.agent.post("/api/signout", &json!({})).await;
    assert_eq!((reply.status, reply.set_cookies().len()), (200, 0));
}

#[tokio::test]
async fn all_cookies_of_a_browser_take_less_than_half_of_the_line_that_nginx_reads() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = "https://links.example.org".parse().unwrap();
        settings.limits = false;
    })
    .await;
    let (session, seat, _) = cookies_of(&app).await;
    let length = |cookie: &str| cookie.split(';').next().unwrap().len() + "; ".len();
    // What a browser is known again by is about as long as a session.
    assert!(3 * length(&session) + 20 * length(&seat) < 8_192 / 2);
}
