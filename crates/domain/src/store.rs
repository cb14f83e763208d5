//! The sum of all ports.

use crate::{
    chat::ChatStore, event::EventStore, key::KeyStore, link::LinkStore, message::MessageStore,
    partner::PartnerStore, session::SessionStore, store_error::StoreError,
};

/// Everything that a database has to be able to do. One method is one atomic step.
#[async_trait::async_trait]
pub trait Store:
    LinkStore
    + ChatStore
    + MessageStore
    + PartnerStore
    + SessionStore
    + KeyStore
    + EventStore
    + std::fmt::Debug
    + Send
    + Sync
    + 'static
{
    /// Answers when the store can read and write.
    ///
    /// # Errors
    /// [`StoreError`] with the reason why not.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Answers only when the store has stopped writing for good, because a write that was to be durable may be lost.
    /// The process must then exit: whoever starts it again gets what the disk really holds.
    async fn failed(&self) -> StoreError;

    /// Finishes what was accepted, then closes. Later calls fail.
    async fn close(&self);
}
