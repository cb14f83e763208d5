//! Pages: true before any script runs, strict in what they may do.

use crate::support::{Reply, TestApp, b64};
use axum::body::Body;
use flate2::read::GzDecoder;
use http::Method;
use serde_json::json;
use std::io::Read as _;

#[track_caller]
fn is_page(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    let policy = reply.header("content-security-policy");
    assert_eq!(
        policy,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         connect-src 'self' ws://localhost:3000; worker-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; \
         trusted-types wicketgate"
    );
    assert!(!policy.contains("unsafe"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
    assert!(reply.header("permissions-policy").contains("camera=()"));
    assert_eq!(reply.header("strict-transport-security"), "");
    assert!(
        reply
            .body
            .starts_with("<!DOCTYPE html><html lang=\"en\" dir=\"ltr\">")
    );
    assert!(!reply.body.contains("style=") && !reply.body.contains("onclick"));
}

/// What the page tells its script.
#[track_caller]
fn boot(reply: &Reply) -> serde_json::Value {
    let (_, rest) = reply
        .body
        .split_once("<script type=\"application/json\" id=\"boot\">")
        .unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}

#[tokio::test]
async fn the_start_leads_on() {
    let app = TestApp::start().await;
    let start = app.nobody().get("/").await;
    assert_eq!((start.status, start.header("location")), (307, "/setup"));
    let page = app.nobody().get("/partners/qrcodes").await;
    is_page(&page, 200);
    assert!(page.body.contains("not set up yet"));
    assert_eq!(boot(&page), json!({"setupDone": false}));
    app.partner("Ada").await;
    let start = app.nobody().get("/").await;
    assert_eq!(
        (start.status, start.header("location")),
        (307, "/partners/qrcodes")
    );
    for path in [
        "/setup",
        "/signin",
        "/partners/qrcodes",
        "/partners/chats",
        "/partners/settings",
    ] {
        let page = app.nobody().get(path).await;
        is_page(&page, 200);
        assert_eq!(boot(&page), json!({"setupDone": true}));
        assert!(page.body.contains(
            r#"<script type="module" src="/assets/desk-1.js" integrity="sha384-d" crossorigin>"#
        ));
    }
    is_page(
        &app.nobody()
            .get(&format!("/partners/chats/{}", b64(1, 16)))
            .await,
        200,
    );
}

#[tokio::test]
async fn the_door_says_who_invites_and_looking_changes_nothing() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada's <Bakery>").await;
    let link = partner.link(json!({})).await;
    let path = format!("/secure/chat/{}", link.id);
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = app
            .nobody()
            .send(method.clone(), &path, None, Body::empty())
            .await;
        if method == Method::HEAD {
            assert_eq!((page.status, &*page.body), (200, ""));
            continue;
        }
        is_page(&page, 200);
        assert!(
            page.body
                .contains("<bdi>Ada's &lt;Bakery&gt;</bdi> invites you"),
            "{}",
            page.body
        );
        assert!(page.body.contains("Start secure chat"));
        assert!(page.set_cookies().is_empty());
        let boot = boot(&page);
        assert_eq!(boot["linkId"], link.id);
        assert_eq!(boot["door"]["state"], "valid");
        assert_eq!(boot["door"]["partnerName"], "Ada's <Bakery>");
    }
    for appended in [
        "%232.AAAA",
        "%25232.AAAA",
        "&utm_source=x",
        "?utm_source=x",
        "/",
        ")",
        "%ff",
    ] {
        let page = app.nobody().get(&format!("{path}{appended}")).await;
        is_page(&page, 200);
        assert_eq!(boot(&page)["linkId"], link.id, "{appended}");
    }
    let request = json!({"linkId": link.id});
    let redeemed = app
        .nobody()
        .post("/api/validate-secure-link", &request)
        .await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);
}

#[tokio::test]
async fn every_dead_end_has_its_page() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let expired = partner.link(json!({"expiryHours": 1})).await;
    app.pass(3_600);
    let used = partner.link(json!({})).await;
    app.nobody()
        .post("/api/validate-secure-link", &json!({"linkId": used.id}))
        .await;
    let revoked = partner.link(json!({})).await;
    let revoke = format!("/api/links/{}/revoke", revoked.link_ref);
    partner.agent.post(&revoke, &json!({})).await;
    for (id, status, heading) in [
        (&used.id, 410, "Link has already been used"),
        (&expired.id, 410, "Link has expired"),
        (&revoked.id, 410, "Link has been revoked"),
        (&b64(1, 16), 404, "Link not found"),
        (&"nonsense".to_owned(), 404, "Link not found"),
        (&"%ff%fe".to_owned(), 404, "Link not found"),
    ] {
        let page = app.nobody().get(&format!("/secure/chat/{id}")).await;
        if page.status == 400 {
            // What is not UTF-8 reaches no handler.
            continue;
        }
        is_page(&page, status);
        assert!(
            page.body.contains(&format!("<h1>{heading}</h1>")),
            "{}",
            page.body
        );
        assert!(!page.body.contains("Start secure chat"));
    }
}

