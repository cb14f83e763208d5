//! API keys on the wire.

use crate::wire::{FieldError, Instant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::{
    key::{ApiKey, Scope},
    text::KeyName,
};

/// `POST /api/keys`: makes an API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// What it is for.
    #[schema(min_length = 1, max_length = 80, pattern = r"\S", example = "web shop")]
    pub name: String,
    /// What it may do: `links:write`, `links:read`, `links:existing`; the first two when left out.
    #[schema(value_type = Option<Vec<ScopeName>>, min_items = 1, max_items = 3)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// Something that an API key may do, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ScopeName {
    /// Make links and revoke them; open own sealed links without the proof from their address.
    #[serde(rename = "links:write")]
    LinksWrite,
    /// List links and show one.
    #[serde(rename = "links:read")]
    LinksRead,
    /// Beside `links:write`: make links to chats that have had a customer already, so that whoever opens one takes the
    /// customer's place there.
    #[serde(rename = "links:existing")]
    LinksExisting,
}

impl TryFrom<KeyRequest> for (KeyName, Vec<Scope>) {
    type Error = FieldError;

    fn try_from(request: KeyRequest) -> Result<Self, FieldError> {
        let name = KeyName::parse(&request.name).map_err(|error| FieldError::new("name", error))?;
        let Some(names) = request.scopes else {
            return Ok((name, vec![Scope::LinksWrite, Scope::LinksRead]));
        };
        let asked = names
            .iter()
            .map(|name| {
                Scope::named(name).ok_or_else(|| {
                    FieldError::new(
                        "scopes",
                        "must be of links:write, links:read and links:existing",
                    )
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let scopes: Vec<_> = Scope::ALL
            .into_iter()
            .filter(|scope| asked.contains(scope))
            .collect();
        if scopes.len() < asked.len() {
            return Err(FieldError::new("scopes", "must not name a scope twice"));
        }
        if scopes.is_empty() {
            return Err(FieldError::new("scopes", "must name at least one scope"));
        }
        Ok((name, scopes))
    }
}

/// An API key as its partner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyRow {
    /// Its public name.
    #[serde(rename = "ref")]
    pub key_ref: String,
    /// The part of its text that is not secret, after `wg_`.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    #[schema(value_type = Vec<ScopeName>)]
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last used, to within an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Instant>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
}

impl From<&ApiKey> for KeyRow {
    fn from(key: &ApiKey) -> Self {
        Self {
            key_ref: key.key_ref.to_string(),
            id: key.id.clone(),
            name: key.name.to_string(),
            scopes: key
                .scopes
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .collect(),
            created_at: key.created_at.into(),
            used_at: key.used_at.map(Into::into),
            revoked_at: key.revoked_at.map(Into::into),
        }
    }
}

/// A key was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyResponse {
    /// Always true.
    pub success: bool,
    /// The key: `wg_{id}.{secret}`. It is shown in this answer only.
    pub key: String,
    /// Its row.
    pub row: KeyRow,
}

/// A partner's API keys, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyList {
    /// The keys.
    pub keys: Vec<KeyRow>,
}
