//! Making end-to-end links: from an API key alone, or as a signed-in agent.

mod rows;

use std::{ops::Range, time::Duration};

use rand_core::{CryptoRng, Rng};
use wicketgate_crypto::{
    api_key::ApiKey,
    encoding,
    identity::IdentityPublicKey,
    ids::{ChatRef, LinkId, PartnerId},
    inbox::TrustedInbox,
    link::{Fragment, LinkAddress, SealedLink},
    repeat::{RepeatSecret, RepeatedCall},
    vault::{self, Label},
};
use wicketgate_protocol::link::{
    BatchRequest, BatchResponse, BatchResult, GenerateRequest, GenerateResponse, SealedLinkRequest,
};
use zeroize::Zeroizing;

use crate::{
    agent_session::AgentSession,
    backoff::repeated,
    error::Error,
    server::{Bearer, Server},
    system,
    trust::{self, bytes, parsed},
};

pub use rows::LinkFilter;

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
    /// The public name of the chat.
    pub chat_ref: String,
    /// The public name of the link's row.
    pub link_ref: String,
}

/// A program that has nothing but an API key.
#[derive(Debug)]
pub struct ApiClient {
    server: Server,
    bearer: Bearer,
    key: ApiKey,
    repeated: Option<(RepeatSecret, String)>,
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
            repeated: None,
        }
    }

    /// Makes creations repeatable: the same call again, by the same name and from the machine that holds the secret,
    /// finds the links that it made, and they have the same addresses. Another call of that name is refused.
    #[must_use]
    pub fn repeating(self, secret: RepeatSecret, name: &str) -> Self {
        Self {
            repeated: Some((secret, name.to_owned())),
            ..self
        }
    }

    /// Makes an end-to-end link. The partner's keys must be those that the key's last part names: a server that shows
    /// others gets nothing.
    ///
    /// # Errors
    /// [`Error::Untrusted`] for other keys, [`Error::Refused`] where the server won't make the link.
    pub async fn make_link(&self, wish: &LinkWish) -> Result<MadeLink, Error> {
        let inbox = self.inbox().await?;
        let (draft, request) = self.draft(wish, &inbox, 0);
        draft.post(&self.server, &self.bearer, request).await
    }

    /// Makes as many such links as there are places, at most [`ApiClient::MOST_LINKS`], in one call. Without a name each
    /// opens a new chat. What became of each comes in their order: one that was refused keeps no other from being made.
    /// Where calls are [repeatable](Self::repeating), each place has its own link.
    ///
    /// # Errors
    /// As [`make_link`](Self::make_link), where it concerns all of them.
    pub async fn make_links(
        &self,
        wish: &LinkWish,
        places: Range<u64>,
    ) -> Result<Vec<Result<MadeLink, Error>>, Error> {
        let inbox = self.inbox().await?;
        let (drafts, requests): (Vec<_>, Vec<_>) =
            places.map(|place| self.draft(wish, &inbox, place)).unzip();
        let links = requests.iter().map(serde_json::value::to_raw_value);
        let request = BatchRequest {
            links: links.collect::<Result<_, _>>().map_err(|_| {
                Error::Invalid("These links can't be asked for: they make no JSON.".into())
            })?,
        };
        let path = "/api/links/batch";
        let answer: BatchResponse =
            repeated(|| self.server.post(path, Some(&self.bearer), &request)).await?;
        if answer.results.len() != drafts.len() {
            return Err(Error::Strange("it holds another number of links".into()));
        }
        let results = drafts.into_iter().zip(answer.results);
        Ok(results
            .map(|(draft, result)| match result {
                BatchResult::Made(made) => draft.made(made),
                BatchResult::Refused(problem) => Err(Error::Refused(problem)),
            })
            .collect())
    }

    /// The most links that one call makes.
    pub const MOST_LINKS: usize = BatchRequest::MOST;

    fn draft(
        &self,
        wish: &LinkWish,
        inbox: &TrustedInbox,
        place: u64,
    ) -> (Draft, SealedLinkRequest) {
        let Some((secret, name)) = &self.repeated else {
            return drafted(wish, inbox, &mut system::random(), &mut system::random());
        };
        let call = RepeatedCall {
            key: &self.key,
            name,
            place,
        };
        let content: [&[u8]; 5] = [
            &wished_chat(wish.chat_id.as_deref()),
            &wish.lifetime.as_nanos().to_be_bytes(),
            wish.label.as_str().as_bytes(),
            &inbox.epoch().number().to_be_bytes(),
            &inbox.public_key().to_bytes(),
        ];
        drafted(
            wish,
            inbox,
            &mut call.draw_names(),
            &mut secret.draw(&call, &content),
        )
    }

    /// The partner's inbox, proven by the identity that the key names.
    async fn inbox(&self) -> Result<TrustedInbox, Error> {
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
        trust::inbox(&partner.certificate, partner_id, &identity)
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
            chat_ref: made.chat_ref,
            link_ref: made.link_ref,
        })
    }
}

