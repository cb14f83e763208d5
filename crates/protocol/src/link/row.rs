//! Links as their partner sees them: a row, a page of rows, and which rows to list.

use super::{Device, Kind, State};
use crate::wire::{Base64, Instant};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wicketgate_domain::{
    Timestamp,
    link::{Link, LinkKind},
};

/// A link as its partner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkRow {
    /// The public name of its row.
    #[serde(rename = "ref")]
    pub link_ref: String,
    /// SHA-256 of its id, which its vault is bound to.
    pub id_hash: Base64,
    /// Where it stands.
    pub state: State,
    /// Plain or sealed.
    pub kind: Kind,
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// The public name of the chat.
    pub chat_ref: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it stops being valid.
    pub expires_at: Instant,
    /// Whether it was redeemed.
    pub is_used: bool,
    /// When it was redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Instant>,
    /// When the partner ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
    /// What kind of device redeemed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// How often someone else tried it after it was used.
    pub later_attempts: u32,
    /// Whether an API key made it, so that it can only be issued anew, not shown again.
    pub made_by_key: bool,
    /// A sealed link's inbox epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// A sealed link's blob, which whoever opens the vault also opens and checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<Base64>,
    /// A sealed link's address and label, encrypted to the agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<Base64>,
}

impl LinkRow {
    /// The link as it stands at that instant.
    #[must_use]
    pub fn at(link: &Link, now: Timestamp) -> Self {
        let sealed = match &link.kind {
            LinkKind::Plain => None,
            LinkKind::Sealed(sealed) => Some(sealed),
        };
        Self {
            link_ref: link.link_ref.to_string(),
            id_hash: link.id_hash.as_bytes().as_slice().into(),
            state: link.state(now).into(),
            kind: (&link.kind).into(),
            chat_id: link.chat_id.to_string(),
            chat_ref: link.chat.to_string(),
            created_at: link.created_at.into(),
            expires_at: link.expires_at.into(),
            is_used: link.used_at.is_some(),
            used_at: link.used_at.map(Into::into),
            revoked_at: link.revoked_at.map(Into::into),
            device: link.device.map(Into::into),
            later_attempts: link.later_attempts,
            made_by_key: link.made_by_key,
            epoch: sealed.map(|sealed| sealed.epoch),
            blob: sealed.map(|sealed| sealed.blob.as_slice().into()),
            vault: sealed.map(|sealed| sealed.vault.as_slice().into()),
        }
    }
}

/// A page of links, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkList {
    /// The links.
    pub links: Vec<LinkRow>,
    /// What to pass as `after` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which links to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LinkListQuery {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those to this chat.
    pub chat: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many at the most: 1 to 200, 50 when left out.
    pub limit: Option<u32>,
}
