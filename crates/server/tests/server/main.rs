//! The real router over a real database in a folder of its own, by noun.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod account;
mod batch;
mod chat;
mod cookie;
mod docs;
mod input;
mod key;
mod limit;
mod link;
mod link_list;
mod lockout;
mod log;
mod origin;
mod page;
mod race;
mod sealed;
mod serve;
mod strict;
mod support;
mod walk;
