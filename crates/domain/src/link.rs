//! One-time links: what they are, where they stand, and what a caller asks a new one to be. Which are made, redeemed and
//! revoked is decided in [`crate::decide::link`].

use crate::{
    actor::Actor,
    device::Device,
    id::{ChatRef, Hash, LinkId, LinkRef, PartnerId, Token},
    key::{Principal, Scope},
    seat::{Handshake, SeatClosed, SeatGrant},
    store_error::StoreError,
    text::ChatId,
    time::{Lifetime, Timestamp},
};

/// Where a link stands. "Not found" is no state of a link but the absence of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// It opens its chat.
    Valid,
    /// It was redeemed.
    Used,
    /// Its time passed before anyone used it.
    Expired,
    /// The partner ended it unused.
    Revoked,
}

/// What a link is made of beside its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkKind {
    /// Made by the bare call; redeemed by its id alone.
    Plain,
    /// Made by a client that holds keys; its address also carries a secret that the server never sees.
    Sealed(Sealed),
}

/// The parts of a sealed link that the server keeps and cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The inbox epoch whose key the link vouches for.
    pub epoch: u32,
    /// The keys that the link vouches for, encrypted under the fragment's secret.
    pub blob: Vec<u8>,
    /// SHA-256 of the proof that redeeming takes.
    pub proof_hash: Hash,
    /// The whole address and its label, encrypted to the partner's agents.
    pub vault: Vec<u8>,
}

impl Sealed {
    /// The longest blob that is stored, in bytes.
    pub const LONGEST_BLOB: usize = 2_048;
    /// The longest vault that is stored, in bytes.
    pub const LONGEST_VAULT: usize = 2_048;
}

/// A link as its partner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The public name of its row.
    pub link_ref: LinkRef,
    /// SHA-256 of its id.
    pub id_hash: Hash,
    /// Whose it is.
    pub partner: PartnerId,
    /// The chat it opens.
    pub chat: ChatRef,
    /// The partner's own name for that chat.
    pub chat_id: ChatId,
    /// Plain or sealed.
    pub kind: LinkKind,
    /// Whether an API key made it, so that no agent can show it again.
    pub made_by_key: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops being valid.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub used_at: Option<Timestamp>,
    /// When the partner ended it.
    pub revoked_at: Option<Timestamp>,
    /// What kind of device redeemed it.
    pub device: Option<Device>,
    /// How often someone else tried it after it was used.
    pub later_attempts: u32,
    /// Counts the changes of this row: of two of them, the one with the higher number is the newer.
    pub rev: u64,
}

impl Link {
    /// Where the link stands at that instant. Used wins over revoked, and revoked over expired.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> LinkState {
        if self.used_at.is_some() {
            LinkState::Used
        } else if self.revoked_at.is_some() {
            LinkState::Revoked
        } else if self.expires_at <= now {
            LinkState::Expired
        } else {
            LinkState::Valid
        }
    }
}

/// Why something about a link was refused.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// There is no such link, or it is another partner's.
    #[error("Link not found")]
    NotFound,
    /// It was redeemed before. For the holder of its claim, with what became of the seat.
    #[error("Link has already been used")]
    Used(Option<SeatClosed>),
    /// Its time has passed.
    #[error("Link has expired")]
    Expired,
    /// The partner ended it.
    #[error("Link has been revoked")]
    Revoked,
    /// A sealed link without the proof from its fragment, or with a wrong one. The link stays as it was.
    #[error("This address is incomplete: the part after # is missing or damaged")]
    ProofRequired,
    /// The same claim came with another handshake.
    #[error("This link was opened with another handshake")]
    HandshakeMismatch,
    /// Revoking came too late.
    #[error("The link is no longer valid")]
    NoLongerValid(LinkState),
    /// The partner named is not the caller's.
    #[error("partnerId is not the caller's")]
    OtherPartner,
    /// The caller's API key may not do this.
    #[error("This API key lacks the scope {}", .0.as_str())]
    ScopeRequired(Scope),
    /// The same link id, or the same idempotency key, came with another content.
    #[error("The same link was posted before with another content")]
    OtherContent,
    /// The chat has ended, so no link can open it.
    #[error("The chat has ended")]
    ChatEnded,
    /// The inbox epoch is none of this partner's, or is past.
    #[error("The encryption key is out of date")]
    UnknownEpoch,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link to be stored.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// SHA-256 of its id.
    pub id_hash: Hash,
    /// The public name of its row, used unless the link exists already.
    pub link_ref: LinkRef,
    /// Whose it is.
    pub partner: PartnerId,
    /// The chat it opens; made if new.
    pub chat_id: ChatId,
    /// Plain or sealed.
    pub kind: LinkKind,
    /// Who makes it.
    pub by: Actor,
    /// Whether it may lead to a chat that has had a customer.
    pub may_reopen: bool,
    /// SHA-256 over everything the caller asked for: a repeated call has the same one.
    pub content: Hash,
    /// When it is made.
    pub now: Timestamp,
    /// When it stops being valid.
    pub expires_at: Timestamp,
}

