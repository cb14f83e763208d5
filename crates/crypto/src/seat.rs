//! The handshake: redeeming a link opens a seat, and both ends compute its root.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ChatRef, Epoch, LinkHash, LinkId},
    inbox::TrustedInbox,
    kdf,
    kem::{self, EncapsulatedKey, KemPublicKey, SharedSecret},
    keyring::Keyring,
    link::{LinkProof, LinkSecret, LinkTerms},
    newtype::{random_secret, secret_bytes},
    vault::Vault,
};

const ROOT: &[u8] = b"wicketgate/1 root";

/// Why a seat's root can't be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeatError {
    /// The keyring has no inbox key of the seat's epoch any more.
    #[error("the key of this seat was destroyed")]
    NoKey,
    /// What the customer sent doesn't open a seat.
    #[error("the customer's first message does not open a seat")]
    Unopened,
}

secret_bytes! {
    /// By which the browser that redeemed a link is recognised when it asks again. The server keeps its hash.
    Claim, 32
}

random_secret!(Claim);

secret_bytes! {
    /// The root of all keys of a seat.
    SeatRoot, 32
}

/// What the customer sends to open a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handshake {
    /// Which of the partner's inbox keys it is for.
    pub epoch: Epoch,
    /// The exchange itself.
    pub enc: EncapsulatedKey,
}

/// The customer's end of a new seat.
#[derive(Debug)]
pub struct Redemption {
    /// Recognises this browser.
    pub claim: Claim,
    /// Shows that the link's secret is known; a plain link has none.
    pub proof: Option<LinkProof>,
    /// For the server and the agents.
    pub handshake: Handshake,
    /// Stays here.
    pub root: SeatRoot,
}

impl Redemption {
    /// Redeems a sealed link whose terms were opened.
    #[must_use]
    pub fn sealed(terms: &LinkTerms, rng: &mut impl CryptoRng) -> Self {
        let secret = terms.secret();
        let shared = secret.shared_key();
        let shared = SharedSecret {
            secret: &shared,
            name: terms.link_id().as_bytes(),
        };
        let information = information(
            terms.chat_ref(),
            terms.link_id().as_bytes(),
            secret.expose(),
        );
        let claim = Claim::generate(rng);
        let (enc, root) =
            kem::export_as_sender(terms.inbox(), Some(shared), &information, ROOT, rng);
        let handshake = Handshake {
            epoch: terms.epoch(),
            enc,
        };
        Self {
            claim,
            proof: Some(secret.proof()),
            handshake,
            root: SeatRoot(root),
        }
    }

    /// Redeems a plain link to an inbox that was checked against the link's fingerprint.
    #[must_use]
    pub fn plain(
        link_id: &LinkId,
        chat_ref: &ChatRef,
        inbox: &TrustedInbox,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let information = information(
            chat_ref,
            link_id.hash().as_bytes(),
            &inbox.public_key.hash(),
        );
        let claim = Claim::generate(rng);
        let (enc, root) = kem::export_as_sender(&inbox.public_key, None, &information, ROOT, rng);
        Self {
            claim,
            proof: None,
            handshake: Handshake {
                epoch: inbox.epoch,
                enc,
            },
            root: SeatRoot(root),
        }
    }
}

/// The link that a seat was opened with, as agents know it.
#[derive(Clone, Copy, Debug)]
pub enum SeatLink<'a> {
    /// A sealed link, by its opened vault.
    Sealed(&'a Vault),
    /// A plain link, by the hash of its id: agents never learn the id itself.
    Plain(&'a LinkHash),
}

impl SeatRoot {
    /// Computes the partner's end of a seat from its link and the customer's handshake.
    ///
    /// # Errors
    /// [`SeatError::NoKey`] if the epoch's seed is gone, [`SeatError::Unopened`] if the handshake is unusable. A handshake for
    /// another link, chat or key gives a root that opens none of the seat's messages.
    pub fn receive(
        keyring: &Keyring,
        link: SeatLink<'_>,
        chat_ref: &ChatRef,
        handshake: &Handshake,
    ) -> Result<Self, SeatError> {
        let seed = keyring
            .epoch(handshake.epoch)
            .ok_or(SeatError::NoKey)?
            .seed()
            .expose();
        match link {
            SeatLink::Sealed(vault) => Self::receive_sealed(
                seed,
                &vault.secret,
                &vault.link_id,
                chat_ref,
                &handshake.enc,
            ),
            SeatLink::Plain(link) => {
                Self::receive_plain(seed, &kem::public_key(seed), link, chat_ref, &handshake.enc)
            }
        }
    }

    pub(crate) fn receive_sealed(
        seed: &[u8; 32],
        secret: &LinkSecret,
        link_id: &LinkId,
        chat_ref: &ChatRef,
        enc: &EncapsulatedKey,
    ) -> Result<Self, SeatError> {
        let shared = secret.shared_key();
        let shared = SharedSecret {
            secret: &shared,
            name: link_id.as_bytes(),
        };
        let information = information(chat_ref, link_id.as_bytes(), secret.expose());
        kem::export_as_receiver(seed, Some(shared), enc, &information, ROOT)
            .map(Self)
            .map_err(|_| SeatError::Unopened)
    }

    pub(crate) fn receive_plain(
        seed: &[u8; 32],
        inbox: &KemPublicKey,
        link: &LinkHash,
        chat_ref: &ChatRef,
        enc: &EncapsulatedKey,
    ) -> Result<Self, SeatError> {
        let information = information(chat_ref, link.as_bytes(), &inbox.hash());
        kem::export_as_receiver(seed, None, enc, &information, ROOT)
            .map(Self)
            .map_err(|_| SeatError::Unopened)
    }
}

/// Binds a seat to its chat, its link (by the id of a sealed one, the hash of a plain one's), and the link's terms
/// (sealed) or the inbox key (plain).
fn information(chat_ref: &ChatRef, link: &[u8], bound: &[u8; 32]) -> zeroize::Zeroizing<Vec<u8>> {
    zeroize::Zeroizing::new(kdf::labelled("seat", &[chat_ref.as_bytes(), link, bound]))
}
