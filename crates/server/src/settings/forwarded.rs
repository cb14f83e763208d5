//! The header in which a trusted proxy says whom it speaks for.

use http::HeaderName;
use std::str::FromStr;

const STANDARD: HeaderName = HeaderName::from_static("forwarded");

/// The one header from which the client's address is read. Any other that could hold one is ignored: a proxy passes on
/// what it does not set itself, so whoever calls could write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardedHeader(HeaderName);

/// The text is no header's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a header, like x-forwarded-for, forwarded or x-real-ip")]
pub struct NotHeader;

impl FromStr for ForwardedHeader {
    type Err = NotHeader;

    fn from_str(text: &str) -> Result<Self, NotHeader> {
        text.parse().map(Self).map_err(|_| NotHeader)
    }
}

impl ForwardedHeader {
    /// What most proxies send.
    pub const USUAL: Self = Self(HeaderName::from_static("x-forwarded-for"));

    /// The header's name.
    #[must_use]
    pub const fn name(&self) -> &HeaderName {
        &self.0
    }

    /// Whether it is written as RFC 7239 says (`for=192.0.2.1;proto=https`) and not as plain addresses.
    #[must_use]
    pub fn is_standard(&self) -> bool {
        self.0 == STANDARD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_header_can_be_named_in_any_case() {
        for name in [
            "X-Forwarded-For",
            "forwarded",
            "X-Real-IP",
            "CF-Connecting-IP",
        ] {
            let header: ForwardedHeader = name.parse().unwrap();
            assert_eq!(header.name().as_str(), name.to_lowercase());
            assert_eq!(header.is_standard(), name == "forwarded");
        }
        for wrong in ["", "x forwarded", "x-forwarded-for:", "für", "a,b"] {
            assert_eq!(wrong.parse::<ForwardedHeader>(), Err(NotHeader), "{wrong}");
        }
    }
}
