//! The wire of Wicketgate: what requests, answers and socket frames look like in JSON.
//!
//! One type a shape, with its OpenAPI schema. Field names are camelCase; bytes are base64url without padding; instants
//! are RFC 3339 in UTC. Conversions to and from `wicketgate-domain` live beside each type.

pub mod actor;
pub mod certificate;
pub mod chat;
pub mod credential;
pub mod frame;
pub mod key;
pub mod link;
pub mod link_state;
pub mod message;
pub mod partner;
pub mod problem;
pub mod session;
pub mod wire;

pub use problem::{Code, Problem};
pub use wire::{Base64, FieldError, Instant};
