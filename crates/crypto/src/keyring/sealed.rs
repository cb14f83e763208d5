//! How a keyring travels: sealed to each agent of its roster, opened only under the rules of acceptance.

use rand_core::CryptoRng;

use super::{Keyring, KeyringError};
use crate::{
    agent::{AgentSecret, RosterEntry},
    encoding::Reader,
    ids::{AgentId, Generation, PartnerId},
    kem,
};

const VERSION: u8 = 1;
const INFORMATION: &[u8] = b"wicketgate/1 keyring";

/// What a client knows before it opens a keyring.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// Whose keyring.
    pub partner: PartnerId,
    /// Who opens it.
    pub agent: AgentId,
    /// The generation that the server names with the sealed bytes.
    pub generation: Generation,
    /// The highest generation that this client has opened before, if any.
    pub seen: Option<Generation>,
}

impl Keyring {
    /// Seals the keyring to an agent of its roster.
    ///
    /// # Errors
    /// [`KeyringError::NotInRoster`] for any other agent, whatever the server lists.
    pub fn seal(&self, agent: AgentId, rng: &mut impl CryptoRng) -> Result<Vec<u8>, KeyringError> {
        let entry = self.entry(agent).ok_or(KeyringError::NotInRoster)?;
        Ok(self.seal_to(entry, rng))
    }

    /// Seals the keyring to each agent of its roster.
    #[must_use]
    pub fn seal_to_all(&self, rng: &mut impl CryptoRng) -> Vec<(AgentId, Vec<u8>)> {
        self.roster
            .iter()
            .map(|entry| (entry.agent, self.seal_to(entry, rng)))
            .collect()
    }

    fn seal_to(&self, entry: &RosterEntry, rng: &mut impl CryptoRng) -> Vec<u8> {
        let aad = associated(self.partner, entry.agent, self.generation);
        let mut sealed = vec![VERSION];
        sealed.extend(kem::seal(
            &entry.kem,
            INFORMATION,
            &self.encode(),
            &aad,
            rng,
        ));
        sealed
    }

    /// Opens a keyring and accepts it only if its identity is the one that the agent knows or is reached from it by
    /// signed steps, if it isn't older than one seen before, if the partner certified its inbox keys, and if the agent
    /// is in its roster with its own keys.
    ///
    /// # Errors
    /// Says which rule it broke.
    pub fn open(
        sealed: &[u8],
        secret: &AgentSecret,
        expected: &Expected,
    ) -> Result<Self, KeyringError> {
        let mut reader = Reader::new(sealed);
        if reader.u8()? != VERSION {
            return Err(KeyringError::Malformed);
        }
        let aad = associated(expected.partner, expected.agent, expected.generation);
        let plain = kem::open(secret.seed.expose(), INFORMATION, reader.rest(), &aad)
            .map_err(|_| KeyringError::Unopened)?;
        let keyring = Self::decode(expected.partner, &plain)?;
        if keyring.generation != expected.generation {
            return Err(KeyringError::Malformed);
        }
        if expected.seen.is_some_and(|seen| keyring.generation < seen) {
            return Err(KeyringError::Older);
        }
        keyring.verify(&secret.first_identity)?;
        if keyring.entry(expected.agent) != Some(&secret.seed.roster_entry(expected.agent)) {
            return Err(KeyringError::NotInRoster);
        }
        Ok(keyring)
    }
}

fn associated(partner: PartnerId, agent: AgentId, generation: Generation) -> [u8; 36] {
    let mut bytes = [0; 36];
    bytes[..16].copy_from_slice(partner.as_bytes());
    bytes[16..32].copy_from_slice(agent.as_bytes());
    bytes[32..].copy_from_slice(&generation.to_be_bytes());
    bytes
}
