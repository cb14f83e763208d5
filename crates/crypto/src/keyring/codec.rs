//! The byte layout of a keyring.

use zeroize::Zeroizing;

use super::{InboxEpoch, Keyring, KeyringError};
use crate::{
    agent::{AgentSignKey, RosterEntry},
    encoding::{Malformed, Reader},
    identity::{IdentityPublicKey, IdentitySeed, Signature, Succession},
    ids::{AgentId, Epoch, Generation, PartnerId},
    inbox::InboxSeed,
    kem::KemPublicKey,
};

const VERSION: u8 = 1;

impl From<Malformed> for KeyringError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

impl Keyring {
    /// The plain bytes, for whoever keeps an opened keyring under a key of its own.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let length =
            75 + 96 * self.successions.len() + 116 * self.epochs.len() + 1264 * self.roster.len();
        // The capacity is exact, so that no copy of a secret stays behind when the buffer grows.
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(self.identity.expose());
        bytes.extend_from_slice(self.first_identity.as_bytes());
        bytes.extend_from_slice(&count(self.successions.len()));
        for step in &self.successions {
            bytes.extend_from_slice(step.identity.as_bytes());
            bytes.extend_from_slice(step.signature.as_bytes());
        }
        bytes.extend_from_slice(&count(self.epochs.len()));
        for epoch in &self.epochs {
            bytes.extend_from_slice(&epoch.epoch.to_be_bytes());
            bytes.extend_from_slice(&epoch.not_before.to_be_bytes());
            bytes.extend_from_slice(&epoch.not_after.to_be_bytes());
            bytes.extend_from_slice(epoch.seed.expose());
            bytes.extend_from_slice(epoch.signature.as_bytes());
        }
        bytes.extend_from_slice(&count(self.roster.len()));
        for entry in &self.roster {
            bytes.extend_from_slice(entry.agent.as_bytes());
            bytes.extend_from_slice(&entry.kem.to_bytes());
            bytes.extend_from_slice(entry.sign.as_bytes());
        }
        bytes
    }

    /// Reads the plain bytes. The identity seed has to be that of the last identity in the chain; signatures are not
    /// checked, for which see [`Keyring::open`].
    ///
    /// # Errors
    /// [`KeyringError::Malformed`] or [`KeyringError::Identity`].
    pub fn decode(partner: PartnerId, bytes: &[u8]) -> Result<Self, KeyringError> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(KeyringError::Malformed);
        }
        let generation = Generation::new(reader.u32()?);
        let identity = IdentitySeed::from_bytes(reader.array()?);
        let first_identity = IdentityPublicKey::from_bytes(reader.array()?);
        let successions = list(&mut reader, succession)?;
        let epochs = list(&mut reader, epoch)?;
        let roster = list(&mut reader, roster_entry)?;
        reader.end()?;
        let keyring = Self {
            partner,
            generation,
            identity,
            first_identity,
            successions,
            epochs,
            roster,
        };
        if keyring.identity.public_key() != keyring.identity() {
            return Err(KeyringError::Identity);
        }
        Ok(keyring)
    }
}

fn count(length: usize) -> [u8; 2] {
    #[expect(
        clippy::expect_used,
        reason = "lists come from 16-bit counts and grow only while below 65 535"
    )]
    u16::try_from(length).expect("a short list").to_be_bytes()
}

/// A list with its 16-bit count in front. Room is made as items arrive, so that a count alone can't claim memory.
fn list<T>(
    reader: &mut Reader<'_>,
    item: fn(&mut Reader<'_>) -> Result<T, KeyringError>,
) -> Result<Vec<T>, KeyringError> {
    let count = reader.u16()?;
    (0..count).map(|_| item(reader)).collect()
}

fn succession(reader: &mut Reader<'_>) -> Result<Succession, KeyringError> {
    Ok(Succession {
        identity: IdentityPublicKey::from_bytes(reader.array()?),
        signature: Signature::from_bytes(reader.array()?),
    })
}

fn epoch(reader: &mut Reader<'_>) -> Result<InboxEpoch, KeyringError> {
    Ok(InboxEpoch {
        epoch: Epoch::new(reader.u32()?),
        not_before: reader.u64()?,
        not_after: reader.u64()?,
        seed: InboxSeed::from_bytes(reader.array()?),
        signature: Signature::from_bytes(reader.array()?),
    })
}

fn roster_entry(reader: &mut Reader<'_>) -> Result<RosterEntry, KeyringError> {
    Ok(RosterEntry {
        agent: AgentId::from_bytes(reader.array()?),
        kem: KemPublicKey::try_from(reader.slice(KemPublicKey::LENGTH)?)
            .map_err(|_| KeyringError::Malformed)?,
        sign: AgentSignKey::from_bytes(reader.array()?),
    })
}
