//! A sealed link: its terms, the secret in its fragment that is also their hash, and what the server keeps of it.

mod address;
mod bent;
mod found;

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    aead::{self, NONCE_LENGTH},
    encoding::{Malformed, Reader},
    identity::IdentityPublicKey,
    ids::{ChatRef, Epoch, LinkId},
    inbox::TrustedInbox,
    kdf,
    kem::KemPublicKey,
    newtype::{public_bytes, secret_bytes},
};

pub use address::{AddressError, Fragment, LinkAddress};

const VERSION: u8 = 1;

/// Length of the terms in bytes.
const TERMS_LENGTH: usize = 1317;

/// The blob's key is used once, so its nonce may be constant.
const BLOB_NONCE: [u8; NONCE_LENGTH] = [0; NONCE_LENGTH];

/// Why a link was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The blob isn't one of a version that is known here, or its terms don't have the layout they should.
    #[error("not the blob of a link")]
    Malformed,
    /// The blob doesn't open with the link's secret, or belongs to another link.
    #[error("the link's blob does not open")]
    Unopened,
    /// The terms aren't the ones that the link's secret is the hash of.
    #[error("the link's terms are not the ones it was made with")]
    Swapped,
}

impl From<Malformed> for LinkError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

secret_bytes! {
    /// What only the link carries (`F`): the hash of its terms, and the root of the keys for blob and handshake. The
    /// server never gets it.
    LinkSecret, 32
}

impl LinkSecret {
    /// What whoever redeems the link shows to the server.
    #[must_use]
    pub fn proof(&self) -> LinkProof {
        LinkProof(kdf::derive(self.expose(), "proof", &[]))
    }

    pub(crate) fn shared_key(&self) -> Zeroizing<[u8; 32]> {
        kdf::derive(self.expose(), "psk", &[])
    }

    fn blob_key(&self) -> Zeroizing<[u8; 32]> {
        kdf::derive(self.expose(), "blob", &[])
    }
}

secret_bytes! {
    /// Shows the server that the sender knows the link's secret, without the secret.
    LinkProof, 32
}

impl LinkProof {
    /// What the server keeps to check the proof.
    #[must_use]
    pub fn hash(&self) -> ProofHash {
        ProofHash(Sha256::digest(self.expose()).into())
    }
}

public_bytes! {
    /// SHA-256 of a link's proof.
    ProofHash, 32
}

/// What a link says: to whom it leads, about which chat, and under which keys (`fixed`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTerms {
    link_id: LinkId,
    chat_ref: ChatRef,
    randomness: [u8; 32],
    epoch: Epoch,
    inbox: KemPublicKey,
    identity: IdentityPublicKey,
}

impl LinkTerms {
    /// Which link it is.
    #[must_use]
    pub const fn link_id(&self) -> &LinkId {
        &self.link_id
    }

    /// Which chat it leads to.
    #[must_use]
    pub const fn chat_ref(&self) -> &ChatRef {
        &self.chat_ref
    }

    /// Which of the partner's inbox keys it seals to.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The inbox key.
    #[must_use]
    pub const fn inbox(&self) -> &KemPublicKey {
        &self.inbox
    }

    /// The partner's identity.
    #[must_use]
    pub const fn identity(&self) -> &IdentityPublicKey {
        &self.identity
    }

    /// The hash of the terms, which is the link's secret: nobody can guess it, for the terms hold 32 random bytes.
    #[must_use]
    pub fn secret(&self) -> LinkSecret {
        LinkSecret::from_bytes(kdf::labelled_hash("link", &[&self.encode()]))
    }

    /// Opens a link's blob and checks that its terms are the ones that the link was made with.
    ///
    /// # Errors
    /// Says whether the layout, the secret or the terms were wrong.
    pub fn open(link_id: &LinkId, secret: &LinkSecret, blob: &[u8]) -> Result<Self, LinkError> {
        let mut reader = Reader::new(blob);
        if reader.u8()? != VERSION {
            return Err(LinkError::Malformed);
        }
        let plain = aead::open_detached(
            &secret.blob_key(),
            &BLOB_NONCE,
            reader.rest(),
            link_id.as_bytes(),
        )
        .map_err(|_| LinkError::Unopened)?;
        let hash = kdf::labelled_hash("link", &[&plain]);
        if !bool::from(hash.ct_eq(secret.expose())) {
            return Err(LinkError::Swapped);
        }
        let terms = Self::decode(&plain)?;
        if terms.link_id == *link_id {
            Ok(terms)
        } else {
            Err(LinkError::Swapped)
        }
    }

    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(TERMS_LENGTH));
        bytes.push(VERSION);
        bytes.extend_from_slice(self.link_id.as_bytes());
        bytes.extend_from_slice(self.chat_ref.as_bytes());
        bytes.extend_from_slice(&self.randomness);
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.inbox.to_bytes());
        bytes.extend_from_slice(self.identity.as_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Self, LinkError> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(LinkError::Malformed);
        }
        let terms = Self {
            link_id: LinkId::from_bytes(reader.array()?),
            chat_ref: ChatRef::from_bytes(reader.array()?),
            randomness: reader.array()?,
            epoch: Epoch::new(reader.u32()?),
            inbox: KemPublicKey::try_from(reader.slice(KemPublicKey::LENGTH)?)
                .map_err(|_| LinkError::Malformed)?,
            identity: IdentityPublicKey::from_bytes(reader.array()?),
        };
        reader.end()?;
        Ok(terms)
    }

    pub(crate) fn seal(&self, secret: &LinkSecret) -> Vec<u8> {
        let mut blob = vec![VERSION];
        let sealed = aead::seal_detached(
            &secret.blob_key(),
            &BLOB_NONCE,
            &self.encode(),
            self.link_id.as_bytes(),
        );
        blob.extend(sealed);
        blob
    }
}

/// A new sealed link: the secret for the URL, and what the server gets.
#[derive(Debug)]
pub struct SealedLink {
    /// What the link says.
    pub terms: LinkTerms,
    /// For the fragment of the URL and for the vault, never for the server.
    pub secret: LinkSecret,
    /// The terms, sealed under the secret, for the server to hand out.
    pub blob: Vec<u8>,
    /// By which the server recognises whoever has the secret.
    pub proof_hash: ProofHash,
}

impl SealedLink {
    /// Makes a link to a chat for a partner's inbox.
    #[must_use]
    pub fn create(
        link_id: LinkId,
        chat_ref: ChatRef,
        inbox: &TrustedInbox,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let mut randomness = [0; 32];
        rng.fill_bytes(&mut randomness);
        let terms = LinkTerms {
            link_id,
            chat_ref,
            randomness,
            epoch: inbox.epoch,
            inbox: inbox.public_key.clone(),
            identity: inbox.identity,
        };
        let secret = terms.secret();
        let blob = terms.seal(&secret);
        let proof_hash = secret.proof().hash();
        Self {
            terms,
            secret,
            blob,
            proof_hash,
        }
    }

    /// The link as a customer gets it, below the server's public URL.
    #[must_use]
    pub fn address(&self, public_url: &str) -> LinkAddress {
        let secret = LinkSecret::from_bytes(*self.secret.expose());
        LinkAddress::new(public_url, self.terms.link_id, Fragment::Sealed(secret))
    }
}

#[cfg(test)]
impl LinkTerms {
    pub(crate) const fn randomness(&self) -> &[u8; 32] {
        &self.randomness
    }
}
