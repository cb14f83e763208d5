//! HPKE ([RFC 9180](https://www.rfc-editor.org/rfc/rfc9180)) with X-Wing, HKDF-SHA-256 and AES-256-GCM.
//!
//! A seed is the raw X-Wing decapsulation key: HPKE's `DeriveKeyPair` is not used, for libraries differ there.

use std::{fmt, str::FromStr};

use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, PskBundle, Serializable,
    aead::{AeadCtxR, AeadCtxS, AesGcm256},
    kdf::HkdfSha256,
    kem::XWing,
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    aead::Unopened,
    encoding::{BytesError, decode, encode, exact},
    newtype::serde_as_text,
};

type PublicKey = <XWing as Kem>::PublicKey;
type PrivateKey = <XWing as Kem>::PrivateKey;
type EncappedKey = <XWing as Kem>::EncappedKey;

/// An X-Wing public key (1216 bytes): what others seal to.
#[derive(Clone, PartialEq, Eq)]
pub struct KemPublicKey(Box<PublicKey>);

impl KemPublicKey {
    /// Length in bytes.
    pub const LENGTH: usize = 1216;

    /// The raw bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        self.0.to_bytes().into()
    }

    /// SHA-256 of the raw bytes, which binds a plain link's seat to this key.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}

impl TryFrom<&[u8]> for KemPublicKey {
    type Error = BytesError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        let bytes: [u8; Self::LENGTH] = exact(bytes)?;
        PublicKey::from_bytes(&bytes)
            .map(|key| Self(Box::new(key)))
            .map_err(|_| BytesError::PublicKey)
    }
}

impl FromStr for KemPublicKey {
    type Err = BytesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(decode(text)?.as_slice())
    }
}

impl fmt::Display for KemPublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&encode(&self.to_bytes()))
    }
}

impl fmt::Debug for KemPublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: String = self.to_string().chars().take(16).collect();
        write!(formatter, "KemPublicKey({start}…)")
    }
}

serde_as_text!(KemPublicKey);

/// What the sender of an HPKE exchange gives the receiver (`enc`, 1120 bytes).
#[derive(Clone, PartialEq, Eq)]
pub struct EncapsulatedKey(Box<[u8; Self::LENGTH]>);

impl EncapsulatedKey {
    /// Length in bytes.
    pub const LENGTH: usize = 1120;

    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    fn of(key: &EncappedKey) -> Self {
        Self(Box::new(key.to_bytes().into()))
    }

    fn parsed(&self) -> Result<EncappedKey, Unopened> {
        EncappedKey::from_bytes(self.0.as_slice()).map_err(|_| Unopened)
    }
}

impl TryFrom<&[u8]> for EncapsulatedKey {
    type Error = BytesError;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        exact(bytes).map(|bytes| Self(Box::new(bytes)))
    }
}

impl FromStr for EncapsulatedKey {
    type Err = BytesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(decode(text)?.as_slice())
    }
}

impl fmt::Display for EncapsulatedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&encode(self.0.as_slice()))
    }
}

impl fmt::Debug for EncapsulatedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: String = self.to_string().chars().take(16).collect();
        write!(formatter, "EncapsulatedKey({start}…)")
    }
}

serde_as_text!(EncapsulatedKey);

/// A secret that only the two ends of a link know, mixed into the exchange (HPKE's PSK mode).
#[derive(Clone, Copy)]
pub(crate) struct SharedSecret<'a> {
    pub(crate) secret: &'a [u8; 32],
    pub(crate) name: &'a [u8; 16],
}

impl<'a> SharedSecret<'a> {
    fn bundle(self) -> PskBundle<'a> {
        #[expect(
            clippy::expect_used,
            reason = "refused only if one of the two is empty, and both have fixed lengths"
        )]
        PskBundle::new(self.secret, self.name).expect("neither is empty")
    }
}

/// The public key of a seed.
pub(crate) fn public_key(seed: &[u8; 32]) -> KemPublicKey {
    KemPublicKey(Box::new(XWing::sk_to_pk(&private_key(seed))))
}

