//! An agent's own secret, and how it is wrapped under a password or a recovery code for the server to keep.

use ed25519_dalek::SigningKey;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    aead,
    encoding::{Malformed, Reader},
    identity::IdentityPublicKey,
    ids::AgentId,
    kdf,
    kem::{self, KemPublicKey},
    newtype::{public_bytes, random_secret, secret_bytes},
};

const VERSION: u8 = 1;

/// Why an agent's wrapped secret was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// The bytes are no wrapped secret of a version that is known here.
    #[error("not an agent's wrapped secret")]
    Malformed,
    /// It was wrapped under another kind of key: a password where a recovery code was given, or the reverse.
    #[error("wrapped under another kind of key")]
    OtherKind,
    /// The key is wrong, or the bytes belong to another agent or were changed.
    #[error("the wrapped secret does not open")]
    Unopened,
}

impl From<Malformed> for AgentError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

secret_bytes! {
    /// The root of an agent's keys: its X-Wing key, and from it its Ed25519 key.
    AgentSeed, 32
}

random_secret!(AgentSeed);

impl AgentSeed {
    /// What keyrings are sealed to.
    #[must_use]
    pub fn kem_public_key(&self) -> KemPublicKey {
        kem::public_key(self.expose())
    }

    /// The public half of the agent's signing key.
    #[must_use]
    pub fn sign_public_key(&self) -> AgentSignKey {
        AgentSignKey(
            SigningKey::from_bytes(&kdf::derive(self.expose(), "sign", &[]))
                .verifying_key()
                .to_bytes(),
        )
    }

    /// The agent's line in a keyring's roster.
    #[must_use]
    pub fn roster_entry(&self, agent: AgentId) -> RosterEntry {
        RosterEntry {
            agent,
            kem: self.kem_public_key(),
            sign: self.sign_public_key(),
        }
    }
}

public_bytes! {
    /// The public half of an agent's signing key (Ed25519), kept for attribution.
    AgentSignKey, 32
}

/// An agent's public keys. Keyrings are sealed to the agents in their own roster and to nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    /// Who.
    pub agent: AgentId,
    /// What keyrings are sealed to.
    pub kem: KemPublicKey,
    /// The agent's signing key.
    pub sign: AgentSignKey,
}

/// How a wrap key came about; stored in front of what it wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapKind {
    /// From the agent's password.
    Password,
    /// From the recovery code.
    Recovery,
}

impl WrapKind {
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Password => 1,
            Self::Recovery => 2,
        }
    }

    const fn parse(byte: u8) -> Result<Self, AgentError> {
        match byte {
            1 => Ok(Self::Password),
            2 => Ok(Self::Recovery),
            _ => Err(AgentError::Malformed),
        }
    }
}

/// Seals an agent's secret.
pub struct WrapKey {
    kind: WrapKind,
    key: Zeroizing<[u8; 32]>,
}

impl WrapKey {
    pub(crate) const fn new(kind: WrapKind, key: Zeroizing<[u8; 32]>) -> Self {
        Self { kind, key }
    }

    /// How it came about.
    #[must_use]
    pub const fn kind(&self) -> WrapKind {
        self.kind
    }

    #[cfg(test)]
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.key
    }
}

impl std::fmt::Debug for WrapKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "WrapKey({:?}, …)", self.kind)
    }
}

secret_bytes! {
    /// What proves to the server that the agent knows the password or the recovery code. It opens nothing.
    AuthKey, 32
}

/// What an agent must not lose: its seed, and the identity that every keyring has to come from.
#[derive(Debug, PartialEq, Eq)]
pub struct AgentSecret {
    /// The root of the agent's keys.
    pub seed: AgentSeed,
    /// The partner's identity when the agent joined.
    pub first_identity: IdentityPublicKey,
}

impl AgentSecret {
    /// Seals the secret for the server to keep.
    #[must_use]
    pub fn wrap(&self, key: &WrapKey, agent: AgentId, rng: &mut impl CryptoRng) -> Vec<u8> {
        let mut plain = Zeroizing::new([0; 64]);
        plain[..32].copy_from_slice(self.seed.expose());
        plain[32..].copy_from_slice(self.first_identity.as_bytes());
        let mut wrapped = vec![VERSION, key.kind.byte()];
        wrapped.extend(aead::seal(
            &key.key,
            plain.as_slice(),
            agent.as_bytes(),
            rng,
        ));
        wrapped
    }

    /// Opens what [`AgentSecret::wrap`] made.
    ///
    /// # Errors
    /// Says whether the bytes, the kind of key or the key itself was wrong.
    pub fn unwrap(wrapped: &[u8], key: &WrapKey, agent: AgentId) -> Result<Self, AgentError> {
        let mut reader = Reader::new(wrapped);
        if reader.u8()? != VERSION {
            return Err(AgentError::Malformed);
        }
        if WrapKind::parse(reader.u8()?)? != key.kind {
            return Err(AgentError::OtherKind);
        }
        let plain = aead::open(&key.key, reader.rest(), agent.as_bytes())
            .map_err(|_| AgentError::Unopened)?;
        let mut reader = Reader::new(&plain);
        let seed = AgentSeed::from_bytes(reader.array()?);
        let first_identity = IdentityPublicKey::from_bytes(reader.array()?);
        reader.end()?;
        Ok(Self {
            seed,
            first_identity,
        })
    }
}
