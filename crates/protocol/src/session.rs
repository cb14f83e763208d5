//! Sessions on the wire.

use crate::{link::Device, wire::Instant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::{SessionRef, session::Session};

/// A session of the signed-in agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    /// Its public name.
    #[serde(rename = "ref")]
    pub session_ref: String,
    /// When the agent signed in.
    pub created_at: Instant,
    /// When it was last used, to within an hour.
    pub used_at: Instant,
    /// What kind of device it is.
    pub device: Device,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl SessionRow {
    /// The session, seen from the session that asks.
    #[must_use]
    pub fn seen_from(session: &Session, asking: SessionRef) -> Self {
        Self {
            session_ref: session.session_ref.to_string(),
            created_at: session.created_at.into(),
            used_at: session.used_at.into(),
            device: session.device.into(),
            current: session.session_ref == asking,
        }
    }
}

/// The signed-in agent's sessions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionList {
    /// The sessions.
    pub sessions: Vec<SessionRow>,
}
