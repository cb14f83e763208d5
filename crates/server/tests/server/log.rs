//! What the log holds of a run: routes and numbers, and nothing that was secret.

use crate::support::{TestApp, b64, cid, handshake, message_body};
use serde_json::json;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing::Level;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_line_holds_a_secret() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let secrets = runtime.block_on(run());
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("route=\"/api/validate-secure-link\""), "{log}");
    assert!(log.contains("route=\"/secure/chat/{*link}\""), "{log}");
    assert!(log.contains("status=410"), "{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}

/// A bit of everything; answers what must not be found.
async fn run() -> Vec<String> {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    let made = partner
        .agent
        .post("/api/keys", &json!({"name": "shop"}))
        .await;
    let key = made.text("key").to_owned();
    let (link, customer) = partner.customer(json!({"chatId": "order 7"})).await;
    app.nobody()
        .get(&format!("/secure/chat/{}?utm=x", link.id))
        .await;
    let claim = b64(200, 32);
    let request = json!({"linkId": link.id, "claim": claim, "handshake": handshake(1)});
    app.nobody()
        .post("/api/validate-secure-link", &request)
        .await
        .is_problem(410, "link_used");
    let path = format!("/api/chats/{}/messages", link.chat);
    let message = json!({"cid": cid(), "seat": 1, "body": message_body(99)});
    assert_eq!(customer.post(&path, &message).await.status, 200);
    let nonsense = app.nobody().bearer("wg_made-up");
    nonsense.get(&format!("/api/links/{}", link.id)).await;
    app.nobody().get(&format!("/nothing/{}", link.id)).await;
    let secret = key.split('.').next_back().unwrap().to_owned();
    vec![
        link.id,
        link.chat,
        secret,
        claim,
        b64(1, 32),
        message_body(99),
        "order 7".to_owned(),
        partner.email,
        "made-up".to_owned(),
        "utm".to_owned(),
        "nothing/".to_owned(),
    ]
}
