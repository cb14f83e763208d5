//! The names of things: partner, agent, chat, link, message; and the counters of epoch, generation and seat.

use std::{fmt, str::FromStr};

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    kdf,
    newtype::{counter, public_bytes, serde_as_text},
};

/// Defines a 16-byte name whose text form is that of a UUID.
macro_rules! uuid_name {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID of any version.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// The 16 bytes that go into sealed and signed things.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Takes the 16 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        serde_as_text!($name);
    };
}

uuid_name! {
    /// Names a partner: the side that makes links.
    PartnerId
}

uuid_name! {
    /// Names one of a partner's agents.
    AgentId
}

uuid_name! {
    /// Names a message (`cid`). The sender makes it; it also is the idempotency key.
    MessageId
}

impl MessageId {
    /// Makes a version-7 UUID ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)) from the time in
    /// milliseconds since 1970 and 74 random bits.
    #[must_use]
    pub fn generate(unix_milliseconds: u64, rng: &mut impl CryptoRng) -> Self {
        let mut random = [0; 10];
        rng.fill_bytes(&mut random);
        Self(uuid::Builder::from_unix_timestamp_millis(unix_milliseconds, &random).into_uuid())
    }
}

public_bytes! {
    /// Names a chat towards the server: a hash of partner and chat id, so that both sides compute it and a server can't
    /// attach a link to another chat.
    ChatRef, 16
}

impl ChatRef {
    /// Computes the reference of a partner's chat.
    #[must_use]
    pub fn derive(partner: PartnerId, chat_id: &str) -> Self {
        let digest = kdf::labelled_hash("chat", &[partner.as_bytes(), chat_id.as_bytes()]);
        Self(kdf::first_half(&digest))
    }
}

public_bytes! {
    /// Names a link. Whoever makes the link draws it, so that a repeated request is recognised.
    LinkId, 16
}

impl LinkId {
    /// Draws a new one.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The hash under which the server keeps the link.
    #[must_use]
    pub fn hash(&self) -> LinkHash {
        LinkHash(Sha256::digest(self.0).into())
    }
}

public_bytes! {
    /// SHA-256 of a link's id: the name by which the server and a vault know the link.
    LinkHash, 32
}

counter! {
    /// Counts a partner's inbox keys.
    Epoch
}

counter! {
    /// Counts the versions of a partner's keyring. A client accepts none lower than it has seen.
    Generation
}

counter! {
    /// Counts the seats of a chat: each redeemed link opens one.
    SeatNumber
}
