//! The values of the domain: names, events, keys, messages, and the verb that makes a link for a caller.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod caller;
mod chat;
mod event;
mod key;
mod make_link;
mod message;
mod time;
mod vectors;
