//! API keys as text: `wg_{id}.{secret}`, with the partner's fingerprint behind it for clients that seal.

use std::fmt;

use zeroize::Zeroizing;

use crate::identity::Fingerprint;

const PREFIX: &str = "wg_";
const ID_LENGTH: usize = 12;
const SECRET_LENGTH: usize = 32;

/// The text is no API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an API key")]
pub struct ApiKeyError;

/// An API key. The server is sent its first two parts; the third says which identity the client accepts.
#[derive(PartialEq, Eq)]
pub struct ApiKey {
    id: String,
    secret: Zeroizing<String>,
    fingerprint: Option<Fingerprint>,
}

impl ApiKey {
    /// Reads a key in either form. Spaces around it are left out.
    ///
    /// # Errors
    /// [`ApiKeyError`].
    pub fn parse(text: &str) -> Result<Self, ApiKeyError> {
        let mut parts = text
            .trim()
            .strip_prefix(PREFIX)
            .ok_or(ApiKeyError)?
            .split('.');
        let id = part(parts.next(), ID_LENGTH)?.to_owned();
        let secret = Zeroizing::new(part(parts.next(), SECRET_LENGTH)?.to_owned());
        let fingerprint = parts
            .next()
            .map(str::parse)
            .transpose()
            .map_err(|_| ApiKeyError)?;
        if parts.next().is_some() {
            Err(ApiKeyError)
        } else {
            Ok(Self {
                id,
                secret,
                fingerprint,
            })
        }
    }

    /// The public name of the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The identity that the client accepts, if the key says so.
    #[must_use]
    pub const fn fingerprint(&self) -> Option<&Fingerprint> {
        self.fingerprint.as_ref()
    }

    /// The same key, accepting only this identity: done once, by the client that made the key.
    #[must_use]
    pub fn pinned_to(self, fingerprint: Fingerprint) -> Self {
        Self {
            fingerprint: Some(fingerprint),
            ..self
        }
    }

    /// What the server is sent: the first two parts.
    #[must_use]
    pub fn bearer(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}.{}", self.id, self.secret.as_str()))
    }

    /// The whole key as it is shown once.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let bearer = self.bearer();
        match &self.fingerprint {
            Some(fingerprint) => Zeroizing::new(format!("{}.{fingerprint}", bearer.as_str())),
            None => bearer,
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiKey")
            .field("id", &self.id)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
impl ApiKey {
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }
}

fn part(text: Option<&str>, length: usize) -> Result<&str, ApiKeyError> {
    let in_alphabet =
        |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    text.filter(|text| text.len() == length && text.chars().all(in_alphabet))
        .ok_or(ApiKeyError)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: &str = "wg_abcdefghij-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    #[test]
    fn both_forms_are_read() {
        let bare = ApiKey::parse(BARE).unwrap();
        assert_eq!((bare.id(), bare.fingerprint()), ("abcdefghij-_", None));
        let pinned = bare.pinned_to(Fingerprint::from_bytes([9; 16]));
        assert_eq!(
            pinned.to_text().as_str(),
            format!("{BARE}.CQkJCQkJCQkJCQkJCQkJCQ")
        );
        assert_eq!(pinned.bearer().as_str(), BARE);
        assert_eq!(
            ApiKey::parse(&format!(" {}\n", pinned.to_text().as_str())),
            Ok(pinned)
        );
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "wg_",
            &BARE[..47],
            &BARE[3..],
            &format!("{BARE}x"),
            &format!("{BARE}."),
            &format!("{BARE}.short"),
            &format!("{BARE}.CQkJCQkJCQkJCQkJCQkJCQ.x"),
            &BARE.replace('-', "é"),
        ] {
            assert_eq!(ApiKey::parse(text), Err(ApiKeyError), "{text}");
        }
    }
}
