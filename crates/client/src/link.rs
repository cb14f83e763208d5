//! Making end-to-end links: from an API key alone, or as a signed-in agent.

use std::time::Duration;

use rand_core::Rng;
use wicketgate_crypto::{
    api_key::ApiKey,
    encoding,
    identity::IdentityPublicKey,
    ids::{ChatRef, LinkId, PartnerId},
    inbox::TrustedInbox,
    link::{Fragment, LinkAddress, SealedLink},
    vault::{self, Label},
};
use wicketgate_protocol::link::{GenerateRequest, GenerateResponse, LinkRow, SealedLinkRequest};
use zeroize::Zeroizing;

use crate::{
    ambient,
    backoff::repeated,
    desk::Desk,
    error::Error,
    server::{Bearer, Server},
    trust::{self, bytes, parsed},
};

/// The longest life of a link (thirty days).
pub const LONGEST_LIFETIME: Duration = Duration::from_hours(720);

/// What a link is to be.
#[derive(Debug, Clone)]
pub struct LinkWish {
    /// The partner's own name for the chat; a new one when left out. The server stores it in clear.
    pub chat_id: Option<String>,
    /// How long the link stays valid: one second to thirty days.
    pub lifetime: Duration,
    /// What the partner's people call it. The server can't read it.
    pub label: Label,
}

/// A link that was made. Only this holds its address.
#[derive(Debug)]
pub struct MadeLink {
    /// Its id.
    pub link_id: String,
    /// The whole address, with the secret in its fragment.
    pub url: Zeroizing<String>,
    /// When it stops being valid, in milliseconds since 1970.
    pub expires_at: i64,
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// The public name of the link's row.
    pub link_ref: String,
}

/// A program that has nothing but an API key.
#[derive(Debug)]
pub struct ApiClient {
    server: Server,
    bearer: Bearer,
    key: ApiKey,
}

impl ApiClient {
    /// Uses an API key with a server. Nothing is sent yet.
    #[must_use]
    pub fn new(server: Server, key: ApiKey) -> Self {
        let bearer = Bearer::new(key.bearer());
        Self {
            server,
            bearer,
            key,
        }
    }

    /// Makes an end-to-end link. The partner's keys must be those that the key's last part names: a server that shows
    /// others gets nothing.
    ///
    /// # Errors
    /// [`Error::Untrusted`] for other keys, [`Error::Refused`] where the server won't make the link.
    pub async fn make_link(&self, wish: &LinkWish) -> Result<MadeLink, Error> {
        let pinned = self.key.fingerprint().ok_or(Error::Untrusted(
            "this API key lacks its last part, which names the partner's identity; use the whole key as it was shown",
        ))?;
        let partner = self.server.partner(&self.bearer).await?;
        let identity: IdentityPublicKey = bytes("identity", &partner.identity)?;
        identity.expect_fingerprint(pinned).map_err(|_| {
            Error::Untrusted(
                "the server shows another identity than the one that the API key names",
            )
        })?;
        let partner_id: PartnerId = parsed("partner", &partner.partner_id)?;
        let inbox = trust::inbox(&partner.certificate, partner_id, &identity)?;
        let draft = Draft::new(wish, &inbox);
        let vault = vault::seal_with_api_key(
            draft.link_id,
            &draft.link.secret,
            &wish.label,
            &inbox,
            &mut ambient::random(),
        );
        draft.post(&self.server, &self.bearer, wish, vault).await
    }

    /// Makes a plain link, as a bare call does. Its address names the partner's identity and holds no secret.
    ///
    /// # Errors
    /// [`Error::Refused`] where the server won't make the link, [`Error::Untrusted`] if its address names another
    /// identity than the key.
    pub async fn make_plain_link(&self, wish: &LinkWish) -> Result<MadeLink, Error> {
        let request = GenerateRequest {
            partner_id: None,
            chat_id: wish.chat_id.clone(),
            expiry_hours: Some(hours(wish)),
        };
        let path = "/api/generate-secure-link";
        let made: GenerateResponse = self.server.post(path, Some(&self.bearer), &request).await?;
        let named = match LinkAddress::parse(&made.secure_url)?.fragment() {
            Fragment::Plain(fingerprint) => Some(*fingerprint),
            Fragment::Sealed(_) => None,
        };
        if self
            .key
            .fingerprint()
            .is_some_and(|pinned| named != Some(*pinned))
        {
            return Err(Error::Untrusted(
                "the link names another identity than the API key",
            ));
        }
        Ok(MadeLink {
            link_id: made.link_id,
            url: Zeroizing::new(made.secure_url),
            expires_at: made.expires_at.0.millis(),
            chat_id: made.chat_id,
            link_ref: made.link_ref,
        })
    }

