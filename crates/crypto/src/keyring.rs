//! The keyring: a partner's secrets, shared by its agents, and the rules by which a client accepts one.

mod codec;
mod sealed;

use rand_core::CryptoRng;

use crate::{
    agent::RosterEntry,
    identity::{self, DeskKey, IdentityPublicKey, IdentitySeed, Signature, Succession},
    ids::{AgentId, Epoch, Generation, PartnerId},
    inbox::{CERTIFICATE_RENEWAL, InboxCertificate, InboxSeed, TrustedInbox},
};

pub use sealed::Expected;

/// Why a keyring was refused or can't be changed as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The bytes are no keyring of a version that is known here.
    #[error("not a keyring")]
    Malformed,
    /// It isn't sealed to this agent under this name and generation, or was changed.
    #[error("the keyring does not open")]
    Unopened,
    /// Its identity is neither the one that the agent knows nor reached from it by signed steps.
    #[error("the keyring belongs to an identity that this agent doesn't know")]
    Identity,
    /// It is older than one that was seen before.
    #[error("the keyring is older than one seen before")]
    Older,
    /// An inbox key in it isn't certified by the partner.
    #[error("the keyring holds an inbox key that the partner did not certify")]
    Inbox,
    /// The agent isn't in the roster, or with other keys.
    #[error("the agent is not in the keyring's roster")]
    NotInRoster,
    /// The roster has the agent already, or no room for another.
    #[error("the roster can't take this agent")]
    Roster,
    /// A counter is at its end.
    #[error("the keyring can't be renewed any more")]
    Exhausted,
}

/// An inbox key with its seed and its certificate.
#[derive(Debug, PartialEq, Eq)]
pub struct InboxEpoch {
    pub(crate) epoch: Epoch,
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
    pub(crate) seed: InboxSeed,
    pub(crate) signature: Signature,
}

impl InboxEpoch {
    /// Which of the partner's inbox keys.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Opens what customers sealed in this epoch.
    #[must_use]
    pub const fn seed(&self) -> &InboxSeed {
        &self.seed
    }

    /// The certificate to publish.
    #[must_use]
    pub fn certificate(&self) -> InboxCertificate {
        InboxCertificate {
            epoch: self.epoch,
            not_before: self.not_before,
            not_after: self.not_after,
            public_key: self.seed.public_key(),
            signature: self.signature,
        }
    }
}

/// A partner's secrets: identity, inbox keys, and the list of agents who hold them.
#[derive(Debug, PartialEq, Eq)]
pub struct Keyring {
    pub(crate) partner: PartnerId,
    pub(crate) generation: Generation,
    pub(crate) identity: IdentitySeed,
    pub(crate) first_identity: IdentityPublicKey,
    pub(crate) successions: Vec<Succession>,
    pub(crate) epochs: Vec<InboxEpoch>,
    pub(crate) roster: Vec<RosterEntry>,
}

impl Keyring {
    /// Makes a new partner's keyring: a new identity, the first inbox key, one agent.
    #[must_use]
    pub fn found(
        partner: PartnerId,
        founder: RosterEntry,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let identity = IdentitySeed::generate(rng);
        let first_identity = identity.public_key();
        let epochs = vec![new_epoch(partner, &identity, Epoch::new(1), now, rng)];
        let (generation, roster) = (Generation::new(1), vec![founder]);
        Self {
            partner,
            generation,
            identity,
            first_identity,
            successions: Vec::new(),
            epochs,
            roster,
        }
    }

    /// Whose keyring it is.
    #[must_use]
    pub const fn partner(&self) -> PartnerId {
        self.partner
    }

    /// Its version.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// The identity that names the partner now.
    #[must_use]
    pub fn identity(&self) -> IdentityPublicKey {
        self.successions
            .last()
            .map_or(self.first_identity, |step| step.identity)
    }

    /// The first identity that the partner had.
    #[must_use]
    pub const fn first_identity(&self) -> &IdentityPublicKey {
        &self.first_identity
    }

    /// The signed steps from the first identity to the one of now.
    #[must_use]
    pub fn successions(&self) -> &[Succession] {
        &self.successions
    }

    /// Every identity that the partner has had, oldest first.
    pub fn identities(&self) -> impl Iterator<Item = IdentityPublicKey> {
        std::iter::once(self.first_identity)
            .chain(self.successions.iter().map(|step| step.identity))
    }

    /// The agents who hold the keyring.
    #[must_use]
    pub fn roster(&self) -> &[RosterEntry] {
        &self.roster
    }

    /// Seals what only agents read.
    #[must_use]
    pub fn desk_key(&self) -> DeskKey {
        self.identity.desk_key()
    }

    /// The inbox key of an epoch, if its seed hasn't been destroyed.
    #[must_use]
    pub fn epoch(&self, epoch: Epoch) -> Option<&InboxEpoch> {
        self.epochs
            .iter()
            .find(|candidate| candidate.epoch == epoch)
    }

    /// All inbox keys, oldest first.
    #[must_use]
    pub fn epochs(&self) -> &[InboxEpoch] {
        &self.epochs
    }

    /// The newest inbox key.
    #[must_use]
    pub fn newest_epoch(&self) -> Option<&InboxEpoch> {
        self.epochs.iter().max_by_key(|epoch| epoch.epoch)
    }

