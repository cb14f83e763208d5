//! A server for tests, and the callers that talk to it.

mod client;
mod fixtures;

pub(crate) use client::{Reply, TestClient};
pub(crate) use fixtures::{
    b64, cid, email_of, handshake, message_body, password, setup_request, uuid,
};

use axum::Router;
use serde_json::{Value, json};
use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;
use wicketgate_domain::Timestamp;
use wicketgate_relay::Relay;
use wicketgate_server::{AppState, Assets, Clock, Settings, SetupGate, router};

/// The public address of most test servers.
pub(crate) const PUBLIC: &str = "http://localhost:3000";
/// The set-up token that stays good.
pub(crate) const SETUP: &str = "set-up token of the tests";
/// When tests begin.
pub(crate) const START: i64 = 1_800_000_000_000;

const MANIFEST: &[u8] = br#"{
    "entries": {
        "src/customer.tsx": {"file": "assets/customer-1.js", "css": ["assets/customer-1.css"]},
        "src/desk.tsx": {"file": "assets/desk-1.js"}
    },
    "integrity": {"assets/customer-1.js": "sha384-c", "assets/customer-1.css": "sha384-s", "assets/desk-1.js": "sha384-d"}
}"#;

/// A running server without a listener.
pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) router: Router,
    clock: Arc<AtomicI64>,
    folder: TempDir,
}

impl TestApp {
    /// A server on this machine, without limits.
    pub(crate) async fn start() -> Self {
        Self::start_with(|settings| settings.limits = false).await
    }

    /// A server with other settings.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::new(PUBLIC.parse().unwrap());
        settings.setup = SetupGate::default().with_fixed(SETUP);
        change(&mut settings);
        Self::start_in(tempfile::tempdir().unwrap(), settings).await
    }

    /// The same server once more, after it has stopped.
    pub(crate) async fn restart(self) -> Self {
        let settings = self.state.settings.clone();
        self.state.store.close().await;
        Self::start_in(self.into_folder(), settings).await
    }

    async fn start_in(folder: TempDir, settings: Settings) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let database = format!("sqlite:{}", folder.path().join("test.db").display());
        let store = wicketgate_storage::open(&database).await.unwrap();
        let assets = Assets::new(MANIFEST, |path| {
            let files = ["assets/customer-1.js", "assets/customer.worker-1.js"];
            files
                .iter()
                .any(|file| path.starts_with(file))
                .then(|| Cow::Owned(path.as_bytes().to_vec()))
        })
        .unwrap();
        let shown = Arc::clone(&clock);
        let clock_face = Clock::of(move || Timestamp::from_millis(shown.load(Ordering::Relaxed)));
        let state = AppState::new(settings, store, Relay::new(), assets, clock_face)
            .await
            .unwrap();
        Self {
            router: router(state.clone()),
            state,
            clock,
            folder,
        }
    }

    /// Lets that many seconds pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.pass_millis(seconds * 1_000);
    }

    /// Lets that many milliseconds pass, or takes them back.
    pub(crate) fn pass_millis(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    /// Where the database is, once nothing of the server is left.
    pub(crate) fn into_folder(self) -> TempDir {
        self.folder
    }

    /// Someone without any credential.
    pub(crate) fn nobody(&self) -> TestClient {
        TestClient::new(self.router.clone())
    }

    /// Makes a partner; its first agent is signed in by a bearer token.
    pub(crate) async fn partner(&self, name: &str) -> Partner {
        let request = setup_request(name);
        let reply = self.nobody().post("/api/setup", &request).await;
        assert_eq!(reply.status, 200, "{:?}", reply.json);
        Partner {
            agent: self.nobody().bearer(reply.text("token")),
            id: reply.text("partnerId").to_owned(),
            email: email_of(name),
        }
    }
}

/// A partner and its first agent.
pub(crate) struct Partner {
    pub(crate) agent: TestClient,
    pub(crate) id: String,
    pub(crate) email: String,
}

impl Partner {
    /// A program with an API key of these scopes.
    pub(crate) async fn program(&self, scopes: &[&str]) -> TestClient {
        let request = json!({"name": "test", "scopes": scopes});
        let reply = self.agent.post("/api/keys", &request).await;
        assert_eq!(reply.status, 200, "{:?}", reply.json);
        self.agent.clone().bearer(reply.text("key"))
    }

    /// Makes a plain link.
    pub(crate) async fn link(&self, request: Value) -> MadeLink {
        let reply = self.agent.post("/api/generate-secure-link", &request).await;
        assert_eq!(reply.status, 200, "{:?}", reply.json);
        MadeLink {
            id: reply.text("linkId").to_owned(),
            link_ref: reply.text("ref").to_owned(),
            chat: reply.text("chatRef").to_owned(),
        }
    }

    /// Makes a link and redeems it with a handshake: the customer goes by a bearer token.
    pub(crate) async fn customer(&self, request: Value) -> (MadeLink, TestClient) {
        let link = self.link(request).await;
        let redeem = json!({"linkId": link.id, "handshake": handshake(1), "credential": "bearer"});
        let nobody = self.agent.clone().without_credential();
        let reply = nobody.post("/api/validate-secure-link", &redeem).await;
        assert_eq!(reply.status, 200, "{:?}", reply.json);
        (link, nobody.bearer(reply.text("token")))
    }
}

/// What its maker knows of a link.
pub(crate) struct MadeLink {
    pub(crate) id: String,
    pub(crate) link_ref: String,
    pub(crate) chat: String,
}
