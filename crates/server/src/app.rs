//! The state that every handler shares, and the whole route table.

use crate::{
    assets::Assets, credentials::Credentials, edge::Clock, limits::Limits, passwords::Passwords,
    settings::Settings, socket::Sockets,
};
use std::{ops::Deref, sync::Arc};
use wicketgate_domain::{Store, StoreError, Timestamp};
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
    pub(crate) credentials: Credentials,
    pub(crate) limits: Limits,
    pub(crate) passwords: Passwords,
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
        let secret = store.server_secret(crate::edge::random()?).await?;
        Ok(Self(Arc::new(App {
            limits: Limits::new(settings.limits),
            passwords: Passwords::new(secret)?,
            credentials: Credentials::default(),
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
}

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] crate::edge::NoRandomness),
    /// Key stretching can't be set up.
    #[error("passwords can't be hashed: {0}")]
    Passwords(String),
}