    /// The newest inbox as something to make links for, if it holds at `now` (in seconds since 1970).
    #[must_use]
    pub fn inbox(&self, now: u64) -> Option<TrustedInbox> {
        self.newest_epoch()?
            .certificate()
            .verify(self.partner, &self.identity(), now)
            .ok()
    }

    /// Whether the newest inbox key is 30 days old at `now`, or missing, and should be renewed.
    #[must_use]
    pub fn needs_renewal(&self, now: u64) -> bool {
        self.newest_epoch()
            .is_none_or(|epoch| now >= epoch.not_before.saturating_add(CERTIFICATE_RENEWAL))
    }

    /// Adds a new inbox key, which makes a new generation.
    ///
    /// # Errors
    /// [`KeyringError::Exhausted`] if a counter is at its end.
    pub fn renew_inbox(&mut self, now: u64, rng: &mut impl CryptoRng) -> Result<(), KeyringError> {
        let generation = self.next_generation()?;
        let newest = self.newest_epoch().map_or(0, |epoch| epoch.epoch.number());
        let epoch = Epoch::new(newest.checked_add(1).ok_or(KeyringError::Exhausted)?);
        if self.epochs.len() >= usize::from(u16::MAX) {
            return Err(KeyringError::Exhausted);
        }
        self.epochs
            .push(new_epoch(self.partner, &self.identity, epoch, now, rng));
        self.generation = generation;
        Ok(())
    }

    /// Destroys the seed of an old epoch, so that what was sealed in it can't be opened any more. Returns whether there
    /// was one; the newest stays.
    ///
    /// # Errors
    /// [`KeyringError::Exhausted`] if the generation is at its end.
    pub fn destroy_epoch(&mut self, epoch: Epoch) -> Result<bool, KeyringError> {
        let generation = self.next_generation()?;
        let newest = self.newest_epoch().map(InboxEpoch::epoch);
        let before = self.epochs.len();
        self.epochs
            .retain(|candidate| candidate.epoch != epoch || newest == Some(epoch));
        let destroyed = self.epochs.len() < before;
        if destroyed {
            self.generation = generation;
        }
        Ok(destroyed)
    }

    /// Adds an agent whose keys the caller has checked, which makes a new generation.
    ///
    /// # Errors
    /// [`KeyringError::Roster`] if the agent is there already or the roster is full.
    pub fn add_agent(&mut self, entry: RosterEntry) -> Result<(), KeyringError> {
        let generation = self.next_generation()?;
        if self.entry(entry.agent).is_some() || self.roster.len() >= usize::from(u16::MAX) {
            return Err(KeyringError::Roster);
        }
        self.roster.push(entry);
        self.generation = generation;
        Ok(())
    }

    /// Removes an agent: a new identity signed by the one before, a new inbox key, a new generation.
    ///
    /// # Errors
    /// [`KeyringError::NotInRoster`] if there is no such agent, [`KeyringError::Exhausted`] if a counter is at its end.
    pub fn remove_agent(
        &mut self,
        agent: AgentId,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeyringError> {
        if self.entry(agent).is_none() {
            return Err(KeyringError::NotInRoster);
        }
        if self.successions.len() >= usize::from(u16::MAX) {
            return Err(KeyringError::Exhausted);
        }
        let next = IdentitySeed::generate(rng);
        let step = self.identity.hand_over(self.partner, next.public_key());
        let before = std::mem::replace(&mut self.identity, next);
        if let Err(error) = self.renew_inbox(now, rng) {
            self.identity = before;
            return Err(error);
        }
        self.successions.push(step);
        self.roster.retain(|entry| entry.agent != agent);
        Ok(())
    }

    /// An agent's line in the roster.
    #[must_use]
    pub fn entry(&self, agent: AgentId) -> Option<&RosterEntry> {
        self.roster.iter().find(|entry| entry.agent == agent)
    }

    fn next_generation(&self) -> Result<Generation, KeyringError> {
        self.generation
            .number()
            .checked_add(1)
            .map(Generation::new)
            .ok_or(KeyringError::Exhausted)
    }

    /// Checks every signature in the keyring and that `known` is one of its identities.
    fn verify(&self, known: &IdentityPublicKey) -> Result<(), KeyringError> {
        let identities = identity::follow(self.partner, self.first_identity, &self.successions)
            .map_err(|_| KeyringError::Identity)?;
        if !identities.contains(known) {
            return Err(KeyringError::Identity);
        }
        for epoch in &self.epochs {
            let certificate = epoch.certificate();
            if !identities
                .iter()
                .rev()
                .any(|key| certificate.verify_signature(self.partner, key).is_ok())
            {
                return Err(KeyringError::Inbox);
            }
        }
        Ok(())
    }
}

fn new_epoch(
    partner: PartnerId,
    identity: &IdentitySeed,
    epoch: Epoch,
    now: u64,
    rng: &mut impl CryptoRng,
) -> InboxEpoch {
    let seed = InboxSeed::generate(rng);
    let InboxCertificate {
        not_before,
        not_after,
        signature,
        ..
    } = InboxCertificate::issue(partner, identity, epoch, seed.public_key(), now);
    InboxEpoch {
        epoch,
        not_before,
        not_after,
        seed,
        signature,
    }
}
