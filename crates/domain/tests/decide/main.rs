//! The rules of the product on values alone: every refusal, every field that is written, and what happens thereby.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod chat_end;
mod create_link;
mod cursors;
mod fixtures;
mod key;
mod model;
mod partner;
mod properties;
mod redeem;
mod revoke;
mod send;
