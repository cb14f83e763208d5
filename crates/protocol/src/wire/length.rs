//! How long the byte strings of requests are, for the API's document: each type stands for no value but for a schema.
//!
//! Base64url has one spelling for so many bytes: the last letter's spare bits are zero (RFC 4648, section 3.5).

use std::ops::RangeInclusive;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

macro_rules! lengths {
    ($($(#[$doc:meta])* $name:ident = $range:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl ToSchema for $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                bytes(&$range)
            }
        }
    )*};
}

lengths! {
    /// Sixteen bytes: a link's id, a salt.
    Bytes16 = 16..=16;
    /// Thirty-two bytes: a claim, a proof, a hash, a public key.
    Bytes32 = 32..=32;
    /// Sixty-four bytes: a signature.
    Bytes64 = 64..=64;
    /// An encapsulated key of X-Wing.
    Bytes1120 = 1_120..=1_120;
    /// A public key of X-Wing.
    Bytes1216 = 1_216..=1_216;
    /// A wrapped seed.
    BytesTo1024 = 1..=1_024;
    /// A sealed link's blob or vault.
    BytesTo2048 = 1..=2_048;
    /// A sealed keyring.
    BytesTo262144 = 1..=262_144;
}

fn bytes(range: &RangeInclusive<usize>) -> RefOr<Schema> {
    let letters = |bytes: usize| (bytes * 8).div_ceil(6);
    let (fewest, most) = (letters(*range.start()), letters(*range.end()));
    let pattern = if fewest == most {
        match range.start() % 3 {
            0 => format!("^[A-Za-z0-9_-]{{{most}}}$"),
            1 => format!("^[A-Za-z0-9_-]{{{}}}[AQgw]$", most - 1),
            _ => format!("^[A-Za-z0-9_-]{{{}}}[AEIMQUYcgkosw048]$", most - 1),
        }
    } else {
        "^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$".to_owned()
    };
    let (start, end) = (range.start(), range.end());
    let said = if start == end {
        format!("{end} bytes, as base64url without padding (RFC 4648, section 5).")
    } else {
        format!("{start} to {end} bytes, as base64url without padding (RFC 4648, section 5).")
    };
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(said))
        .min_length(Some(fewest))
        .max_length(Some(most))
        .pattern(Some(pattern))
        .build()
        .into()
}
