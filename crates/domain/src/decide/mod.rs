//! The rules of the product, as pure functions: what is to be done about a wish, given what the database holds.
//!
//! Each takes the wish and the facts that the store loaded for it, and gives a [`Decision`]. Nothing here knows a
//! database, a clock or a network, so a test runs every rule on values alone. Beside each kind of facts stands what has
//! to stay as it is until the decision is applied: on a database with several writers, that is what is locked.

pub mod chat;
mod decision;
pub mod key;
pub mod link;
pub mod message;
pub mod partner;

pub use decision::{Decision, Happened};
