//! The vault: a link's secret and label, kept by the server so that any agent can read them and nobody else.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    aead,
    encoding::{Malformed, Reader},
    identity::DeskKey,
    ids::{ChatRef, Epoch, LinkHash, LinkId},
    inbox::TrustedInbox,
    kem,
    keyring::Keyring,
    link::{LinkSecret, LinkTerms},
};

const VERSION: u8 = 1;
const DESK: u8 = 1;
const INBOX: u8 = 2;
const INFORMATION: &[u8] = b"wicketgate/1 vault";

/// Why a vault was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The bytes are no vault of a version and kind that is known here.
    #[error("not a vault")]
    Malformed,
    /// It doesn't open: it belongs to another link or partner, or was changed.
    #[error("the vault does not open")]
    Unopened,
    /// The keyring has no key of the vault's epoch any more.
    #[error("the key of this vault was destroyed")]
    NoKey,
    /// It names another link than the one it was kept with.
    #[error("the vault belongs to another link")]
    OtherLink,
    /// The link's blob doesn't belong to the vault, or leads to another chat.
    #[error("the link is not the one that the vault was made for")]
    OtherTerms,
    /// The link was made for keys that the partner doesn't have.
    #[error("the link was made for other keys than the partner's")]
    OtherKeys,
}

impl From<Malformed> for VaultError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// What a partner's people call a link ("table 4"), at most 200 bytes. The server can't read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Label(Zeroizing<String>);

impl Label {
    /// The greatest length in bytes.
    pub const MAXIMUM: usize = 200;

    /// Takes a label, which may be empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() <= Self::MAXIMUM).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Label {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Label(…)")
    }
}

/// Who sealed a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Someone with the desk key.
    Agent,
    /// A program with only an API key, or anyone who knows the inbox key: such a link is re-issued, not shown again.
    ApiKey,
}

/// A link's id, secret and label.
#[derive(Debug, PartialEq, Eq)]
pub struct Vault {
    /// Which link.
    pub link_id: LinkId,
    /// The link's secret.
    pub secret: LinkSecret,
    /// What the partner's people call it.
    pub label: Label,
    /// Who sealed it.
    pub maker: Maker,
}

/// Seals a link's secret and label for a partner's agents, by one of them.
#[must_use]
pub fn seal_as_agent(
    link_id: LinkId,
    secret: &LinkSecret,
    label: &Label,
    desk: &DeskKey,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let mut vault = vec![VERSION, DESK];
    vault.extend(aead::seal(
        desk.expose(),
        &encode(link_id, secret, label),
        link_id.hash().as_bytes(),
        rng,
    ));
    vault
}

/// Seals a link's secret and label for a partner's agents, by a program that has only an API key.
#[must_use]
pub fn seal_with_api_key(
    link_id: LinkId,
    secret: &LinkSecret,
    label: &Label,
    inbox: &TrustedInbox,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let mut vault = vec![VERSION, INBOX];
    vault.extend(inbox.epoch.to_be_bytes());
    let plain = encode(link_id, secret, label);
    vault.extend(kem::seal(
        &inbox.public_key,
        INFORMATION,
        &plain,
        link_id.hash().as_bytes(),
        rng,
    ));
    vault
}

impl Vault {
    /// Opens the vault of the link whose hash is `link`.
    ///
    /// # Errors
    /// Says whether the layout, the key or the link was wrong.
    pub fn open(vault: &[u8], link: &LinkHash, keyring: &Keyring) -> Result<Self, VaultError> {
        let mut reader = Reader::new(vault);
        if reader.u8()? != VERSION {
            return Err(VaultError::Malformed);
        }
        let (maker, plain) = match reader.u8()? {
            DESK => (
                Maker::Agent,
                aead::open(keyring.desk_key().expose(), reader.rest(), link.as_bytes()),
            ),
            INBOX => {
                let epoch = keyring
                    .epoch(Epoch::new(reader.u32()?))
                    .ok_or(VaultError::NoKey)?;
                (
                    Maker::ApiKey,
                    kem::open(
                        epoch.seed().expose(),
                        INFORMATION,
                        reader.rest(),
                        link.as_bytes(),
                    ),
                )
            }
            _ => return Err(VaultError::Malformed),
        };
        let opened = decode(maker, &plain.map_err(|_| VaultError::Unopened)?)?;
        if opened.link_id.hash() == *link {
            Ok(opened)
        } else {
            Err(VaultError::OtherLink)
        }
    }

    /// Opens the link's blob too and checks it against the vault, the chat and the partner's own keys. Until then the
    /// link must not be shown: it could lead customers to somebody else's key.
    ///
    /// # Errors
    /// [`VaultError::OtherTerms`] or [`VaultError::OtherKeys`].
    pub fn check(
        &self,
        blob: &[u8],
        chat_ref: &ChatRef,
        keyring: &Keyring,
    ) -> Result<LinkTerms, VaultError> {
        let terms = LinkTerms::open(&self.link_id, &self.secret, blob)
            .map_err(|_| VaultError::OtherTerms)?;
        if terms.chat_ref() != chat_ref {
            return Err(VaultError::OtherTerms);
        }
        let own_inbox = keyring
            .epoch(terms.epoch())
            .is_some_and(|epoch| epoch.seed().public_key() == *terms.inbox());
        if own_inbox
            && keyring
                .identities()
                .any(|identity| identity == *terms.identity())
        {
            Ok(terms)
        } else {
            Err(VaultError::OtherKeys)
        }
    }
}

fn encode(link_id: LinkId, secret: &LinkSecret, label: &Label) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(48 + label.0.len()));
    plain.extend_from_slice(link_id.as_bytes());
    plain.extend_from_slice(secret.expose());
    plain.extend_from_slice(label.0.as_bytes());
    plain
}

fn decode(maker: Maker, plain: &[u8]) -> Result<Vault, VaultError> {
    let mut reader = Reader::new(plain);
    let link_id = LinkId::from_bytes(reader.array()?);
    let secret = LinkSecret::from_bytes(reader.array()?);
    let text = std::str::from_utf8(reader.rest()).map_err(|_| VaultError::Malformed)?;
    let label = Label::parse(text).ok_or(VaultError::Malformed)?;
    Ok(Vault {
        link_id,
        secret,
        label,
        maker,
    })
}