#[tokio::test]
async fn the_first_words_are_in_the_visitors_language() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let link = partner.link(json!({})).await;
    let door = format!("/secure/chat/{}", link.id);
    for (wishes, html, words) in [
        (
            "de-AT,de;q=0.9,en;q=0.5",
            "<html lang=\"de\" dir=\"ltr\">",
            "<bdi>Ada</bdi> lädt",
        ),
        ("ar", "<html lang=\"ar\" dir=\"rtl\">", "<bdi>Ada</bdi>"),
        (
            "sw",
            "<html lang=\"en\" dir=\"ltr\">",
            "<bdi>Ada</bdi> invites you",
        ),
    ] {
        let visitor = app.nobody().with("accept-language", wishes);
        let page = visitor.get(&door).await;
        assert!(page.body.contains(html), "{}", page.body);
        assert!(page.body.contains(words), "{}", page.body);
        assert_eq!(page.header("vary"), "accept-encoding, accept-language");
    }
    let french = app.nobody().with("accept-language", "fr");
    let missing = french.get("/nothing").await;
    assert_eq!(missing.status, 404);
    assert!(
        missing.body.contains("Page introuvable"),
        "{}",
        missing.body
    );
}

#[tokio::test]
async fn how_far_browsers_are_told_to_stay_is_the_operators_choice() {
    for (choice, expected) in [
        ("off", ""),
        ("host", "max-age=31536000"),
        ("subdomains", "max-age=31536000; includeSubDomains"),
    ] {
        let app = TestApp::start_with(|settings| {
            settings.public_url = "https://links.example.org".parse().unwrap();
            settings.hsts = choice.parse().unwrap();
        })
        .await;
        let reply = app.nobody().get("/setup").await;
        assert_eq!(reply.header("strict-transport-security"), expected);
    }
}

#[tokio::test]
async fn texts_come_in_gzip_to_whoever_takes_nothing_better() {
    let app = TestApp::start().await;
    let link = app.partner("Ada").await.link(json!({})).await;
    let visitor = app.nobody().with("accept-encoding", "gzip, deflate");
    let door = format!("/secure/chat/{}", link.id);
    for path in [
        &*door,
        "/signin",
        "/problems/link_used",
        "/favicon.svg",
        "/api/openapi.json",
    ] {
        let plain = app.nobody().get(path).await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        assert!(plain.header("vary").contains("accept-encoding"), "{path}");
        let short = visitor.get(path).await;
        assert_eq!(
            (short.status, short.header("content-encoding")),
            (200, "gzip"),
            "{path}"
        );
        assert_eq!(short.header("vary"), plain.header("vary"));
        assert!(short.bytes.len() < plain.bytes.len(), "{path}");
        let mut text = Vec::new();
        GzDecoder::new(&*short.bytes)
            .read_to_end(&mut text)
            .unwrap();
        assert_eq!(text, plain.bytes, "{path}");
    }
    let file = visitor.get("/assets/customer-1.js").await;
    assert_eq!(file.body, "assets/customer-1.js.gz");
    assert_eq!(file.header("content-encoding"), "gzip");
    assert_eq!(file.header("vary"), "accept-encoding");
    // What is secret beside a stranger's words keeps its length.
    let setup = visitor.get("/api/setup").await;
    assert_eq!(setup.header("content-encoding"), "");
}

#[tokio::test]
async fn slashes_that_stand_for_nothing_lead_to_the_page() {
    let app = TestApp::start().await;
    for (path, expected) in [
        ("/signin/", "/signin"),
        ("//partners//qrcodes/?a=b", "/partners/qrcodes?a=b"),
        ("//secure//chat/x", "/secure/chat/x"),
    ] {
        let reply = app.nobody().get(path).await;
        assert_eq!((reply.status, reply.header("location")), (308, expected));
    }
    is_page(&app.nobody().get("/nothing").await, 404);
}

#[tokio::test]
async fn a_page_comes_in_brotli_to_whoever_takes_it() {
    let app = TestApp::start().await;
    let link = app.partner("Ada").await.link(json!({})).await;
    let door = format!("/secure/chat/{}", link.id);
    let plain = app.nobody().get(&door).await;
    assert_eq!(plain.header("content-encoding"), "");
    let visitor = app.nobody().with("accept-encoding", "gzip, br");
    let short = visitor.get(&door).await;
    assert_eq!(
        (short.status, short.header("content-encoding")),
        (200, "br")
    );
    assert_eq!(short.header("vary"), "accept-encoding, accept-language");
    assert_eq!(
        short.header("content-security-policy"),
        plain.header("content-security-policy")
    );
    assert!(
        short.bytes.len() * 3 < plain.bytes.len() * 2,
        "{}",
        short.bytes.len()
    );
    let mut page = Vec::new();
    brotli::BrotliDecompress(&mut &*short.bytes, &mut page).unwrap();
    assert_eq!(page, plain.bytes);
    let head = visitor.send(Method::HEAD, &door, None, Body::empty()).await;
    assert_eq!(head.header("content-length"), short.bytes.len().to_string());
    assert!(head.bytes.is_empty());
}

