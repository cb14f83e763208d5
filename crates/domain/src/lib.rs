//! What Wicketgate is: links, chats and partners, their rules, and the ports through which they reach the world.
//!
//! The crate knows no SQL, no HTTP and no serialisation. Time and randomness come in as arguments, so that every
//! rule can be replayed. Each noun has one file with its values, its errors and its port, which handlers call. Its rules
//! are in [`decide`], as pure functions that a store calls between loading and applying; what can happen is in [`event`].

pub mod actor;
pub mod chat;
pub mod decide;
pub mod device;
pub mod event;
pub mod id;
pub mod key;
pub mod link;
pub mod message;
pub mod partner;
pub mod seat;
pub mod session;
pub mod side;
pub mod store;
pub mod store_error;
pub mod text;
pub mod time;

pub use actor::Actor;
pub use id::{AgentId, ChatRef, Cid, Hash, KeyRef, LinkId, LinkRef, PartnerId, SessionRef, Token};
pub use store::Store;
pub use store_error::StoreError;
pub use time::{Lifetime, Timestamp};
