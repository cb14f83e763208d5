//! Names of things: newtypes that exist only in their valid form.
//!
//! In text every byte string is base64url without padding (RFC 4648, section 5); a UUID is in its usual hyphenated form.

use crate::time::Timestamp;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::fmt;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroize as _;

/// The text was not a well-formed name of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed identifier")]
pub struct MalformedId;

/// Decodes base64url without padding into exactly `N` bytes.
///
/// # Errors
/// [`MalformedId`] when the text has another alphabet, padding or length, or is not the canonical spelling.
pub fn decode<const N: usize>(text: &str) -> Result<[u8; N], MalformedId> {
    let mut bytes = [0; N];
    if text.len() != (N * 8).div_ceil(6) {
        return Err(MalformedId);
    }
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(length) if length == N => Ok(bytes),
        _ => Err(MalformedId),
    }
}

/// Encodes bytes as base64url without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

macro_rules! public_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The name made of these sixteen bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The sixteen bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                decode(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

public_name! {
    /// The public name of a link's row. Link ids themselves are stored only as hashes.
    LinkRef
}
public_name! {
    /// The public name of a chat, computed by both sides from the partner and the chat's own name.
    ChatRef
}
public_name! {
    /// The public name of an API key.
    KeyRef
}
public_name! {
    /// The public name of a sign-in session.
    SessionRef
}

impl LinkRef {
    /// A name of six bytes of time and ten random ones, so that names made one after the other stand together in an
    /// index. The time is no secret: whoever sees the name sees when the link was made.
    #[must_use]
    pub fn made_at(now: Timestamp, mut random: [u8; 16]) -> Self {
        random[..6].copy_from_slice(&now.millis().to_be_bytes()[2..]);
        Self(random)
    }
}

impl ChatRef {
    /// The first sixteen bytes of `H("wicketgate/1 chat" ‖ 0x00 ‖ partner ‖ chat id)`, as `docs/encryption.md` has it.
    #[must_use]
    pub fn of(partner: PartnerId, chat_id: &str) -> Self {
        let hash = Sha256::new()
            .chain_update(b"wicketgate/1 chat\0")
            .chain_update(partner.as_bytes())
            .chain_update(chat_id.as_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        Self(bytes)
    }
}

macro_rules! uuid_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// The name made of these sixteen bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::str::FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                if text.len() != 36 {
                    return Err(MalformedId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| MalformedId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

uuid_name! {
    /// A partner organisation.
    PartnerId
}
uuid_name! {
    /// An agent: a person of a partner.
    AgentId
}
uuid_name! {
    /// The name that a message's sender gave it, and its idempotency key.
    Cid
}

/// A SHA-256 value. Comparison takes the same time wherever two values differ.
#[derive(Clone, Copy, Hash, Eq)]
#[expect(
    clippy::derived_hash_with_manual_eq,
    reason = "equality is the same relation, only in constant time"
)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A value that was computed before.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The thirty-two bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for Hash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({}…)", encode(&self.0[..6]))
    }
}

/// The secret name of a link, as it stands in the link's address. Never stored, never logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LinkId([u8; 16]);

impl LinkId {
    /// The id made of these sixteen bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads the 22 characters of an address.
    ///
    /// # Errors
    /// [`MalformedId`] for anything but the canonical spelling of sixteen bytes.
    pub fn parse(text: &str) -> Result<Self, MalformedId> {
        decode(text).map(Self)
    }

    /// The 22 characters that go into the address. The name says that the text is a secret.
    #[must_use]
    pub fn reveal(&self) -> String {
        encode(&self.0)
    }

    /// What is stored in its place: SHA-256 of the sixteen bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl fmt::Debug for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkId(redacted)")
    }
}

/// Thirty-two secret bytes that whoever presents them is known by: a session, a seat, a claim, a proof.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// The token made of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 43 characters of base64url.
    ///
    /// # Errors
    /// [`MalformedId`] for anything but the canonical spelling of thirty-two bytes.
    pub fn parse(text: &str) -> Result<Self, MalformedId> {
        decode(text).map(Self)
    }

    /// The text to hand to its holder. The name says that the text is a secret.
    #[must_use]
    pub fn reveal(&self) -> String {
        encode(&self.0)
    }

    /// The secret bytes.
    #[must_use]
    pub const fn reveal_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What is stored in its place.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(redacted)")
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_a_link_id() {
        let id = LinkId::from_bytes([7; 16]);
        let text = id.reveal();
        assert_eq!(text.len(), 22);
        assert_eq!(LinkId::parse(&text), Ok(id));
        for wrong in [
            "",
            "short",
            &format!("{text}="),
            &format!("{}/", &text[..21]),
            &format!("{}x", &text[..21]),
        ] {
            assert_eq!(LinkId::parse(wrong), Err(MalformedId), "{wrong}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(
            format!("{:?}", LinkId::from_bytes([1; 16])),
            "LinkId(redacted)"
        );
        assert_eq!(
            format!("{:?}", Token::from_bytes([1; 32])),
            "Token(redacted)"
        );
    }

    #[test]
    fn names_of_links_grow_with_time() {
        let name = |millis, random| LinkRef::made_at(Timestamp::from_millis(millis), [random; 16]);
        assert!(name(1_750_000_000_255, 255) < name(1_750_000_000_256, 0));
        assert_ne!(name(1_750_000_000_000, 1), name(1_750_000_000_000, 2));
    }

    #[test]
    fn a_uuid_has_one_spelling_length() {
        assert!(
            "0192e4a0-7b1c-7def-8123-456789abcdef"
                .parse::<PartnerId>()
                .is_ok()
        );
        assert!(
            "0192e4a07b1c7def8123456789abcdef"
                .parse::<PartnerId>()
                .is_err()
        );
        assert!(
            "{0192e4a0-7b1c-7def-8123-456789abcdef}"
                .parse::<PartnerId>()
                .is_err()
        );
    }
}
