//! Making a link for a caller: whose it is, what it is called, and when a repeated call is the same one.

use std::{
    pin::pin,
    sync::Mutex,
    task::{Context, Poll, Waker},
};
use wicketgate_domain::{
    Actor, AgentId, ChatRef, Hash, KeyRef, Lifetime, LinkId, LinkRef, PartnerId, SessionRef,
    StoreError, Timestamp,
    key::{Principal, Scope},
    link::{
        Created, Link, LinkDraft, LinkError, LinkKind, LinkQuery, LinkStore, NewLink, Redeemed,
        Redemption, Sealed, create,
    },
    text::ChatId,
};

const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
const OTHER_PARTNER: PartnerId = PartnerId::from_bytes([2; 16]);
const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);
const SPARE: [u8; 16] = [9; 16];

/// Notes what it is asked to store, and answers as if it were stored, or had been under another name.
#[derive(Default)]
struct Store {
    asked: Mutex<Vec<NewLink>>,
    stored_as: Option<LinkRef>,
}

impl Store {
    fn asked(&self) -> NewLink {
        let mut asked = self.asked.lock().unwrap();
        assert_eq!(asked.len(), 1, "a call stores one link");
        asked.remove(0)
    }
}

#[async_trait::async_trait]
impl LinkStore for Store {
    async fn create_link(&self, new: NewLink) -> Result<Link, LinkError> {
        let link = Link {
            link_ref: self.stored_as.unwrap_or(new.link_ref),
            id_hash: new.id_hash,
            partner: new.partner,
            chat: ChatRef::of(new.partner, new.chat_id.as_str()),
            chat_id: new.chat_id.clone(),
            kind: new.kind.clone(),
            made_by_key: false,
            created_at: new.now,
            expires_at: new.expires_at,
            used_at: None,
            revoked_at: None,
            device: None,
            later_attempts: 0,
            rev: 1,
        };
        self.asked.lock().unwrap().push(new);
        Ok(link)
    }

    async fn redeem_link(&self, _: Redemption) -> Result<Redeemed, LinkError> {
        unreachable!("nobody redeems")
    }

    async fn link_at_door(&self, _: Hash) -> Result<Option<Link>, StoreError> {
        unreachable!("nobody is at the door")
    }

    async fn link(&self, _: PartnerId, _: LinkRef) -> Result<Option<Link>, StoreError> {
        unreachable!("nobody looks")
    }

    async fn links(&self, _: LinkQuery) -> Result<Vec<Link>, StoreError> {
        unreachable!("nobody lists")
    }

    async fn revoke_link(
        &self,
        _: PartnerId,
        _: LinkRef,
        _: Actor,
        _: Timestamp,
    ) -> Result<Link, LinkError> {
        unreachable!("nobody revokes")
    }

    async fn sweep_links(&self, _: Timestamp, _: u32) -> Result<u32, StoreError> {
        unreachable!("nobody sweeps")
    }
}

fn agent() -> Principal {
    Principal::Agent {
        partner: PARTNER,
        agent: AgentId::from_bytes([3; 16]),
        session: SessionRef::from_bytes([4; 16]),
    }
}

fn key(scopes: &[Scope]) -> Principal {
    Principal::Key {
        partner: PARTNER,
        key: KeyRef::from_bytes([5; 16]),
        scopes: scopes.to_vec(),
    }
}

fn draft() -> LinkDraft {
    LinkDraft {
        partner: None,
        chat_id: Some(chat("order 1")),
        lifetime: Lifetime::DEFAULT,
        kind: LinkKind::Plain,
    }
}

fn chat(text: &str) -> ChatId {
    ChatId::parse(text).unwrap()
}

fn sealed() -> Sealed {
    Sealed {
        epoch: 1,
        blob: vec![1],
        proof_hash: Hash::of(b"proof"),
        vault: vec![2],
    }
}

/// Asks a store that never waits.
fn made(store: &Store, caller: &Principal, draft: LinkDraft) -> Result<Created, LinkError> {
    let id = LinkId::from_bytes([7; 16]);
    let call = pin!(create(store, caller, draft, id, SPARE, NOW));
    match call.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("the store never waits"),
    }
}

/// What is stored for a draft.
fn stored(caller: &Principal, draft: LinkDraft) -> NewLink {
    let store = Store::default();
    let created = made(&store, caller, draft).unwrap();
    assert!(!created.repeated);
    store.asked()
}

