//! The HTTP and socket edge of Wicketgate: it translates between the wire and the domain, and decides nothing.
//!
//! [`AppState::new`] puts a server together and [`serve`] runs it. The route table is in `routes`, what all
//! handlers share in `state`, one file a noun is under `http`, what was committed goes out by `feed`.

mod assets;
mod coding;
mod credentials;
mod defect;
mod devices;
mod feed;
mod feed_cursor;
mod fingerprints;
mod http;
mod limits;
mod lookup_time;
mod openapi;
mod passwords;
mod peer;
mod problems;
mod proxies;
mod readiness;
mod request_ids;
mod routes;
mod serve;
mod settings;
mod socket;
mod sockets;
mod state;
mod sweeper;
mod system;
mod typing;

pub use assets::{Assets, AssetsError};
pub use problems::markdown as problems_markdown;
pub use routes::{openapi_json, router};
pub use serve::{ServeError, serve};
pub use settings::{
    ForwardedHeader, Hsts, Network, NotHeader, NotHsts, NotNetwork, PublicUrl, PublicUrlError,
    Settings, SetupGate,
};
pub use sockets::Sockets;
pub use state::{App, AppState, StartError};
pub use sweeper::round as sweep;
pub use system::{Clock, NoRandomness, random};

// What whoever puts a server together needs besides, so that the program depends on this crate alone.
pub use wicketgate_domain::Store;
pub use wicketgate_relay::Relay;
pub use wicketgate_storage::{OpenError, open as open_store};
