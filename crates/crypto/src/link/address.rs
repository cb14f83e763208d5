//! A link as text: what goes into a QR code, and what comes back out of whatever people paste.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

use super::LinkSecret;
use crate::{encoding::encode, identity::Fingerprint, ids::LinkId};

const PATH: &str = "/secure/chat/";
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

    /// Reads the text after the `#`. What some program appended to it (`?utm_source=…`, `&fbclid=…`) is left out.
    ///
    /// # Errors
    /// [`AddressError::Fragment`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (kind, rest) = text
            .split_at_checked(SEALED.len())
            .ok_or(AddressError::Fragment)?;
        let value = word(rest);
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

    /// Finds a link in pasted text. Mail programs and messengers write `%23` or `%2523` for `#`, append parameters
    /// before or after the fragment, and put brackets or a full stop around the whole: none of that matters.
    ///
    /// # Errors
    /// Says whether the address or its fragment is wrong.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (before, after) = text.split_once(PATH).ok_or(AddressError::Address)?;
        let start = before
            .rfind("https://")
            .or_else(|| before.rfind("http://"))
            .ok_or(AddressError::Address)?;
        let public_url = &before[start..];
        let host = public_url.split_once("://").map_or("", |(_, host)| host);
        if host.is_empty()
            || host.contains(|character: char| {
                character.is_whitespace() || "?#<>\"".contains(character)
            })
        {
            return Err(AddressError::Address);
        }
        let id = word(after);
        let link_id = id.parse().map_err(|_| AddressError::Address)?;
        let (fragment, exposed) = fragment_of(&after[id.len()..]).ok_or(AddressError::Fragment)?;
        let fragment = Fragment::parse(fragment)?;
        Ok(Self {
            exposed,
            ..Self::new(public_url, link_id, fragment)
        })
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

/// The leading run of base64url characters.
fn word(text: &str) -> &str {
    let end = text
        .find(|character: char| !(character.is_ascii_alphanumeric() || "-_".contains(character)));
    &text[..end.unwrap_or(text.len())]
}

/// What follows the first of the ways to write `#`, and whether it was an escaped one.
fn fragment_of(text: &str) -> Option<(&str, bool)> {
    ["#", "%23", "%2523", "%252523"]
        .iter()
        .filter_map(|mark| text.find(mark).map(|place| (place, mark)))
        .min_by_key(|(place, mark)| (*place, mark.len()))
        .map(|(place, mark)| (&text[place + mark.len()..], *mark != "#"))
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
    fn what_programs_do_to_links_does_no_harm() {
        let clean = format!("https://chat.example/secure/chat/{ID}#{SECRET}");
        for text in [
            format!("https://chat.example/secure/chat/{ID}?utm_source=mail#{SECRET}"),
            format!("https://chat.example/secure/chat/{ID}/#{SECRET}"),
            format!("https://chat.example/secure/chat/{ID}#{SECRET}?utm_source=mail"),
            format!("https://chat.example/secure/chat/{ID}#{SECRET}&fbclid=x%23y"),
            format!("Here: <https://chat.example/secure/chat/{ID}#{SECRET}>.\n"),
            format!("https://chat.example/secure/chat/{ID}#{SECRET}."),
        ] {
            assert_eq!(parse(&text).to_url().as_str(), clean, "{text}");
            assert!(!parse(&text).exposed(), "{text}");
        }
        for text in [
            format!("https://chat.example/secure/chat/{ID}%23{SECRET}"),
            format!("https://chat.example/secure/chat/{ID}%2523{SECRET}&x=1"),
            format!("https://chat.example/secure/chat/{ID}?utm=1%23{SECRET}%3Futm_source%3Dmail"),
        ] {
            assert_eq!(parse(&text).to_url().as_str(), clean, "{text}");
            assert!(parse(&text).exposed(), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_link() {
        for (text, error) in [
            (String::new(), AddressError::Address),
            (format!("/secure/chat/{ID}#{SECRET}"), AddressError::Address),
            (
                format!("https:///secure/chat/{ID}#{SECRET}"),
                AddressError::Address,
            ),
            (
                format!("https://a b/secure/chat/{ID}#{SECRET}"),
                AddressError::Address,
            ),
            (
                "https://chat.example/secure/chat/abc#1.x".to_owned(),
                AddressError::Address,
            ),
            (
                format!("https://chat.example/secure/chat/{ID}"),
                AddressError::Fragment,
            ),
            (
                format!("https://chat.example/secure/chat/{ID}#"),
                AddressError::Fragment,
            ),
            (
                format!("https://chat.example/secure/chat/{ID}#é"),
                AddressError::Fragment,
            ),
            (
                format!("https://chat.example/secure/chat/{ID}#3.abc"),
                AddressError::Fragment,
            ),
            (
                format!("https://chat.example/secure/chat/{ID}#{}", &SECRET[..44]),
                AddressError::Fragment,
            ),
            (
                format!("https://chat.example/secure/chat/{ID}#{SECRET}A"),
                AddressError::Fragment,
            ),
        ] {
            assert_eq!(LinkAddress::parse(&text), Err(error), "{text}");
        }
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
