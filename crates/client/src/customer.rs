//! A customer: looks at a link without changing anything, redeems it once, and holds the seat.

use wicketgate_crypto::{
    identity::IdentityPublicKey,
    ids::{ChatRef, LinkId, PartnerId},
    inbox::TrustedInbox,
    link::{Fragment, LinkAddress, LinkTerms},
    seat::{Handshake, Redemption, SeatRoot},
    words,
};
use wicketgate_protocol::{
    chat::SeatView,
    link::{
        CredentialKind, Door, DoorRequest, Handshake as WireHandshake, Kind, State,
        ValidateRequest, ValidateResponse,
    },
};
use zeroize::Zeroizing;

use crate::{
    backoff::repeated,
    error::Error,
    server::{Bearer, Server},
    system,
    trust::{self, bytes, parsed},
};

/// A link that was looked at. It is still unused.
#[derive(Debug)]
pub struct Invitation {
    server: Server,
    link_id: LinkId,
    partner: PartnerId,
    partner_name: String,
    expires_at: Option<i64>,
    keys: Keys,
}

/// What the link vouches for.
#[derive(Debug)]
enum Keys {
    Sealed(Box<LinkTerms>),
    Plain(Box<TrustedInbox>, ChatRef),
}

impl Invitation {
    /// Finds a link in text as people paste it, asks its server where it stands, and checks the keys that it vouches
    /// for. The link stays as it is.
    ///
    /// # Errors
    /// [`Error::Address`] if the text holds no whole link, [`Error::Link`] if it can't be redeemed, [`Error::Untrusted`]
    /// if the server shows other keys than the link.
    pub async fn look(text: &str) -> Result<Self, Error> {
        let address = LinkAddress::parse(text)?;
        let server = Server::at(address.public_url())?;
        let link_id = *address.link_id();
        let request = DoorRequest {
            link_id: link_id.to_string(),
        };
        let door: Door = repeated(|| server.post("/api/links/door", None, &request)).await?;
        if door.state != State::Valid {
            return Err(Error::Link(door.state));
        }
        let partner = parsed("partner", required("partner", door.partner_id.as_ref())?)?;
        Ok(Self {
            keys: Keys::checked(&door, address.fragment(), &link_id, partner)?,
            server,
            link_id,
            partner,
            partner_name: door.partner_name.unwrap_or_default(),
            expires_at: door.expires_at.map(|at| at.0.millis()),
        })
    }

    /// Who invites.
    #[must_use]
    pub fn partner_name(&self) -> &str {
        &self.partner_name
    }

    /// When the link stops being valid, in milliseconds since 1970.
    #[must_use]
    pub const fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Whether the link itself proves the partner's keys.
    #[must_use]
    pub const fn is_verified_by_link(&self) -> bool {
        matches!(self.keys, Keys::Sealed(_))
    }

    /// Redeems the link: the one act that uses it. A lost answer is asked for again with the same claim, so it ends in
    /// the same seat. Before that it makes sure that a conversation is possible from here: plain calls in both directions
    /// are all that it takes.
    ///
    /// # Errors
    /// [`Error::NoWay`] if nothing could be said afterwards: the link stays as it is. [`Error::Refused`] with the link's
    /// state if somebody was faster.
    pub async fn redeem(self) -> Result<Customer, Error> {
        repeated(|| self.server.answers())
            .await
            .map_err(|error| Error::NoWay(error.cause()))?;
        let mut rng = system::random();
        let redemption = match &self.keys {
            Keys::Sealed(terms) => Redemption::sealed(terms, &mut rng),
            Keys::Plain(inbox, chat_ref) => {
                Redemption::plain(&self.link_id, chat_ref, inbox, &mut rng)
            }
        };
        let request = ValidateRequest {
            link_id: self.link_id.to_string(),
            claim: Some(redemption.claim.expose().as_slice().into()),
            proof: redemption
                .proof
                .as_ref()
                .map(|proof| proof.expose().as_slice().into()),
            handshake: Some(WireHandshake {
                epoch: redemption.handshake.epoch.number(),
                enc: redemption.handshake.enc.as_bytes().as_slice().into(),
            }),
            credential: Some(CredentialKind::Bearer),
        };
        let answer: ValidateResponse = repeated(|| {
            self.server
                .post("/api/validate-secure-link", None, &request)
        })
        .await?;
        self.seated(redemption, answer)
    }