/// Someone presses the button.
#[derive(Debug, Clone)]
pub struct Redemption {
    /// SHA-256 of the link's id.
    pub id_hash: Hash,
    /// SHA-256 of the claim that makes a retry safe.
    pub claim_hash: Option<Hash>,
    /// SHA-256 of the proof from a sealed link's fragment.
    pub proof_hash: Option<Hash>,
    /// The partner whose bearer key came along: its own sealed links need no proof from it.
    pub bearer: Option<PartnerId>,
    /// The handshake; a seat without one can't send messages.
    pub handshake: Option<Handshake>,
    /// SHA-256 of the token that the new seat is known by.
    pub token_hash: Hash,
    /// What kind of device it is.
    pub device: Device,
    /// When it happens.
    pub now: Timestamp,
}

/// A redemption that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeemed {
    /// The seat it made, or had made when the same claim came before.
    pub seat: SeatGrant,
    /// The link after it.
    pub link: Link,
    /// Whether this very call did it, and not an earlier one with the same claim.
    pub first: bool,
}

/// Which links to list, newest first unless it says otherwise.
#[derive(Debug, Clone, Copy)]
pub struct LinkQuery {
    /// Whose.
    pub partner: PartnerId,
    /// Only those in this state.
    pub state: Option<LinkState>,
    /// Only those to this chat.
    pub chat: Option<ChatRef>,
    /// Only those used at or after this instant, and then by when they were used, the latest first.
    pub used_since: Option<Timestamp>,
    /// Only those after this one in the order.
    pub after: Option<LinkRef>,
    /// How many at the most.
    pub limit: u32,
    /// The instant at which states are judged.
    pub now: Timestamp,
}

/// Links in a database.
#[async_trait::async_trait]
pub trait LinkStore {
    /// Stores a link, and its chat when that is new. The same id with the same content gives the stored row.
    ///
    /// # Errors
    /// [`LinkError::OtherContent`], [`LinkError::ScopeRequired`] when the chat has had a customer and
    /// [`NewLink::may_reopen`] is false, [`LinkError::ChatEnded`], [`LinkError::UnknownEpoch`], [`LinkError::Store`].
    async fn create_link(&self, link: NewLink) -> Result<Link, LinkError>;

    /// Redeems a link; of many who try at once, one does. A matching claim is answered first, then the state, then the
    /// proof.
    ///
    /// # Errors
    /// Those of a link's state, [`LinkError::ProofRequired`], [`LinkError::UnknownEpoch`],
    /// [`LinkError::HandshakeMismatch`], [`LinkError::Store`].
    async fn redeem_link(&self, redemption: Redemption) -> Result<Redeemed, LinkError>;

    /// The link of that id, whoever's it is: for the door, whose visitor is known by nothing but the id.
    async fn link_at_door(&self, id_hash: Hash) -> Result<Option<Link>, StoreError>;

    /// One link of a partner.
    async fn link(&self, partner: PartnerId, link_ref: LinkRef)
    -> Result<Option<Link>, StoreError>;

    /// A page of a partner's links.
    async fn links(&self, query: LinkQuery) -> Result<Vec<Link>, StoreError>;

    /// Ends a valid link. Revoking a revoked one changes nothing.
    ///
    /// # Errors
    /// [`LinkError::NotFound`], [`LinkError::NoLongerValid`] for one that was used or has expired, [`LinkError::Store`].
    async fn revoke_link(
        &self,
        partner: PartnerId,
        link_ref: LinkRef,
        by: Actor,
        now: Timestamp,
    ) -> Result<Link, LinkError>;

    /// Removes at most `limit` links that were dead before `dead_before`; says how many it removed.
    async fn sweep_links(&self, dead_before: Timestamp, limit: u32) -> Result<u32, StoreError>;
}

