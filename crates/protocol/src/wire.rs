//! The scalars of the wire: bytes and instants, and what is said of a field that does not fit.

pub mod length;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use std::{borrow::Cow, fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema, openapi};
use wicketgate_domain::{Timestamp, id};

/// Bytes, as base64url without padding.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl Base64 {
    /// The bytes, if there are exactly `N`.
    ///
    /// # Errors
    /// [`FieldError`] naming the field.
    pub fn exactly<const N: usize>(&self, field: &'static str) -> Result<[u8; N], FieldError> {
        self.0
            .as_slice()
            .try_into()
            .map_err(|_| FieldError::new(field, format!("must be {N} bytes in base64url")))
    }

    /// The bytes, if their number lies in the range.
    ///
    /// # Errors
    /// [`FieldError`] naming the field.
    pub fn within(
        self,
        field: &'static str,
        range: std::ops::RangeInclusive<usize>,
    ) -> Result<Vec<u8>, FieldError> {
        if range.contains(&self.0.len()) {
            return Ok(self.0);
        }
        Err(FieldError::new(
            field,
            format!(
                "must be {} to {} bytes in base64url",
                range.start(),
                range.end()
            ),
        ))
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl fmt::Debug for Base64 {
    /// Says how much there is, not what: some of it is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&id::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        URL_SAFE_NO_PAD
            .decode(text.as_bytes())
            .map(Self)
            .map_err(|_| D::Error::custom("must be base64url without padding"))
    }
}

impl ToSchema for Base64 {}

impl PartialSchema for Base64 {
    fn schema() -> openapi::RefOr<openapi::schema::Schema> {
        openapi::ObjectBuilder::new()
            .schema_type(openapi::schema::Type::String)
            .description(Some(
                "Bytes, as base64url without padding (RFC 4648, section 5).",
            ))
            .pattern(Some("^[A-Za-z0-9_-]*$"))
            .build()
            .into()
    }
}

/// An instant, as RFC 3339 in UTC with three digits after the second: all instants of the wire are equally long, so that
/// they sort as texts do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub Timestamp);

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = jiff::Timestamp::from_millisecond(self.0.millis()).map_err(S::Error::custom)?;
        serializer.collect_str(&format_args!("{at:.3}"))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let at = jiff::Timestamp::from_str(&text).map_err(D::Error::custom)?;
        Ok(Self(Timestamp::from_millis(at.as_millisecond())))
    }
}

impl ToSchema for Instant {}

impl PartialSchema for Instant {
    fn schema() -> openapi::RefOr<openapi::schema::Schema> {
        openapi::ObjectBuilder::new()
            .schema_type(openapi::schema::Type::String)
            .format(Some(openapi::SchemaFormat::KnownFormat(
                openapi::KnownFormat::DateTime,
            )))
            .description(Some(
                "An instant, as RFC 3339 in UTC with three digits after the second.",
            ))
            .examples(["2026-11-30T17:55:33.120Z"])
            .build()
            .into()
    }
}

/// Reads a number that every reader of JSON keeps exactly (RFC 8259, section 6).
///
/// # Errors
/// For a negative one, and beyond 2^53 - 1.
pub fn exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = u64::deserialize(deserializer)?;
    if number <= GREATEST {
        return Ok(number);
    }
    Err(D::Error::custom(format!("must be at most {GREATEST}")))
}

/// The greatest number that is sent or taken.
pub const GREATEST: u64 = (1 << 53) - 1;

/// A field of a request does not hold what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {reason}")]
pub struct FieldError {
    /// The field's name on the wire.
    pub field: Cow<'static, str>,
    /// What would be right: a phrase that goes on from the name.
    pub reason: String,
}

impl FieldError {
    /// A sentence about a field.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl fmt::Display) -> Self {
        Self {
            field: field.into(),
            reason: reason.to_string(),
        }
    }

    /// A sentence about a member or parameter that nobody here knows, with those that are known.
    pub fn unknown(name: &str, kind: &str, known: &[impl AsRef<str>]) -> Self {
        let reason = match known {
            [] => format!("is unknown: this takes no {kind}"),
            known => {
                let known: Vec<_> = known.iter().map(AsRef::as_ref).collect();
                format!("is unknown; the {kind} are {}", known.join(", "))
            }
        };
        Self::new(shown(name), reason)
    }
}

/// A name as someone else spelt it, fit to be repeated: short, and without anything that hides or reorders.
fn shown(name: &str) -> String {
    const LONGEST: usize = 64;
    let plain = |c: char| {
        if c.is_alphanumeric() || "_-.[]$".contains(c) {
            c
        } else {
            '\u{fffd}'
        }
    };
    name.chars().take(LONGEST).map(plain).collect()
}

/// Reads a name of the domain from a field.
///
/// # Errors
/// [`FieldError`] when the text is not one.
pub fn parsed<T: FromStr>(field: &'static str, text: &str) -> Result<T, FieldError> {
    text.parse()
        .map_err(|_| FieldError::new(field, "is not a well-formed identifier"))
}
