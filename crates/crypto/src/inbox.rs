//! The inbox: the X-Wing key that customers seal to, renewed each epoch and certified by the identity.

use serde::{Deserialize, Serialize};

use crate::{
    identity::{IdentityPublicKey, IdentitySeed, Signature},
    ids::{Epoch, PartnerId},
    kdf,
    kem::{self, KemPublicKey},
    newtype::{random_secret, secret_bytes},
};

const DAY: u64 = 24 * 60 * 60;

/// The longest life of an inbox certificate, in seconds (90 days).
pub const CERTIFICATE_LIFETIME: u64 = 90 * DAY;

/// The age after which a keyring holder renews the inbox, in seconds (30 days).
pub const CERTIFICATE_RENEWAL: u64 = 30 * DAY;

/// How far two clocks may differ when a certificate is judged, in seconds (48 hours).
pub const CLOCK_SLACK: u64 = 2 * DAY;

/// Why an inbox certificate was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// The signature isn't by the partner's identity.
    #[error("the inbox key is not certified by this partner")]
    Signature,
    /// It is valid for more than 90 days, or ends before it begins.
    #[error("the inbox certificate claims too long a life")]
    Lifetime,
    /// Its time is over, by more than 48 hours.
    #[error("the inbox certificate has expired")]
    Expired,
    /// Its time has not come, by more than 48 hours.
    #[error("the inbox certificate is not valid yet")]
    NotYet,
}

secret_bytes! {
    /// The seed of an epoch's inbox key: opens what customers seal to the partner.
    InboxSeed, 32
}

random_secret!(InboxSeed);

impl InboxSeed {
    /// The public key that customers seal to.
    #[must_use]
    pub fn public_key(&self) -> KemPublicKey {
        kem::public_key(self.expose())
    }
}

/// An inbox key with the identity's signature, as the server hands it out. Nothing is known of it until
/// [`InboxCertificate::verify`] says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboxCertificate {
    /// Which of the partner's inbox keys.
    pub epoch: Epoch,
    /// When it begins to hold, in seconds since 1970.
    pub not_before: u64,
    /// When it ceases to hold, in seconds since 1970.
    pub not_after: u64,
    /// The key.
    pub public_key: KemPublicKey,
    /// By the partner's identity.
    pub signature: Signature,
}

impl InboxCertificate {
    /// Certifies an inbox key from `now` (in seconds since 1970) for 90 days.
    #[must_use]
    pub fn issue(
        partner: PartnerId,
        identity: &IdentitySeed,
        epoch: Epoch,
        public_key: KemPublicKey,
        now: u64,
    ) -> Self {
        let not_after = now.saturating_add(CERTIFICATE_LIFETIME);
        let signature = identity.sign(&words(partner, epoch, now, not_after, &public_key));
        Self {
            epoch,
            not_before: now,
            not_after,
            public_key,
            signature,
        }
    }

    /// Turns the certificate into an inbox that may be sealed to, if `identity` signed it and it holds at `now` (in
    /// seconds since 1970).
    ///
    /// # Errors
    /// Says which of the rules it broke.
    pub fn verify(
        &self,
        partner: PartnerId,
        identity: &IdentityPublicKey,
        now: u64,
    ) -> Result<TrustedInbox, InboxError> {
        self.verify_signature(partner, identity)?;
        if now > self.not_after.saturating_add(CLOCK_SLACK) {
            return Err(InboxError::Expired);
        }
        if now < self.not_before.saturating_sub(CLOCK_SLACK) {
            return Err(InboxError::NotYet);
        }
        Ok(TrustedInbox {
            partner,
            identity: *identity,
            epoch: self.epoch,
            public_key: self.public_key.clone(),
        })
    }

    /// Checks signature and length of life, but not the time: an old epoch still opens old chats.
    pub(crate) fn verify_signature(
        &self,
        partner: PartnerId,
        identity: &IdentityPublicKey,
    ) -> Result<(), InboxError> {
        let words = words(
            partner,
            self.epoch,
            self.not_before,
            self.not_after,
            &self.public_key,
        );
        identity
            .verify(&words, &self.signature)
            .map_err(|_| InboxError::Signature)?;
        match self.not_after.checked_sub(self.not_before) {
            Some(life) if life <= CERTIFICATE_LIFETIME => Ok(()),
            _ => Err(InboxError::Lifetime),
        }
    }
}

/// A partner's inbox whose certificate was checked: the only thing that links are made for and seats are opened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedInbox {
    pub(crate) partner: PartnerId,
    pub(crate) identity: IdentityPublicKey,
    pub(crate) epoch: Epoch,
    pub(crate) public_key: KemPublicKey,
}

impl TrustedInbox {
    /// Whose inbox it is.
    #[must_use]
    pub const fn partner(&self) -> PartnerId {
        self.partner
    }

    /// The identity that certified it.
    #[must_use]
    pub const fn identity(&self) -> &IdentityPublicKey {
        &self.identity
    }

    /// Which of the partner's inbox keys it is.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The key to seal to.
    #[must_use]
    pub const fn public_key(&self) -> &KemPublicKey {
        &self.public_key
    }
}

fn words(
    partner: PartnerId,
    epoch: Epoch,
    not_before: u64,
    not_after: u64,
    public_key: &KemPublicKey,
) -> Vec<u8> {
    kdf::labelled(
        "inbox",
        &[
            partner.as_bytes(),
            &epoch.to_be_bytes(),
            &not_before.to_be_bytes(),
            &not_after.to_be_bytes(),
            &public_key.to_bytes(),
        ],
    )
}
