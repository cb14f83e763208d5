//! API keys: what an integrator's program is known by, and what it may do.

use crate::{
    actor::Actor,
    id::{AgentId, Hash, KeyRef, PartnerId, SessionRef, decode, encode},
    store_error::StoreError,
    text::KeyName,
    time::Timestamp,
};
use std::fmt;
use zeroize::Zeroizing;

/// Something that an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Make and revoke links.
    LinksWrite,
    /// List links and show one.
    LinksRead,
    /// Make links to chats that have had a customer.
    LinksExisting,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::LinksWrite, Self::LinksRead, Self::LinksExisting];

    /// Its name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LinksWrite => "links:write",
            Self::LinksRead => "links:read",
            Self::LinksExisting => "links:existing",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// Who calls: a signed-in agent, or a program with an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A signed-in agent, who may do everything that the partner may.
    Agent {
        /// The partner.
        partner: PartnerId,
        /// The person.
        agent: AgentId,
        /// The session.
        session: SessionRef,
    },
    /// A program.
    Key {
        /// The partner.
        partner: PartnerId,
        /// The key.
        key: KeyRef,
        /// What it may do.
        scopes: Vec<Scope>,
    },
}

impl Principal {
    /// Whose caller it is.
    #[must_use]
    pub const fn partner(&self) -> PartnerId {
        match self {
            Self::Agent { partner, .. } | Self::Key { partner, .. } => *partner,
        }
    }

    /// Who makes the changes that it makes.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Agent { agent, .. } => Actor::Agent(*agent),
            Self::Key { key, .. } => Actor::Key(*key),
        }
    }

    /// Passes when the caller may do that.
    ///
    /// # Errors
    /// The scope that is lacking.
    pub fn require(&self, scope: Scope) -> Result<(), Scope> {
        match self {
            Self::Key { scopes, .. } if !scopes.contains(&scope) => Err(scope),
            Self::Agent { .. } | Self::Key { .. } => Ok(()),
        }
    }
}

/// A key as it is shown once: `wg_{id}.{secret}`. The id finds the row, the secret proves the holder.
#[derive(Clone)]
pub struct ApiKeyText {
    id: String,
    secret: Zeroizing<[u8; 24]>,
}

impl ApiKeyText {
    /// The key made of these random bytes.
    #[must_use]
    pub fn from_bytes(id: [u8; 9], secret: [u8; 24]) -> Self {
        Self {
            id: encode(&id),
            secret: Zeroizing::new(secret),
        }
    }

    /// Reads a key. A third part, the partner's fingerprint that clients add for themselves, is ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("wg_")?.splitn(3, '.');
        let (id, secret) = (parts.next()?, parts.next()?);
        decode::<9>(id).ok()?;
        Some(Self {
            id: id.to_owned(),
            secret: Zeroizing::new(decode(secret).ok()?),
        })
    }

    /// The part that finds the row.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is stored in place of the secret.
    #[must_use]
    pub fn secret_hash(&self) -> Hash {
        Hash::of(self.secret.as_slice())
    }

    /// The text to show once. The name says that the text is a secret.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("wg_{}.{}", self.id, encode(self.secret.as_slice()))
    }
}

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyText({}, redacted)", self.id)
    }
}

/// An API key as its partner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public name.
    pub key_ref: KeyRef,
    /// The part of its text that is not secret.
    pub id: String,
    /// Whose it is.
    pub partner: PartnerId,
    /// What it is for.
    pub name: KeyName,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within an hour.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Why something about an API key was refused.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no such key, or it is another partner's.
    #[error("API key not found")]
    NotFound,
    /// The partner has as many live keys as it may have.
    #[error("There are already {} API keys; revoke one first", MOST_KEYS)]
    TooMany,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many live keys a partner may have.
pub const MOST_KEYS: u32 = 100;

/// API keys in a database.
#[async_trait::async_trait]
pub trait KeyStore {
    /// Stores a key.
    ///
    /// # Errors
    /// [`KeyError::TooMany`], [`KeyError::Store`].
    async fn create_key(&self, key: ApiKey, secret_hash: Hash, by: Actor) -> Result<(), KeyError>;

    /// The live key with that id and secret.
    async fn key_caller(
        &self,
        id: &str,
        secret_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError>;

    /// A partner's keys, newest first, revoked ones included.
    async fn keys(&self, partner: PartnerId) -> Result<Vec<ApiKey>, StoreError>;

    /// Revokes a key. Revoking a revoked key changes nothing.
    ///
    /// # Errors
    /// [`KeyError::NotFound`], [`KeyError::Store`].
    async fn revoke_key(
        &self,
        partner: PartnerId,
        key: KeyRef,
        by: Actor,
        now: Timestamp,
    ) -> Result<ApiKey, KeyError>;
}