    fn seated(self, redemption: Redemption, answer: ValidateResponse) -> Result<Customer, Error> {
        let chat_ref = *self.keys.chat_ref();
        let partner: PartnerId = parsed("partner", &answer.partner_id)?;
        if answer.chat_ref != chat_ref.to_string() || partner != self.partner {
            return Err(Error::Untrusted(
                "the server opened another chat than the link's",
            ));
        }
        trust::same_chat(&chat_ref, partner, &answer.chat_id)?;
        let token = answer
            .token
            .ok_or_else(|| Error::Strange("it holds no seat".into()))?;
        Ok(Customer {
            is_verified_by_link: self.is_verified_by_link(),
            server: self.server,
            bearer: Bearer::new(Zeroizing::new(token)),
            partner_name: self.partner_name,
            chat_id: answer.chat_id,
            chat_ref,
            seat: answer.seat,
            first_seq: answer.first_seq,
            handshake: redemption.handshake,
            root: redemption.root,
        })
    }
}

impl Keys {
    /// Checks the keys that the server shows against the link.
    fn checked(
        door: &Door,
        fragment: &Fragment,
        link_id: &LinkId,
        partner: PartnerId,
    ) -> Result<Self, Error> {
        let chat_ref: ChatRef = parsed("chat", required("chat", door.chat_ref.as_ref())?)?;
        match (fragment, door.kind) {
            (Fragment::Sealed(secret), Some(Kind::Sealed)) => {
                let blob = required("blob", door.blob.as_ref())?;
                let terms = LinkTerms::open(link_id, secret, &blob.0).map_err(|_| {
                    Error::Untrusted(
                        "the server's keys are not the ones that the link was made with",
                    )
                })?;
                if *terms.chat_ref() != chat_ref {
                    return Err(Error::Untrusted(
                        "the server attached the link to another chat",
                    ));
                }
                Ok(Self::Sealed(Box::new(terms)))
            }
            (Fragment::Plain(pinned), Some(Kind::Plain)) => {
                let identity: IdentityPublicKey =
                    bytes("identity", required("identity", door.identity.as_ref())?)?;
                identity.expect_fingerprint(pinned).map_err(|_| {
                    Error::Untrusted("the server shows another identity than the link")
                })?;
                let certificate = required("certificate", door.certificate.as_ref())?;
                Ok(Self::Plain(
                    Box::new(trust::inbox(certificate, partner, &identity)?),
                    chat_ref,
                ))
            }
            _ => Err(Error::Untrusted(
                "the address and the server disagree on what kind of link this is",
            )),
        }
    }

    fn chat_ref(&self) -> &ChatRef {
        match self {
            Self::Sealed(terms) => terms.chat_ref(),
            Self::Plain(_, chat_ref) => chat_ref,
        }
    }
}

/// Who holds a seat. Its keys are in memory only: once this is dropped, the chat can't be read from here again.
#[derive(Debug)]
pub struct Customer {
    pub(crate) server: Server,
    pub(crate) bearer: Bearer,
    pub(crate) chat_id: String,
    pub(crate) chat_ref: ChatRef,
    pub(crate) seat: u32,
    pub(crate) first_seq: u64,
    pub(crate) handshake: Handshake,
    pub(crate) root: SeatRoot,
    partner_name: String,
    is_verified_by_link: bool,
}

impl Customer {
    /// Who invited.
    #[must_use]
    pub fn partner_name(&self) -> &str {
        &self.partner_name
    }

    /// The partner's own name for the chat.
    #[must_use]
    pub fn chat_id(&self) -> &str {
        &self.chat_id
    }

    /// Whether the link itself proved the partner's keys.
    #[must_use]
    pub const fn is_verified_by_link(&self) -> bool {
        self.is_verified_by_link
    }

    /// Six words that both sides see. If they are the same when read out, nobody sits between them.
    #[must_use]
    pub fn words(&self) -> [&'static str; words::WORDS] {
        words::words(&self.root)
    }
}

#[cfg(test)]
impl Customer {
    /// A first seat from its keys alone.
    pub(crate) fn for_test(
        server: Server,
        bearer: Bearer,
        chat_ref: ChatRef,
        redemption: Redemption,
    ) -> Self {
        Self {
            server,
            bearer,
            chat_id: String::new(),
            chat_ref,
            seat: 1,
            first_seq: 1,
            handshake: redemption.handshake,
            root: redemption.root,
            partner_name: String::new(),
            is_verified_by_link: true,
        }
    }
}

/// A seat as the server has it.
pub(crate) async fn view(server: &Server, bearer: &Bearer, chat: &str) -> Result<SeatView, Error> {
    server
        .get(&format!("/api/chats/{chat}/seat"), Some(bearer))
        .await
}

fn required<'a, T: ?Sized>(name: &'static str, value: Option<&'a T>) -> Result<&'a T, Error> {
    value.ok_or_else(|| Error::Strange(format!("it lacks the {name}")))
}
