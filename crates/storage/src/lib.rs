//! The ports of `wicketgate-domain` on SQLite.
//!
//! A write is answered only when it is durable: one thread owns the only writing connection and commits whatever waits
//! as one group. Reads go to a small pool of read-only connections and never wait for a writer.

mod open;
mod open_error;
mod sqlite;

pub use open::open;
pub use open_error::OpenError;
