//! The ports of `wicketgate-domain` on SQLite.
//!
//! A write is answered only when it is durable: one thread owns the only writing connection and commits whatever waits
//! as one group. Reads go to a small pool of read-only connections and never wait for a writer.
//!
//! It decides nothing: a change loads what a decision of the domain rests on, and applies what that says, in one
//! transaction. What happened thereby is written beside it into the event log, and handed on once it is durable.

mod open;
mod open_error;
mod sqlite;

pub use open::open;
pub use open_error::OpenError;