/// enc ‖ ciphertext ‖ tag in base mode.
pub(crate) fn seal(
    receiver: &KemPublicKey,
    information: &[u8],
    plaintext: &[u8],
    aad: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let (enc, mut context) = sender(receiver, None, information, rng);
    let mut sealed = enc.as_bytes().to_vec();
    #[expect(
        clippy::expect_used,
        reason = "fails only past 2^96 messages or 64 GiB, and this is one short message"
    )]
    sealed.extend(
        context
            .seal(plaintext, aad)
            .expect("the first message of a context"),
    );
    sealed
}

/// Opens what [`seal`] made.
pub(crate) fn open(
    seed: &[u8; 32],
    information: &[u8],
    sealed: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (enc, ciphertext) = sealed
        .split_at_checked(EncapsulatedKey::LENGTH)
        .ok_or(Unopened)?;
    let enc = EncapsulatedKey::try_from(enc).map_err(|_| Unopened)?;
    let mut context = receiver(seed, None, &enc, information)?;
    context
        .open(ciphertext, aad)
        .map(Zeroizing::new)
        .map_err(|_| Unopened)
}

/// Sends to a key and exports 32 bytes that both ends share.
pub(crate) fn export_as_sender(
    receiver: &KemPublicKey,
    shared: Option<SharedSecret<'_>>,
    information: &[u8],
    purpose: &[u8],
    rng: &mut impl CryptoRng,
) -> (EncapsulatedKey, Zeroizing<[u8; 32]>) {
    let (enc, context) = sender(receiver, shared, information, rng);
    let mut secret = Zeroizing::new([0; 32]);
    #[expect(
        clippy::expect_used,
        reason = "HPKE refuses only exports longer than 8160 bytes"
    )]
    context
        .export(purpose, secret.as_mut_slice())
        .expect("32 bytes are few");
    (enc, secret)
}

/// The receiver's side of [`export_as_sender`].
pub(crate) fn export_as_receiver(
    seed: &[u8; 32],
    shared: Option<SharedSecret<'_>>,
    enc: &EncapsulatedKey,
    information: &[u8],
    purpose: &[u8],
) -> Result<Zeroizing<[u8; 32]>, Unopened> {
    let context = receiver(seed, shared, enc, information)?;
    let mut secret = Zeroizing::new([0; 32]);
    context
        .export(purpose, secret.as_mut_slice())
        .map_err(|_| Unopened)?;
    Ok(secret)
}

fn private_key(seed: &[u8; 32]) -> PrivateKey {
    #[expect(
        clippy::expect_used,
        reason = "any 32 bytes are an X-Wing decapsulation key"
    )]
    PrivateKey::from_bytes(seed).expect("32 bytes")
}

fn sender(
    receiver: &KemPublicKey,
    shared: Option<SharedSecret<'_>>,
    information: &[u8],
    rng: &mut impl CryptoRng,
) -> (EncapsulatedKey, AeadCtxS<AesGcm256, HkdfSha256, XWing>) {
    let mode = shared.map_or(OpModeS::Base, |shared| OpModeS::Psk(shared.bundle()));
    #[expect(
        clippy::expect_used,
        reason = "X-Wing encapsulation to a parsed key can't fail"
    )]
    let (enc, context) = hpke::setup_sender_with_rng(&mode, receiver.0.as_ref(), information, rng)
        .expect("a parsed public key");
    (EncapsulatedKey::of(&enc), context)
}

fn receiver(
    seed: &[u8; 32],
    shared: Option<SharedSecret<'_>>,
    enc: &EncapsulatedKey,
    information: &[u8],
) -> Result<AeadCtxR<AesGcm256, HkdfSha256, XWing>, Unopened> {
    let mode = shared.map_or(OpModeR::Base, |shared| OpModeR::Psk(shared.bundle()));
    hpke::setup_receiver(&mode, &private_key(seed), &enc.parsed()?, information)
        .map_err(|_| Unopened)
}