#[test]
fn a_link_is_made_in_the_name_of_its_caller() {
    for (caller, may_reopen) in [
        (agent(), true),
        (key(&[Scope::LinksWrite]), false),
        (key(&[Scope::LinksWrite, Scope::LinksRead]), false),
        (key(&[Scope::LinksWrite, Scope::LinksExisting]), true),
    ] {
        let new = stored(&caller, draft());
        assert_eq!((new.partner, new.by), (PARTNER, caller.actor()));
        assert_eq!(new.may_reopen, may_reopen);
        assert_eq!(new.id_hash, LinkId::from_bytes([7; 16]).hash());
        assert_eq!(new.link_ref, LinkRef::made_at(NOW, SPARE));
        assert_eq!((new.now, new.chat_id), (NOW, chat("order 1")));
        let end = NOW.plus_millis(Lifetime::DEFAULT.millis());
        assert_eq!(new.expires_at, end);
    }
}

#[test]
fn a_caller_makes_links_of_its_own_partner_only() {
    let named = |partner| LinkDraft {
        partner: Some(partner),
        ..draft()
    };
    stored(&agent(), named(PARTNER));
    for caller in [agent(), key(&Scope::ALL), key(&[])] {
        let store = Store::default();
        let refused = made(&store, &caller, named(OTHER_PARTNER));
        assert!(matches!(refused, Err(LinkError::OtherPartner)));
        assert!(store.asked.lock().unwrap().is_empty());
    }
}

#[test]
fn a_key_needs_the_scope_to_make_links() {
    for scopes in [&[][..], &[Scope::LinksRead, Scope::LinksExisting]] {
        let store = Store::default();
        let refused = made(&store, &key(scopes), draft());
        assert!(matches!(
            refused,
            Err(LinkError::ScopeRequired(Scope::LinksWrite))
        ));
        assert!(store.asked.lock().unwrap().is_empty());
    }
}

#[test]
fn a_chat_without_a_name_is_called_after_the_link() {
    let nameless = LinkDraft {
        chat_id: None,
        ..draft()
    };
    let first = stored(&agent(), nameless.clone()).chat_id;
    assert_eq!(stored(&agent(), nameless).chat_id, first);
    assert!(first.as_str().starts_with("chat-"));
    // The name tells neither the id nor its hash, by which the link is stored.
    let id = LinkId::from_bytes([7; 16]);
    let hash = wicketgate_domain::id::encode(id.hash().as_bytes());
    assert!(!first.as_str().contains(&id.reveal()[..8]));
    assert!(!first.as_str().contains(&hash[..8]));
}

#[test]
fn a_repeated_call_is_told_from_the_first() {
    for (stored_as, repeated) in [
        (None, false),
        (Some(LinkRef::made_at(NOW, SPARE)), false),
        (Some(LinkRef::from_bytes([8; 16])), true),
    ] {
        let store = Store {
            stored_as,
            ..Store::default()
        };
        let created = made(&store, &agent(), draft()).unwrap();
        assert_eq!(created.repeated, repeated);
        let name = stored_as.unwrap_or(LinkRef::made_at(NOW, SPARE));
        assert_eq!(created.link.link_ref, name);
    }
}

#[test]
fn the_content_is_everything_that_was_asked_for_and_nothing_else() {
    let of_kind = |kind| LinkDraft { kind, ..draft() };
    let of_chat = |chat_id| LinkDraft { chat_id, ..draft() };
    let hour = Lifetime::from_hours(1.0).unwrap();
    let of_twos = Sealed {
        proof_hash: Hash::from_bytes([2; 32]),
        ..sealed()
    };
    let drafts = [
        draft(),
        of_chat(None),
        of_chat(Some(chat("order 2"))),
        LinkDraft {
            lifetime: hour,
            ..draft()
        },
        of_kind(LinkKind::Sealed(sealed())),
        of_kind(LinkKind::Sealed(Sealed {
            epoch: 2,
            ..sealed()
        })),
        of_kind(LinkKind::Sealed(Sealed {
            blob: vec![3],
            ..sealed()
        })),
        of_kind(LinkKind::Sealed(Sealed {
            proof_hash: Hash::of(b"another"),
            ..sealed()
        })),
        of_kind(LinkKind::Sealed(Sealed {
            vault: vec![3],
            ..sealed()
        })),
        // These two are the same bytes one after the other, parted elsewhere.
        of_kind(LinkKind::Sealed(Sealed {
            blob: vec![1],
            vault: vec![2, 3],
            ..of_twos.clone()
        })),
        of_kind(LinkKind::Sealed(Sealed {
            blob: vec![1, 2],
            vault: vec![3],
            ..of_twos
        })),
    ];
    let contents: Vec<Hash> = drafts
        .iter()
        .map(|draft| stored(&agent(), draft.clone()).content)
        .collect();
    for (place, content) in contents.iter().enumerate() {
        assert!(!contents[place + 1..].contains(content), "draft {place}");
        // Who asks, and whether the own partner is named, is no part of it.
        let named = LinkDraft {
            partner: Some(PARTNER),
            ..drafts[place].clone()
        };
        let by_key = stored(&key(&Scope::ALL), named);
        assert_eq!(by_key.content, *content, "draft {place}");
    }
}