/// What a caller asks a new link to be.
#[derive(Debug, Clone)]
pub struct LinkDraft {
    /// The partner that the caller named, if any.
    pub partner: Option<PartnerId>,
    /// The chat that the caller named, if any.
    pub chat_id: Option<ChatId>,
    /// How long it is valid.
    pub lifetime: Lifetime,
    /// Plain or sealed.
    pub kind: LinkKind,
}

/// A link that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The link as it stands.
    pub link: Link,
    /// Whether an earlier call with the same name and content had made it.
    pub repeated: bool,
}

/// Makes a link for a caller. `spare` are random bytes for names that the caller left out.
///
/// The chat's name is made of the link's id when the caller left it out, so that a repeated call finds the same chat.
///
/// # Errors
/// As [`LinkStore::create_link`], and [`LinkError::OtherPartner`].
pub async fn create(
    store: &(impl LinkStore + ?Sized),
    caller: &Principal,
    draft: LinkDraft,
    id: LinkId,
    spare: [u8; 16],
    now: Timestamp,
) -> Result<Created, LinkError> {
    if draft
        .partner
        .is_some_and(|partner| partner != caller.partner())
    {
        return Err(LinkError::OtherPartner);
    }
    caller
        .require(Scope::LinksWrite)
        .map_err(LinkError::ScopeRequired)?;
    let content = draft.content();
    let chat_id = draft.chat_id.map_or_else(|| generated_chat_id(&id), Ok)?;
    let link_ref = LinkRef::made_at(now, spare);
    let link = store
        .create_link(NewLink {
            id_hash: id.hash(),
            link_ref,
            partner: caller.partner(),
            chat_id,
            kind: draft.kind,
            by: caller.actor(),
            may_reopen: caller.require(Scope::LinksExisting).is_ok(),
            content,
            now,
            expires_at: now.plus_millis(draft.lifetime.millis()),
        })
        .await?;
    // A row that was there keeps its name.
    let repeated = link.link_ref != link_ref;
    Ok(Created { link, repeated })
}

fn generated_chat_id(id: &LinkId) -> Result<ChatId, LinkError> {
    let hash = Hash::of(id.hash().as_bytes());
    ChatId::parse(&format!(
        "chat-{}",
        crate::id::encode(&hash.as_bytes()[..12])
    ))
    .map_err(|error| StoreError::new(error).into())
}

impl LinkDraft {
    /// SHA-256 over what the caller asked for, with lengths, so that no two drafts share it.
    fn content(&self) -> Hash {
        let mut bytes = Vec::new();
        let mut part = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        };
        part(
            self.chat_id
                .as_ref()
                .map_or(b"", |id| id.as_str().as_bytes()),
        );
        part(&self.lifetime.millis().to_be_bytes());
        if let LinkKind::Sealed(sealed) = &self.kind {
            part(&sealed.epoch.to_be_bytes());
            part(&sealed.blob);
            part(sealed.proof_hash.as_bytes());
            part(&sealed.vault);
        }
        Hash::of(&bytes)
    }
}

/// The link id that an `Idempotency-Key` stands for, known only to who holds the credential.
///
/// A repeated creation finds the link made before, and no link id has to be stored to answer it.
#[must_use]
pub fn idempotent_id(credential: &[u8], idempotency_key: &str) -> LinkId {
    let mut bytes = Vec::with_capacity(credential.len() + idempotency_key.len() + 40);
    bytes.extend_from_slice(b"wicketgate/1 idempotency\0");
    bytes.extend_from_slice(Hash::of(credential).as_bytes());
    bytes.extend_from_slice(idempotency_key.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&Hash::of(&bytes).as_bytes()[..16]);
    LinkId::from_bytes(id)
}

/// The link id that one place in a batch stands for when the batch has an `Idempotency-Key`.
///
/// No key of a single creation is like it, for such keys hold only visible characters.
#[must_use]
pub fn idempotent_id_at(credential: &[u8], idempotency_key: &str, place: usize) -> LinkId {
    idempotent_id(credential, &format!("{idempotency_key}\0{place}"))
}

/// The token of the seat that a claim redeems: the same claim always gets the same token, so a retry whose answers
/// cross on the way can't leave a browser with a dead one.
#[must_use]
pub fn seat_token(claim: &Token) -> Token {
    let mut bytes = b"wicketgate/1 seat token\0".to_vec();
    bytes.extend_from_slice(claim.reveal_bytes());
    Token::from_bytes(*Hash::of(&bytes).as_bytes())
}
