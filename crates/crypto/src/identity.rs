//! The partner's identity: an Ed25519 key, its fingerprint, and how one identity hands over to the next.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};

use crate::{
    ids::PartnerId,
    kdf,
    newtype::{public_bytes, random_secret, secret_bytes},
};

/// Why an identity was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// A signature doesn't belong to the key and the words it should.
    #[error("the signature is not by this identity")]
    Signature,
    /// The identity isn't the one that was named in advance.
    #[error("this is another identity than the one that was pinned")]
    Fingerprint,
}

secret_bytes! {
    /// The seed of an identity (an Ed25519 secret key): it signs inbox keys and yields the desk key.
    IdentitySeed, 32
}

random_secret!(IdentitySeed);

impl IdentitySeed {
    /// The public key, which names the partner.
    #[must_use]
    pub fn public_key(&self) -> IdentityPublicKey {
        IdentityPublicKey(SigningKey::from_bytes(&self.0).verifying_key().to_bytes())
    }

    /// The key under which agents seal what only agents read.
    #[must_use]
    pub fn desk_key(&self) -> DeskKey {
        DeskKey(kdf::derive(self.expose(), "desk", &[]))
    }

    /// Hands over to a new identity: this one signs the next.
    #[must_use]
    pub fn hand_over(&self, partner: PartnerId, next: IdentityPublicKey) -> Succession {
        Succession {
            identity: next,
            signature: self.sign(&succession_words(partner, next)),
        }
    }

    pub(crate) fn sign(&self, words: &[u8]) -> Signature {
        Signature(SigningKey::from_bytes(&self.0).sign(words).to_bytes())
    }
}

public_bytes! {
    /// The public half of an identity (Ed25519).
    IdentityPublicKey, 32
}

impl IdentityPublicKey {
    /// What people and pinning callers compare.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(kdf::first_half(&kdf::labelled_hash("identity", &[&self.0])))
    }

    /// Succeeds if this is the identity that was pinned.
    ///
    /// # Errors
    /// [`IdentityError::Fingerprint`] if it is another.
    pub fn expect_fingerprint(&self, pinned: &Fingerprint) -> Result<(), IdentityError> {
        if self.fingerprint() == *pinned {
            Ok(())
        } else {
            Err(IdentityError::Fingerprint)
        }
    }

    /// Checks a signature by the strict rules: no key or signature of small order.
    pub(crate) fn verify(&self, words: &[u8], signature: &Signature) -> Result<(), IdentityError> {
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| {
                key.verify_strict(words, &ed25519_dalek::Signature::from_bytes(&signature.0))
            })
            .map_err(|_| IdentityError::Signature)
    }
}

public_bytes! {
    /// The first 16 bytes of a labelled hash of an identity's public key (22 characters).
    Fingerprint, 16
}

public_bytes! {
    /// An Ed25519 signature.
    Signature, 64
}

secret_bytes! {
    /// Seals what only agents read: vaults and labels.
    DeskKey, 32
}

/// One step from an identity to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The new identity.
    pub identity: IdentityPublicKey,
    /// By the identity before it.
    pub signature: Signature,
}

/// Follows the steps from the first identity and returns all identities in order.
pub(crate) fn follow(
    partner: PartnerId,
    first: IdentityPublicKey,
    successions: &[Succession],
) -> Result<Vec<IdentityPublicKey>, IdentityError> {
    let mut identities = vec![first];
    let mut current = first;
    for step in successions {
        current.verify(&succession_words(partner, step.identity), &step.signature)?;
        current = step.identity;
        identities.push(current);
    }
    Ok(identities)
}

fn succession_words(partner: PartnerId, next: IdentityPublicKey) -> Vec<u8> {
    kdf::labelled("succession", &[partner.as_bytes(), &next.0])
}
