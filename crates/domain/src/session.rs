//! Sign-in sessions of agents.

use crate::{
    device::Device,
    id::{AgentId, Hash, PartnerId, SessionRef},
    store_error::StoreError,
    time::Timestamp,
};

/// A session ends when it was not used for this many days.
pub const SESSION_IDLE_DAYS: u32 = 14;

/// A session ends this many days after signing in, however much it is used.
pub const SESSION_LONGEST_DAYS: u32 = 90;

/// A session as its agent sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its public name.
    pub session_ref: SessionRef,
    /// The partner.
    pub partner: PartnerId,
    /// The person.
    pub agent: AgentId,
    /// When the agent signed in.
    pub created_at: Timestamp,
    /// When it was last used, to within an hour.
    pub used_at: Timestamp,
    /// What kind of device it is.
    pub device: Device,
}

/// Sessions in a database.
#[async_trait::async_trait]
pub trait SessionStore {
    /// Stores a session.
    async fn create_session(&self, session: Session, token_hash: Hash) -> Result<(), StoreError>;

    /// The live session with that token; notes its use once an hour.
    async fn session(
        &self,
        token_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError>;

    /// An agent's live sessions, newest first.
    async fn sessions(&self, agent: AgentId, now: Timestamp) -> Result<Vec<Session>, StoreError>;

    /// Ends one session of an agent; false when there is none of that name.
    async fn end_session(
        &self,
        agent: AgentId,
        session: SessionRef,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Removes at most `limit` sessions that have run out; says how many it removed.
    async fn sweep_sessions(&self, now: Timestamp, limit: u32) -> Result<u32, StoreError>;
}
