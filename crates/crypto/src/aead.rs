//! AES-256-GCM with a random nonce in front: the one way to seal under a symmetric key.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Length of a nonce in bytes.
pub(crate) const NONCE_LENGTH: usize = 12;

/// Length of a tag in bytes.
pub(crate) const TAG_LENGTH: usize = 16;

/// The key is wrong, or the bytes are not what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unopened;

/// nonce ‖ ciphertext ‖ tag, with a nonce from `rng`.
pub(crate) fn seal(
    key: &[u8; 32],
    plaintext: &[u8],
    aad: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let mut nonce = [0; NONCE_LENGTH];
    rng.fill_bytes(&mut nonce);
    let mut sealed = nonce.to_vec();
    sealed.extend(seal_detached(key, &nonce, plaintext, aad));
    sealed
}

/// Opens what [`seal`] made.
pub(crate) fn open(
    key: &[u8; 32],
    sealed: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (nonce, ciphertext) = sealed.split_first_chunk().ok_or(Unopened)?;
    open_detached(key, nonce, ciphertext, aad)
}

/// ciphertext ‖ tag under a nonce that the caller uses once with this key.
pub(crate) fn seal_detached(
    key: &[u8; 32],
    nonce: &[u8; NONCE_LENGTH],
    plaintext: &[u8],
    aad: &[u8],
) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "AES-GCM refuses only more than 64 GiB, which no caller has in memory"
    )]
    Aes256Gcm::new(key.into())
        .encrypt(
            nonce.into(),
            Payload {
                msg: plaintext,
                aad,
            },
        )
        .expect("a short plaintext")
}

/// Opens what [`seal_detached`] made.
pub(crate) fn open_detached(
    key: &[u8; 32],
    nonce: &[u8; NONCE_LENGTH],
    ciphertext: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    Aes256Gcm::new(key.into())
        .decrypt(
            nonce.into(),
            Payload {
                msg: ciphertext,
                aad,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| Unopened)
}
