//! The state that every handler shares, and the whole route table.

use crate::{
    assets::Assets,
    credentials::Credentials,
    devices::Devices,
    fingerprints::Fingerprints,
    http::{
        chat, compress, head, headers, health, key, known, link, link_list, message, origin, page,
        partner, proxy, session, signin,
    },
    limits::Limits,
    openapi,
    passwords::Passwords,
    settings::Settings,
    socket::{self, Sockets},
    system::Clock,
};
use ::http::HeaderValue;
use axum::{Router, middleware, routing::get};
use bytes::Bytes;
use std::{
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};
use wicketgate_domain::{Store, StoreError, Timestamp};
use wicketgate_protocol::partner::ServerWarning;
use wicketgate_relay::Relay;

/// Every call of the API, with its documentation.
fn api() -> (Router<AppState>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(link::generate_link))
        .routes(routes!(link::validate_link))
        .routes(routes!(link_list::list_links, link::create_link))
        .routes(routes!(link::batch::create_links))
        .routes(routes!(link::look_at_door))
        .routes(routes!(link::show_link))
        .routes(routes!(link::revoke_link))
        .routes(routes!(chat::list_chats))
        .routes(routes!(chat::show_chat))
        .routes(routes!(chat::list_seats))
        .routes(routes!(chat::show_seat))
        .routes(routes!(chat::ask_for_link))
        .routes(routes!(chat::end_chat))
        .routes(routes!(message::list_messages, message::send_message))
        .routes(routes!(message::mark_seen))
        .routes(routes!(message::say_typing))
        .routes(routes!(partner::setup_state, partner::set_up))
        .routes(routes!(signin::start_sign_in))
        .routes(routes!(signin::sign_in))
        .routes(routes!(signin::start_recovery))
        .routes(routes!(signin::finish_recovery))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::list_sessions))
        .routes(routes!(session::end_session))
        .routes(routes!(partner::show_me))
        .routes(routes!(partner::change_password))
        .routes(routes!(partner::change_recovery))
        .routes(routes!(partner::replace_keyring))
        .routes(routes!(partner::show_partner))
        .routes(routes!(key::list_keys, key::create_key))
        .routes(routes!(key::revoke_key))
        .routes(routes!(socket::upgrade))
        .split_for_parts()
}

/// Every page and file.
fn pages(state: AppState) -> Router<AppState> {
    Router::new()
        .route("/", get(page::home))
        .route("/setup", get(page::desk))
        .route("/signin", get(page::desk))
        .route("/partners", get(page::home))
        .route("/partners/qrcodes", get(page::desk))
        .route("/partners/chats", get(page::desk))
        .route("/partners/chats/{chatRef}", get(page::desk))
        .route("/partners/settings", get(page::desk))
        .route("/secure/chat/{*link}", get(page::door))
        .route("/chat/{chatRef}", get(page::chat))
        .route("/problems/{code}", get(page::problem))
        .route("/assets/{*path}", get(page::asset))
        .route("/favicon.svg", get(page::favicon))
        .route("/favicon.ico", get(page::favicon))
        .route("/robots.txt", get(page::robots))
        .layer(middleware::from_fn(compress::texts))
        .layer(middleware::from_fn_with_state(state, page::at_public_name))
}

/// The whole server as a service.
pub fn router(state: AppState) -> Router {
    let (api, document) = api();
    let known = known::Known::of(&document);
    let api = api
        .route(
            "/api/openapi.json",
            get(openapi::serve).layer(middleware::from_fn(compress::texts)),
        )
        .layer(middleware::from_fn_with_state(known, known::guard));
    Router::new()
        .merge(pages(state.clone()))
        .merge(api)
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(page::nothing)
        .method_not_allowed_fallback(headers::method_not_allowed)
        .layer(middleware::from_fn_with_state(state.clone(), origin::guard))
        .layer(middleware::from_fn(head::guard))
        .layer(middleware::from_fn_with_state(state.clone(), proxy::notice))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            headers::security_headers,
        ))
        .with_state(state)
}

/// The API's documentation (OpenAPI 3.1), pretty and stable, with a line feed at its end.
#[must_use]
pub fn openapi_json() -> String {
    openapi_of(None)
}

/// The same of a server that the world calls by this address.
pub(crate) fn openapi_of(address: Option<&str>) -> String {
    openapi::pretty(api().1, address)
}

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
    pub(crate) devices: Devices,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) limits: Limits,
    pub(crate) passwords: Passwords,
    pub(crate) proxies: proxy::Proxies,
    pub(crate) readiness: health::Readiness,
    pub(crate) request_ids: headers::RequestIds,
    /// The API's documentation, once somebody has asked for it.
    pub(crate) document: OnceLock<Bytes>,
    /// The content security policy of pages and of their files.
    pub(crate) page_policy: HeaderValue,
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
        let secret = store.server_secret(crate::system::random()?).await?;
        Ok(Self(Arc::new(App {
            limits: Limits::new(settings.limits),
            passwords: Passwords::new(secret)?,
            devices: Devices::new(secret),
            request_ids: headers::RequestIds::default(),
            page_policy: page::policy(&settings.public_url),
            document: OnceLock::new(),
            set_up: AtomicBool::new(false),
            credentials: Credentials::default(),
            fingerprints: Fingerprints::default(),
            proxies: proxy::Proxies::default(),
            readiness: health::Readiness::default(),
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
    Randomness(#[from] crate::system::NoRandomness),
    /// Key stretching can't be set up.
    #[error("passwords can't be hashed: {0}")]
    Passwords(String),
}