    /// Ends a link that nobody has used.
    ///
    /// # Errors
    /// [`Error::Refused`] with the link's state if it is no longer valid.
    pub async fn revoke(&self, link_ref: &str) -> Result<(), Error> {
        let path = format!("/api/links/{link_ref}/revoke");
        let nothing = serde_json::Map::new();
        let revoked = self
            .server
            .post::<_, LinkRow>(&path, Some(&self.bearer), &nothing);
        revoked.await.map(drop)
    }
}

fn hours(wish: &LinkWish) -> f64 {
    wish.lifetime.as_secs_f64() / 3_600.0
}

impl Desk {
    /// Makes an end-to-end link whose address every agent of the partner can show again.
    ///
    /// # Errors
    /// [`Error::Untrusted`] if the inbox key is out of date, [`Error::Refused`] where the server won't make the link.
    pub async fn make_link(&self, wish: &LinkWish) -> Result<MadeLink, Error> {
        let inbox = self
            .keyring
            .inbox(ambient::now_seconds())
            .ok_or(Error::Untrusted("the partner's inbox key is out of date"))?;
        let draft = Draft::new(wish, &inbox);
        let desk = self.keyring.desk_key();
        let vault = vault::seal_as_agent(
            draft.link_id,
            &draft.link.secret,
            &wish.label,
            &desk,
            &mut ambient::random(),
        );
        draft.post(&self.server, &self.bearer, wish, vault).await
    }
}

/// A link that the server doesn't know yet.
struct Draft {
    link_id: LinkId,
    chat_id: String,
    chat_ref: ChatRef,
    link: SealedLink,
}

impl Draft {
    fn new(wish: &LinkWish, inbox: &TrustedInbox) -> Self {
        let mut rng = ambient::random();
        let chat_id = wish.chat_id.clone().unwrap_or_else(new_chat_id);
        let chat_ref = ChatRef::derive(inbox.partner(), &chat_id);
        let link_id = LinkId::generate(&mut rng);
        let link = SealedLink::create(link_id, chat_ref, inbox, &mut rng);
        Self {
            link_id,
            chat_id,
            chat_ref,
            link,
        }
    }

    /// Posts the same bytes until an answer comes: the server gives the same answer to each.
    async fn post(
        self,
        server: &Server,
        bearer: &Bearer,
        wish: &LinkWish,
        vault: Vec<u8>,
    ) -> Result<MadeLink, Error> {
        let request = SealedLinkRequest {
            link_id: self.link_id.to_string(),
            chat_id: self.chat_id,
            expiry_hours: Some(hours(wish)),
            epoch: self.link.terms.epoch().number(),
            blob: self.link.blob.as_slice().into(),
            proof_hash: self.link.proof_hash.as_bytes().as_slice().into(),
            vault: vault.into(),
        };
        let made: GenerateResponse =
            repeated(|| server.post("/api/links", Some(bearer), &request)).await?;
        let path = format!("/secure/chat/{}", self.link_id);
        let public_url = made.secure_url.strip_suffix(&path);
        let public_url =
            public_url.ok_or_else(|| Error::Strange("its address is not the link's".into()))?;
        if made.chat_ref != self.chat_ref.to_string() {
            return Err(Error::Untrusted(
                "the server attached the link to another chat",
            ));
        }
        Ok(MadeLink {
            url: self.link.address(public_url).to_url(),
            link_id: request.link_id,
            expires_at: made.expires_at.0.millis(),
            chat_id: request.chat_id,
            link_ref: made.link_ref,
        })
    }
}

fn new_chat_id() -> String {
    let mut bytes = [0; 12];
    ambient::random().fill_bytes(&mut bytes);
    encoding::encode(&bytes)
}
