//! The one key derivation and the one labelled hash of the protocol.

use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Every derived key, hash and signature says which protocol it belongs to.
pub(crate) const PREFIX: &[u8] = b"wicketgate/1 ";

/// HKDF-SHA-256 ([RFC 5869](https://www.rfc-editor.org/rfc/rfc5869)) without salt, with the information
/// `"wicketgate/1 " + purpose ‖ 0x00 ‖ context`.
pub(crate) fn derive(secret: &[u8], purpose: &str, context: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut information = vec![PREFIX, purpose.as_bytes(), &[0]];
    information.extend_from_slice(context);
    let mut key = Zeroizing::new([0; 32]);
    #[expect(
        clippy::expect_used,
        reason = "HKDF-SHA-256 refuses only outputs longer than 8160 bytes"
    )]
    Hkdf::<Sha256>::new(None, secret)
        .expand_multi_info(&information, key.as_mut_slice())
        .expect("32 bytes are few");
    key
}

/// `"wicketgate/1 " + label ‖ 0x00 ‖ parts`: what is hashed, signed or given to HPKE as information.
pub(crate) fn labelled(label: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = [PREFIX, label.as_bytes(), &[0]].concat();
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// SHA-256 of [`labelled`] bytes.
pub(crate) fn labelled_hash(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new()
        .chain_update(PREFIX)
        .chain_update(label)
        .chain_update([0]);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// The first 16 bytes of a digest, for names that are compared by people or carried in URLs.
pub(crate) fn first_half(digest: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}