fn drafted(
    wish: &LinkWish,
    inbox: &TrustedInbox,
    names: &mut impl CryptoRng,
    content: &mut impl CryptoRng,
) -> (Draft, SealedLinkRequest) {
    let draft = Draft::new(wish, inbox, names, content);
    let vault = vault::seal_with_api_key(
        draft.link_id,
        &draft.link.secret,
        &wish.label,
        inbox,
        content,
    );
    let request = draft.request(wish, vault);
    (draft, request)
}

/// The chat that is wished for, as it goes into what a repeated call draws: no name is another wish than an empty one.
fn wished_chat(chat_id: Option<&str>) -> Vec<u8> {
    chat_id.map_or_else(|| vec![0], |chat_id| [&[1], chat_id.as_bytes()].concat())
}

fn hours(wish: &LinkWish) -> f64 {
    wish.lifetime.as_secs_f64() / 3_600.0
}

impl AgentSession {
    /// Makes an end-to-end link whose address every agent of the partner can show again.
    ///
    /// # Errors
    /// [`Error::Untrusted`] if the inbox key is out of date, [`Error::Refused`] where the server won't make the link.
    pub async fn make_link(&self, wish: &LinkWish) -> Result<MadeLink, Error> {
        let inbox = self
            .keyring
            .inbox(system::now_seconds())
            .ok_or(Error::Untrusted("the partner's inbox key is out of date"))?;
        let mut rng = system::random();
        let draft = Draft::new(wish, &inbox, &mut system::random(), &mut rng);
        let desk_key = self.keyring.desk_key();
        let vault = vault::seal_as_agent(
            draft.link_id,
            &draft.link.secret,
            &wish.label,
            &desk_key,
            &mut rng,
        );
        let request = draft.request(wish, vault);
        draft.post(&self.server, &self.bearer, request).await
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
    fn new(
        wish: &LinkWish,
        inbox: &TrustedInbox,
        names: &mut impl CryptoRng,
        content: &mut impl CryptoRng,
    ) -> Self {
        let link_id = LinkId::generate(names);
        // The link is bound to the bytes of the name, so they are those that the server keeps.
        let wished = wish.chat_id.as_deref().map(wicketgate_text::line);
        let chat_id = wished.unwrap_or_else(|| new_chat_id(names));
        let chat_ref = ChatRef::derive(inbox.partner(), &chat_id);
        let link = SealedLink::create(link_id, chat_ref, inbox, content);
        Self {
            link_id,
            chat_id,
            chat_ref,
            link,
        }
    }

    fn request(&self, wish: &LinkWish, vault: Vec<u8>) -> SealedLinkRequest {
        SealedLinkRequest {
            link_id: self.link_id.to_string(),
            chat_id: self.chat_id.clone(),
            expiry_hours: Some(hours(wish)),
            epoch: self.link.terms.epoch().number(),
            blob: self.link.blob.as_slice().into(),
            proof_hash: self.link.proof_hash.as_bytes().as_slice().into(),
            vault: vault.into(),
        }
    }

    /// Posts the same bytes until an answer comes: the server gives the same answer to each.
    async fn post(
        self,
        server: &Server,
        bearer: &Bearer,
        request: SealedLinkRequest,
    ) -> Result<MadeLink, Error> {
        let made = repeated(|| server.post("/api/links", Some(bearer), &request)).await?;
        self.made(made)
    }

    /// The link, now that the server knows it.
    fn made(self, made: GenerateResponse) -> Result<MadeLink, Error> {
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
            link_id: self.link_id.to_string(),
            expires_at: made.expires_at.0.millis(),
            chat_id: self.chat_id,
            chat_ref: made.chat_ref,
            link_ref: made.link_ref,
        })
    }
}

fn new_chat_id(names: &mut impl Rng) -> String {
    let mut bytes = [0; 12];
    names.fill_bytes(&mut bytes);
    encoding::encode(&bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_wishes_for_a_chat_draw_the_same() {
        let wishes = [None, Some(""), Some("\0"), Some("\u{1}"), Some("a")];
        let drawn: BTreeSet<_> = wishes.map(wished_chat).into();
        assert_eq!(drawn.len(), wishes.len());
    }
}
