//! How the fixed-length byte strings of the protocol become types of their own.

/// Defines a public value of fixed length: it prints, compares and serialises as base64url text.
macro_rules! public_bytes {
    ($(#[$meta:meta])* $name:ident, $length:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; $length]);

        impl $name {
            /// Length in bytes.
            pub const LENGTH: usize = $length;

            /// Takes the raw bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The raw bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = $crate::encoding::BytesError;

            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                $crate::encoding::exact(bytes).map(Self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::encoding::BytesError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::encoding::decode_exact(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&$crate::encoding::encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self)
            }
        }

        $crate::newtype::serde_as_text!($name);
    };
}

/// Serialises a type through its `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Defines a secret of fixed length: it prints nothing, is compared in constant time, is wiped when dropped, and can't
/// be cloned by accident.
macro_rules! secret_bytes {
    ($(#[$meta:meta])* $name:ident, $length:literal) => {
        $(#[$meta])*
        pub struct $name(zeroize::Zeroizing<[u8; $length]>);

        impl $name {
            /// Length in bytes.
            pub const LENGTH: usize = $length;

            /// Takes the raw bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(zeroize::Zeroizing::new(bytes))
            }

            /// The raw bytes, for whoever must store or send them.
            #[must_use]
            pub fn expose(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = $crate::encoding::BytesError;

            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                $crate::encoding::exact(bytes).map(Self::from_bytes)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                use subtle::ConstantTimeEq;
                self.0.as_slice().ct_eq(other.0.as_slice()).into()
            }
        }

        impl Eq for $name {}

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

/// Gives a secret a constructor that draws it at random.
macro_rules! random_secret {
    ($name:ident) => {
        impl $name {
            /// Draws a new one.
            #[must_use]
            pub fn generate(rng: &mut impl rand_core::CryptoRng) -> Self {
                let mut secret = Self::from_bytes([0; Self::LENGTH]);
                rng.fill_bytes(secret.0.as_mut_slice());
                secret
            }
        }
    };
}

/// Defines a number that counts one kind of thing.
macro_rules! counter {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(u32);

        impl $name {
            /// Takes the number.
            #[must_use]
            pub const fn new(number: u32) -> Self {
                Self(number)
            }

            /// The number.
            #[must_use]
            pub const fn number(self) -> u32 {
                self.0
            }

            /// The four bytes that go into sealed things, most significant first.
            pub(crate) const fn to_be_bytes(self) -> [u8; 4] {
                self.0.to_be_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

pub(crate) use {counter, public_bytes, random_secret, secret_bytes, serde_as_text};
