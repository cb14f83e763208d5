//! The HTTP and socket edge of Wicketgate: it translates between the wire and the domain, and decides nothing.
//!
//! [`AppState::new`] puts a server together and [`serve`] runs it. The route table is in `app`, one file a noun is
//! under `http`, what both HTTP and the socket do is in `commands`.

mod app;
mod assets;
mod credentials;
mod devices;
mod fingerprints;
mod http;
mod limits;
mod openapi;
mod passwords;
mod problems;
mod serve;
mod settings;
mod socket;
mod sweeper;
mod system;

pub use app::{App, AppState, StartError, openapi_json, router};
pub use assets::{Assets, AssetsError};
pub use problems::markdown as problems_markdown;
pub use serve::{ServeError, serve};
pub use settings::{
    ForwardedHeader, Hsts, Network, NotHeader, NotHsts, NotNetwork, PublicUrl, PublicUrlError,
    Settings, SetupGate,
};
pub use socket::Sockets;
pub use sweeper::round as sweep;
pub use system::{Clock, NoRandomness, random};

// What whoever puts a server together needs besides, so that the program depends on this crate alone.
pub use wicketgate_domain::Store;
pub use wicketgate_relay::Relay;
pub use wicketgate_storage::{OpenError, open as open_store};