#[tokio::test]
async fn other_pages_and_files() {
    let app = TestApp::start().await;
    let nobody = app.nobody();
    let chat = nobody.get(&format!("/chat/{}", b64(1, 16))).await;
    is_page(&chat, 200);
    assert_eq!(boot(&chat), json!({"chatRef": b64(1, 16)}));
    is_page(&nobody.get("/chat/x").await, 404);
    for no_text in ["/chat/%ff", "/problems/%ff", "/assets/%ff"] {
        is_page(&nobody.get(no_text).await, 404);
    }
    is_page(&nobody.get("/nothing").await, 404);
    is_page(&nobody.get("/problems/nothing").await, 404);
    let problem = nobody.get("/problems/link_used").await;
    is_page(&problem, 200);
    assert!(problem.body.contains("opens its chat once"));
    let plain = nobody.get("/assets/customer-1.js").await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        plain.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert!(
        plain
            .header("content-security-policy")
            .starts_with("default-src 'none'; base-uri")
    );
    let worker = nobody.get("/assets/customer.worker-1.js").await;
    assert!(
        worker
            .header("content-security-policy")
            .contains("connect-src 'self'"),
        "workers go by it"
    );
    let brotli = nobody.clone().with("accept-encoding", "gzip, br");
    let brotli = brotli.get("/assets/customer-1.js").await;
    assert_eq!(
        (&*brotli.body, brotli.header("content-encoding")),
        ("assets/customer-1.js.br", "br")
    );
    assert_eq!(brotli.header("vary"), "accept-encoding");
    is_page(&nobody.get("/assets/none.js").await, 404);
    is_page(&nobody.get("/assets/../Cargo.toml").await, 404);
    assert_eq!(
        nobody.get("/favicon.svg").await.header("content-type"),
        "image/svg+xml"
    );
    assert!(nobody.get("/robots.txt").await.body.contains("Disallow: /"));
    assert_eq!(nobody.get("/healthz").await.body, "alive\n");
    assert_eq!(nobody.get("/readyz").await.body, "ready\n");
}

#[tokio::test]
async fn readiness_is_remembered_for_a_second_and_unreadiness_is_not() {
    let app = TestApp::start().await;
    let nobody = app.nobody();
    assert_eq!(nobody.get("/readyz").await.status, 200);
    app.state.store.close().await;
    app.pass_millis(999);
    assert_eq!(nobody.get("/readyz").await.status, 200);
    app.pass_millis(1);
    let reply = nobody.get("/readyz").await;
    assert_eq!((reply.status, &*reply.body), (503, "not ready\n"));
    // A clock that is set back makes no old answer good again.
    app.pass_millis(-500);
    assert_eq!(nobody.get("/readyz").await.status, 503);
}

#[tokio::test]
async fn a_page_on_another_loopback_name_goes_to_the_public_name() {
    let app = TestApp::start().await;
    for (host, moves) in [
        ("127.0.0.1:3000", true),
        ("[::1]:3000", true),
        ("localhost:3000", false),
        ("evil.test:3000", false),
    ] {
        let page = app.nobody().with("host", host).get("/setup?a=b").await;
        let expected = if moves {
            "http://localhost:3000/setup?a=b"
        } else {
            ""
        };
        assert_eq!(page.header("location"), expected, "{host}");
    }
    let api = app
        .nobody()
        .with("host", "127.0.0.1:3000")
        .get("/api/setup")
        .await;
    assert_eq!(api.status, 200);
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay() {
    let app = TestApp::start_with(|settings| {
        settings.public_url = "https://links.example.org".parse().unwrap();
    })
    .await;
    for path in ["/setup", "/api/setup", "/healthz", "/nothing"] {
        let reply = app.nobody().get(path).await;
        // Other sites of the same domain are nobody's business here.
        let said = reply.header("strict-transport-security");
        assert_eq!(said, "max-age=31536000", "{path}");
    }
    let page = app.nobody().get("/setup").await;
    assert!(
        page.header("content-security-policy")
            .contains("connect-src 'self' wss://links.example.org;")
    );
    let api = app.nobody().get("/api/setup").await;
    assert_eq!(
        api.header("content-security-policy"),
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(api.header("cache-control"), "no-store");
    assert!(!api.header("x-request-id").is_empty());
}
