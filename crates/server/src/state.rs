//! The state that every handler shares.

use crate::{
    assets::Assets,
    credentials::Credentials,
    devices::Devices,
    feed::Feed,
    feed_cursor::FeedCursors,
    fingerprints::Fingerprints,
    limits::Limits,
    lookup_time::LookupTime,
    passwords::Passwords,
    proxies::Proxies,
    readiness::Readiness,
    request_ids::RequestIds,
    settings::Settings,
    sockets::Sockets,
    system::{self, Clock, NoRandomness},
};
use ::http::HeaderValue;
use bytes::Bytes;
use std::{
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use wicketgate_domain::{Store, StoreError, Timestamp};
use wicketgate_protocol::partner::ServerWarning;
use wicketgate_relay::Relay;

/// What every handler shares. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState(Arc<App>);

/// The parts of [`AppState`].
#[derive(Debug)]
pub struct App {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Who is told what happened.
    pub relay: Relay,
    /// What the operator decided.
    pub settings: Settings,
    /// The pages' files.
    pub assets: Assets,
    /// Where "now" comes from.
    pub clock: Clock,
    /// The open sockets.
    pub sockets: Sockets,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) feed_cursors: FeedCursors,
    /// Which event log the store has: it stays the same while a server runs.
    pub(crate) log_epoch: [u8; 16],
    pub(crate) devices: Devices,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) limits: Limits,
    pub(crate) lookup_time: LookupTime,
    pub(crate) passwords: Passwords,
    pub(crate) proxies: Proxies,
    pub(crate) readiness: Readiness,
    pub(crate) request_ids: RequestIds,
    /// The API's documentation, once somebody has asked for it.
    pub(crate) document: OnceLock<Bytes>,
    /// The content security policy of pages and of their files, once one has been served.
    pub(crate) page_policy: OnceLock<HeaderValue>,
    set_up: AtomicBool,
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

impl AppState {
    /// Puts the parts together. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] when the store can't answer or the system gives no random bytes.
    pub async fn new(
        settings: Settings,
        store: Arc<dyn Store>,
        relay: Relay,
        assets: Assets,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let secret = store.server_secret(system::random()?).await?;
        let log_epoch = store.log_bounds().await?.epoch;
        let credentials = Arc::<Credentials>::default();
        store.hand_to(Arc::new(Feed {
            relay: relay.clone(),
            credentials: Arc::clone(&credentials),
        }));
        Ok(Self(Arc::new(App {
            feed_cursors: FeedCursors::new(secret),
            log_epoch,
            limits: Limits::new(settings.limits),
            lookup_time: LookupTime::default(),
            passwords: Passwords::new(secret, system::random()?).map_err(StartError::Passwords)?,
            devices: Devices::new(secret),
            request_ids: RequestIds::default(),
            page_policy: OnceLock::new(),
            document: OnceLock::new(),
            set_up: AtomicBool::new(false),
            credentials,
            fingerprints: Fingerprints::default(),
            proxies: Proxies::default(),
            readiness: Readiness::default(),
            sockets: Sockets::start(),
            store,
            relay,
            settings,
            assets,
            clock,
        })))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What whoever runs the server should put right.
    pub(crate) fn warnings(&self) -> Vec<ServerWarning> {
        self.proxies.warnings(&self.settings.forwarded_header)
    }

    /// Whether there is a partner. Once there is one, there always is.
    pub(crate) async fn is_set_up(&self) -> Result<bool, StoreError> {
        if self.set_up.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let any = self.store.any_partner().await?;
        self.set_up.store(any, Ordering::Relaxed);
        Ok(any)
    }
}

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// Key stretching can't be set up.
    #[error("passwords can't be hashed: {0}")]
    Passwords(String),
}
