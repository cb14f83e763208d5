//! A link as text: what goes into a QR code, and what comes back out of whatever people paste.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::LinkSecret;
use crate::{encoding::encode, identity::Fingerprint, ids::LinkId};

pub(super) const PATH: &str = "/secure/chat/";
const SEALED: &str = "1.";
const PLAIN: &str = "2.";

/// The text is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no `/secure/chat/` with a link's id in it.
    #[error("not the address of a chat link")]
    Address,
    /// What follows the `#` is missing, cut short or of a kind that is not known here.
    #[error("the part of the link after # is incomplete")]
    Fragment,
    /// There are two different links, or two different secrets in one.
    #[error("two different links in one text")]
    Several,
}

/// What follows the `#` of a link; a browser doesn't send it to the server.
#[derive(Debug, PartialEq, Eq)]
pub enum Fragment {
    /// The secret of a sealed link.
    Sealed(LinkSecret),
    /// The fingerprint of the partner's identity: no secret.
    Plain(Fingerprint),
}

impl Fragment {
    /// The text after the `#`.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Sealed(secret) => format!("{SEALED}{}", encode(secret.expose())),
            Self::Plain(fingerprint) => format!("{PLAIN}{fingerprint}"),
        })
    }

    /// Reads the text after the `#`, and nothing else: [`LinkAddress::parse`] knows what programs do to it.
    ///
    /// # Errors
    /// [`AddressError::Fragment`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (kind, value) = text
            .split_at_checked(SEALED.len())
            .ok_or(AddressError::Fragment)?;
        let fragment = match kind {
            SEALED => value
                .parse()
                .ok()
                .map(|secret: Secret| Self::Sealed(secret.0)),
            PLAIN => value.parse().ok().map(Self::Plain),
            _ => None,
        };
        fragment.ok_or(AddressError::Fragment)
    }

    /// How long a fragment is that begins like this text.
    pub(super) fn length(text: &str) -> Option<usize> {
        match text.get(..SEALED.len())? {
            SEALED => Some(SEALED.len() + 43),
            PLAIN => Some(PLAIN.len() + 22),
            _ => None,
        }
    }
}

/// Reads a [`LinkSecret`] from text. The type itself has no text form, lest it be printed.
struct Secret(LinkSecret);

impl FromStr for Secret {
    type Err = crate::encoding::BytesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        crate::encoding::decode_exact(text)
            .map(LinkSecret::from_bytes)
            .map(Self)
    }
}

/// A whole link: where the server is, which link, and the fragment.
#[derive(PartialEq, Eq)]
pub struct LinkAddress {
    public_url: String,
    link_id: LinkId,
    fragment: Fragment,
    exposed: bool,
}

impl LinkAddress {
    /// Puts a link together. A `/` at the end of `public_url` is left out.
    #[must_use]
    pub fn new(public_url: &str, link_id: LinkId, fragment: Fragment) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            link_id,
            fragment,
            exposed: false,
        }
    }

    /// The server's public URL, without a `/` at its end. It is what was pasted: whoever connects to it parses it.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Which link it is.
    #[must_use]
    pub const fn link_id(&self) -> &LinkId {
        &self.link_id
    }

    /// What follows the `#`.
    #[must_use]
    pub const fn fragment(&self) -> &Fragment {
        &self.fragment
    }

    /// Whether some program wrote `%23` for `#`: opened like that, the link shows its secret to the server.
    #[must_use]
    pub const fn exposed(&self) -> bool {
        self.exposed
    }

    /// The URL, with the secret in it.
    #[must_use]
    pub fn to_url(&self) -> Zeroizing<String> {
        let Self {
            public_url,
            link_id,
            fragment,
            ..
        } = self;
        Zeroizing::new(format!(
            "{public_url}{PATH}{link_id}#{}",
            fragment.to_text().as_str()
        ))
    }

    pub(super) fn found(
        public_url: &str,
        link_id: LinkId,
        fragment: Fragment,
        exposed: bool,
    ) -> Self {
        Self {
            exposed,
            ..Self::new(public_url, link_id, fragment)
        }
    }

    /// Whether both lead to the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.public_url, self.link_id, &self.fragment)
            == (&other.public_url, other.link_id, &other.fragment)
    }
}

impl fmt::Debug for LinkAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LinkAddress")
            .field("public_url", &self.public_url)
            .field("link_id", &self.link_id)
            .field("fragment", &self.fragment)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "AAECAwQFBgcICQoLDA0ODw";
    const SECRET: &str = "1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const FINGERPRINT: &str = "2.8PHy8_T19vf4-fr7_P3-_w";

    fn parse(text: &str) -> LinkAddress {
        LinkAddress::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_link_comes_back_out_of_its_url() {
        for fragment in [SECRET, FINGERPRINT] {
            let url = format!("https://chat.example/secure/chat/{ID}#{fragment}");
            let address = parse(&url);
            assert_eq!(address.to_url().as_str(), url);
            assert_eq!(address.public_url(), "https://chat.example");
            assert!(!address.exposed());
        }
        assert_eq!(
            parse(&format!("http://[::1]:8080/a/secure/chat/{ID}#{SECRET}")).public_url(),
            "http://[::1]:8080/a"
        );
    }

    #[test]
    fn debug_prints_no_secret() {
        assert!(
            !format!(
                "{:?}",
                parse(&format!("https://c/secure/chat/{ID}#{SECRET}"))
            )
            .contains(&SECRET[2..])
        );
    }
}
