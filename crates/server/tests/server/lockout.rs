//! Nobody who guesses an account's password keeps its owner out.

use crate::support::{Partner, Reply, TestApp, TestClient, b64};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How long the owner may be kept waiting.
const SOON: Duration = Duration::from_secs(10);

/// A server whose callers may say from which address they call.
async fn start() -> TestApp {
    TestApp::start_with(|settings| {
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

fn from(app: &TestApp, address: &str) -> TestClient {
    app.nobody().with("x-forwarded-for", address)
}

fn numbered(number: u32) -> String {
    format!(
        "10.{}.{}.{}",
        number >> 16 & 255,
        number >> 8 & 255,
        number & 255
    )
}

fn password(email: &str, auth: u8) -> Value {
    json!({"email": email, "auth": b64(auth, 32)})
}

/// What a browser keeps of an answer's cookies: all but the session, which has run out when it is needed.
fn kept(reply: &Reply) -> String {
    reply
        .set_cookies()
        .iter()
        .map(|cookie| cookie.split(';').next().unwrap())
        .filter(|cookie| !cookie.contains("wg_session"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Signs the owner in at the usual browser.
async fn usual_browser(app: &TestApp, partner: &Partner, address: &str) -> String {
    let reply = from(app, address)
        .post("/api/signin", &password(&partner.email, 1))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    kept(&reply)
}

async fn is_in_soon(app: &TestApp, partner: &Partner, address: &str, cookies: &str) {
    let began = Instant::now();
    let owner = from(app, address).cookies(cookies);
    let reply = owner
        .post("/api/signin", &password(&partner.email, 1))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

/// So many addresses guess so often, none waiting for another.
fn attack(app: &TestApp, partner: &Partner, addresses: u32, times: u32) -> JoinSet<u16> {
    let mut attack = JoinSet::new();
    for number in 0..addresses {
        let stranger = from(app, &numbered(number));
        let guess = password(&partner.email, 9);
        attack.spawn(async move {
            let mut last = 0;
            for _ in 0..times {
                last = stranger.post("/api/signin", &guess).await.status;
            }
            last
        });
    }
    attack
}

#[tokio::test]
async fn six_addresses_that_hold_the_limit_do_not_keep_the_owner_out() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    let cookies = usual_browser(&app, &partner, "192.0.2.1").await;
    let last = attack(&app, &partner, 6, 25).join_all().await;
    assert!(last.iter().all(|status| *status == 429), "{last:?}");
    // At another address than ever, for people travel.
    is_in_soon(&app, &partner, "198.51.100.7", &cookies).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_addresses_do_not_keep_the_owner_out() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    let cookies = usual_browser(&app, &partner, "192.0.2.1").await;
    let mut attack = attack(&app, &partner, 1_000, 3);
    // Others try accounts that there are not, so that the queue for passwords is full.
    for number in 0..200 {
        let stranger = from(&app, &numbered(70_000 + number));
        let guess = password(&format!("nobody-{number}@example.org"), 9);
        attack.spawn(async move { stranger.post("/api/signin", &guess).await.status });
    }
    for _ in 0..3 {
        is_in_soon(&app, &partner, "192.0.2.1", &cookies).await;
    }
    attack.abort_all();
}

#[tokio::test]
async fn a_restart_does_not_keep_the_owner_out() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    let cookies = usual_browser(&app, &partner, "192.0.2.1").await;
    let app = app.restart().await;
    // The first who come are strangers, from the owner's own address as well.
    attack(&app, &partner, 6, 25).join_all().await;
    for _ in 0..70 {
        let stranger = from(&app, "192.0.2.1");
        stranger
            .post("/api/signin", &password(&partner.email, 9))
            .await;
    }
    is_in_soon(&app, &partner, "192.0.2.1", &cookies).await;
}

#[tokio::test]
async fn a_browser_that_is_known_has_tries_of_its_own() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    let cookies = usual_browser(&app, &partner, "192.0.2.1").await;
    let thief = from(&app, "203.0.113.5").cookies(&cookies);
    let mut tries = 0;
    while thief
        .post("/api/signin", &password(&partner.email, 9))
        .await
        .status
        == 401
    {
        tries += 1;
    }
    assert_eq!(tries, 20);
    let refused = thief
        .post("/api/signin", &password(&partner.email, 1))
        .await;
    refused.is_problem(429, "too_many_requests");
    // It is known to one account only.
    let other = app.partner("Bob").await;
    attack(&app, &other, 6, 25).join_all().await;
    let reply = thief.post("/api/signin", &password(&other.email, 9)).await;
    reply.is_problem(429, "too_many_requests");
}

#[tokio::test]
async fn a_known_browser_keeps_its_tries_when_it_signs_in_again() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    let mut cookies = usual_browser(&app, &partner, "192.0.2.1").await;
    let mut tries = 0;
    loop {
        let browser = from(&app, "192.0.2.1").cookies(&cookies);
        let right = password(&partner.email, 1);
        let reply = browser.post("/api/signin", &right).await;
        if reply.status != 200 {
            reply.is_problem(429, "too_many_requests");
            break;
        }
        tries += 1;
        assert!(tries <= 25, "each time the browser was another");
        cookies = kept(&reply);
    }
    assert!(tries >= 20, "{tries}");
}

#[tokio::test]
async fn a_browser_that_signs_in_again_is_known_for_as_long_again() {
    const DAY: i64 = 86_400;
    let app = start().await;
    let partner = app.partner("Ada").await;
    let first = usual_browser(&app, &partner, "192.0.2.1").await;
    app.pass(170 * DAY);
    let browser = from(&app, "192.0.2.1").cookies(&first);
    let again = browser
        .post("/api/signin", &password(&partner.email, 1))
        .await;
    let second = kept(&again);
    assert_ne!(first, second, "the day is another");
    app.pass(170 * DAY);
    attack(&app, &partner, 6, 25).join_all().await;
    is_in_soon(&app, &partner, "198.51.100.7", &second).await;
}

#[tokio::test]
async fn guesses_of_a_password_leave_recovery_open() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    attack(&app, &partner, 6, 25).join_all().await;
    for number in 0..200 {
        let stranger = from(&app, &numbered(number));
        let guess = json!({"email": partner.email, "auth": b64(9, 32)});
        stranger.post("/api/recovery/start", &guess).await;
    }
    let code = json!({"email": partner.email, "auth": b64(2, 32)});
    let reply = from(&app, "198.51.100.7")
        .post("/api/recovery/start", &code)
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn whoever_is_signed_in_confirms_the_password_whatever_strangers_do() {
    let app = start().await;
    let partner = app.partner("Ada").await;
    attack(&app, &partner, 6, 25).join_all().await;
    let change =
        json!({"current": b64(1, 32), "recovery": {"auth": b64(6, 32), "wrap": b64(6, 81)}});
    let reply = partner.agent.post("/api/me/recovery", &change).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let wrong =
        json!({"current": b64(9, 32), "recovery": {"auth": b64(6, 32), "wrap": b64(6, 81)}});
    let mut tries = 0;
    while partner.agent.post("/api/me/recovery", &wrong).await.status == 401 {
        tries += 1;
    }
    assert!(tries < 20, "{tries}");
}

#[tokio::test]
async fn the_cookie_says_nothing_and_goes_nowhere_else() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = "https://links.example.org".parse().unwrap();
    })
    .await;
    let mut cookies = String::new();
    for name in ["Ada", "Bob", "Cy", "Dee", "Eve"] {
        let partner = app.partner(name).await;
        let browser = app
            .nobody()
            .with("cookie", &cookies)
            .with("origin", "https://links.example.org");
        let reply = browser
            .post("/api/signin", &password(&partner.email, 1))
            .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let set = reply.set_cookies();
        let device = set
            .iter()
            .find(|cookie| cookie.contains("wg_device"))
            .unwrap();
        let (pair, attributes) = device.split_once("; ").unwrap();
        assert_eq!(
            attributes,
            "Path=/; Max-Age=15552000; HttpOnly; SameSite=Strict; Secure"
        );
        let (cookie, tokens) = pair.split_once('=').unwrap();
        assert_eq!(cookie, "__Host-wg_device");
        assert!(tokens.split('.').all(|token| token.len() == 38), "{tokens}");
        cookies = kept(&reply);
    }
    assert_eq!(cookies.split('.').count(), 4, "{cookies}");
    // Signing in again takes no second place.
    let again = app
        .nobody()
        .with("cookie", &cookies)
        .with("origin", "https://links.example.org")
        .post("/api/signin", &password("eve@example.org", 1))
        .await;
    assert_eq!(kept(&again).split('.').count(), 4);
    // A program that takes its session in the answer keeps no cookies.
    let bearer = json!({"email": "eve@example.org", "auth": b64(1, 32), "credential": "bearer"});
    let reply = app.nobody().post("/api/signin", &bearer).await;
    assert!(reply.set_cookies().is_empty());
}
