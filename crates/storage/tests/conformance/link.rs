//! Links: made, listed, revoked, swept.

use super::{
    DAY, NOW, after, agent, agent_of, certificate, hash, new_partner, partner, partner_id, plain,
    plain_to, press, sealed, seated,
};
use wicketgate_domain::{
    ChatRef, LinkRef, PartnerId, Store, Timestamp,
    key::Scope,
    link::{Link, LinkError, LinkKind, LinkQuery, LinkState, NewLink},
    partner::{NewKeyring, SealedKeyring},
};

/// Every link of a partner.
pub(crate) fn every(partner: PartnerId, now: Timestamp) -> LinkQuery {
    LinkQuery {
        partner,
        state: None,
        chat: None,
        used_since: None,
        after: None,
        limit: 100,
        now,
    }
}

async fn refs(store: &dyn Store, query: LinkQuery) -> Vec<LinkRef> {
    store
        .links(query)
        .await
        .unwrap()
        .into_iter()
        .map(|link| link.link_ref)
        .collect()
}

fn link_refs(partner: PartnerId, numbers: &[u64]) -> Vec<LinkRef> {
    numbers
        .iter()
        .map(|number| plain(partner, *number).link_ref)
        .collect()
}

pub(crate) async fn a_new_link_makes_its_chat(store: &dyn Store) {
    let one = partner(store, 1).await;
    let new = sealed(one, 1);
    let chat_ref = ChatRef::of(one, new.chat_id.as_str());
    assert_eq!(store.chat(one, chat_ref).await.unwrap(), None);
    let link = store.create_link(new.clone()).await.unwrap();
    let expected = Link {
        link_ref: new.link_ref,
        id_hash: new.id_hash,
        partner: one,
        chat: chat_ref,
        chat_id: new.chat_id.clone(),
        kind: new.kind,
        made_by_key: true,
        created_at: NOW,
        expires_at: after(DAY),
        used_at: None,
        revoked_at: None,
        device: None,
        later_attempts: 0,
        rev: 1,
    };
    assert_eq!(link, expected);
    assert_eq!(
        store.link_at_door(new.id_hash).await.unwrap(),
        Some(expected)
    );
    let chat = store.chat(one, chat_ref).await.unwrap().unwrap();
    assert_eq!(
        (chat.chat_id, chat.seats, chat.last_seq, chat.live_seat),
        (new.chat_id, 0, 0, None)
    );
    assert_eq!(
        (chat.created_at, chat.ended, chat.waiting_since),
        (NOW, None, None)
    );
}

pub(crate) async fn a_repeated_creation_gives_the_stored_row(store: &dyn Store) {
    let one = partner(store, 1).await;
    let link = store.create_link(sealed(one, 1)).await.unwrap();
    let again = NewLink {
        link_ref: LinkRef::from_bytes([9; 16]),
        now: after(5),
        ..sealed(one, 1)
    };
    assert_eq!(store.create_link(again.clone()).await.unwrap(), link);
    // Once there is a customer, the repeated call still is the same call.
    store
        .redeem_link(wicketgate_domain::link::Redemption {
            bearer: Some(one),
            ..press(1, 1)
        })
        .await
        .unwrap();
    assert_eq!(
        store.create_link(again).await.unwrap().used_at,
        Some(after(1000))
    );
}

pub(crate) async fn an_id_is_bound_to_its_content_and_partner(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    store.create_link(plain(one, 1)).await.unwrap();
    let other_content = NewLink {
        content: hash("content", 2),
        ..plain(one, 1)
    };
    assert!(matches!(
        store.create_link(other_content).await,
        Err(LinkError::OtherContent)
    ));
    assert!(matches!(
        store.create_link(plain(two, 1)).await,
        Err(LinkError::OtherContent)
    ));
    assert!(matches!(
        store.create_link(plain(partner_id(3), 2)).await,
        Err(LinkError::NotFound)
    ));
    assert_eq!(refs(store, every(two, NOW)).await, []);
}

pub(crate) async fn a_chat_with_a_customer_takes_the_scope(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    let without = |number| NewLink {
        may_reopen: false,
        ..plain_to(one, number, 1)
    };
    store.create_link(without(2)).await.unwrap();
    seated(store, 1, 1).await;
    let refused = store.create_link(without(3)).await;
    assert!(matches!(
        refused,
        Err(LinkError::ScopeRequired(Scope::LinksExisting))
    ));
    store.create_link(plain_to(one, 3, 1)).await.unwrap();
}

pub(crate) async fn an_ended_chat_takes_no_link(store: &dyn Store) {
    let one = partner(store, 1).await;
    let chat = store.create_link(plain(one, 1)).await.unwrap().chat;
    store.end_chat(&agent(one), chat, NOW).await.unwrap();
    assert!(matches!(
        store.create_link(plain_to(one, 2, 1)).await,
        Err(LinkError::ChatEnded)
    ));
}

pub(crate) async fn a_sealed_link_names_a_known_epoch(store: &dyn Store) {
    let one = partner(store, 1).await;
    partner(store, 2).await;
    let of_epoch = |number, epoch| {
        let mut new = sealed(one, number);
        if let LinkKind::Sealed(sealed) = &mut new.kind {
            sealed.epoch = epoch;
        }
        new
    };
    assert!(matches!(
        store.create_link(of_epoch(1, 2)).await,
        Err(LinkError::UnknownEpoch)
    ));
    let copies = vec![SealedKeyring {
        agent: new_partner(1).agent.id,
        sealed: vec![1],
    }];
    store
        .replace_keyring(
            one,
            NewKeyring {
                generation: 2,
                copies,
                certificate: certificate(2),
            },
            agent_of(one),
            NOW,
        )
        .await
        .unwrap();
    store.create_link(of_epoch(1, 2)).await.unwrap();
    store.create_link(of_epoch(2, 1)).await.unwrap();
    let mut other = sealed(partner_id(2), 3);
    if let LinkKind::Sealed(sealed) = &mut other.kind {
        sealed.epoch = 2;
    }
    assert!(matches!(
        store.create_link(other).await,
        Err(LinkError::UnknownEpoch)
    ));
}

pub(crate) async fn a_link_is_shown_to_its_partner_only(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    let link = store.create_link(plain(one, 1)).await.unwrap();
    assert_eq!(store.link(two, link.link_ref).await.unwrap(), None);
    assert_eq!(store.link_at_door(hash("link", 2)).await.unwrap(), None);
    assert_eq!(refs(store, every(two, NOW)).await, []);
    let to_its_chat = LinkQuery {
        chat: Some(link.chat),
        ..every(two, NOW)
    };
    assert_eq!(refs(store, to_its_chat).await, []);
    assert_eq!(store.link(one, link.link_ref).await.unwrap(), Some(link));
}

pub(crate) async fn lists_are_newest_first_by_state_and_chat(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    for number in [1, 2, 3, 4] {
        store.create_link(plain(one, number)).await.unwrap();
    }
    store.create_link(plain(two, 5)).await.unwrap();
    store
        .create_link(NewLink {
            expires_at: after(10),
            ..plain_to(one, 6, 1)
        })
        .await
        .unwrap();
    store.create_link(plain_to(one, 7, 1)).await.unwrap();
    store
        .revoke_link(one, plain(one, 2).link_ref, agent_of(one), NOW)
        .await
        .unwrap();
    seated(store, 3, 1).await;

    let now = after(2000);
    assert_eq!(
        refs(store, every(one, now)).await,
        link_refs(one, &[7, 6, 4, 3, 2, 1])
    );
    let chat = Some(ChatRef::of(one, "order 1"));
    for (state, numbers, in_chat) in [
        (LinkState::Valid, &[7, 4, 1][..], &[7, 1][..]),
        (LinkState::Used, &[3], &[]),
        (LinkState::Expired, &[6], &[6]),
        (LinkState::Revoked, &[2], &[]),
    ] {
        let query = LinkQuery {
            state: Some(state),
            ..every(one, now)
        };
        assert_eq!(
            refs(store, query).await,
            link_refs(one, numbers),
            "{state:?}"
        );
        assert_eq!(
            refs(store, LinkQuery { chat, ..query }).await,
            link_refs(one, in_chat),
            "{state:?} in a chat"
        );
        let links = store.links(query).await.unwrap();
        assert!(links.iter().all(|link| link.state(now) == state));
    }
    assert_eq!(
        refs(
            store,
            LinkQuery {
                chat,
                ..every(one, now)
            }
        )
        .await,
        link_refs(one, &[7, 6, 1])
    );
}

pub(crate) async fn lists_go_on_after_any_link(store: &dyn Store) {
    let one = partner(store, 1).await;
    for number in 1..=7 {
        store.create_link(plain(one, number)).await.unwrap();
    }
    seated(store, 4, 1).await;
    for state in [None, Some(LinkState::Valid)] {
        let mut seen = Vec::new();
        let mut query = LinkQuery {
            state,
            limit: 3,
            ..every(one, NOW)
        };
        loop {
            let page = refs(store, query).await;
            assert!(page.len() <= 3);
            let Some(last) = page.last() else { break };
            query.after = Some(*last);
            seen.extend(page);
        }
        let expected = if state.is_none() {
            &[7, 6, 5, 4, 3, 2, 1][..]
        } else {
            &[7, 6, 5, 3, 2, 1]
        };
        assert_eq!(seen, link_refs(one, expected));
    }
}

pub(crate) async fn what_was_used_lately_is_listed_by_its_use(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    for number in 1..=5 {
        store.create_link(plain(one, number)).await.unwrap();
    }
    store.create_link(plain_to(one, 6, 1)).await.unwrap();
    store.create_link(plain(two, 7)).await.unwrap();
    // The youngest was used first, and two in the same millisecond.
    for (number, millis) in [(5, 10), (2, 20), (4, 20), (1, 30), (6, 40), (7, 40)] {
        let redemption = wicketgate_domain::link::Redemption {
            now: after(millis),
            ..press(number, number)
        };
        store.redeem_link(redemption).await.unwrap();
    }
    let since = |millis| LinkQuery {
        used_since: Some(after(millis)),
        ..every(one, after(DAY))
    };
    for (millis, numbers) in [
        (0, &[6, 1, 4, 2, 5][..]),
        (10, &[6, 1, 4, 2, 5]),
        (11, &[6, 1, 4, 2]),
        (20, &[6, 1, 4, 2]),
        (40, &[6]),
        (41, &[]),
    ] {
        let listed = refs(store, since(millis)).await;
        assert_eq!(listed, link_refs(one, numbers), "since {millis}");
    }
    let in_chat = LinkQuery {
        chat: Some(ChatRef::of(one, "order 1")),
        state: Some(LinkState::Used),
        ..since(0)
    };
    assert_eq!(refs(store, in_chat).await, link_refs(one, &[6, 1]));
    let mut page = LinkQuery {
        limit: 2,
        ..since(0)
    };
    let mut seen = Vec::new();
    loop {
        let rows = refs(store, page).await;
        let Some(last) = rows.last() else { break };
        page.after = Some(*last);
        seen.extend(rows);
    }
    assert_eq!(seen, link_refs(one, &[6, 1, 4, 2, 5]));
}

pub(crate) async fn a_valid_link_is_revoked_once(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    let link = store.create_link(plain(one, 1)).await.unwrap();
    assert!(matches!(
        store
            .revoke_link(two, link.link_ref, agent_of(two), NOW)
            .await,
        Err(LinkError::NotFound)
    ));
    let revoked = store
        .revoke_link(one, link.link_ref, agent_of(one), after(5))
        .await
        .unwrap();
    assert_eq!(
        revoked,
        Link {
            revoked_at: Some(after(5)),
            rev: 2,
            ..link.clone()
        }
    );
    assert_eq!(
        store.link(one, link.link_ref).await.unwrap(),
        Some(revoked.clone())
    );
    // Again, whether soon or after it would have expired, is no news.
    for later in [after(6), after(2 * DAY)] {
        let again = store
            .revoke_link(one, link.link_ref, agent_of(one), later)
            .await;
        assert_eq!(again.unwrap(), revoked, "a second time is as the first");
    }

    store.create_link(plain(one, 2)).await.unwrap();
    seated(store, 2, 1).await;
    let used = store
        .revoke_link(one, plain(one, 2).link_ref, agent_of(one), after(6))
        .await;
    assert!(matches!(
        used,
        Err(LinkError::NoLongerValid(LinkState::Used))
    ));
    store.create_link(plain(one, 3)).await.unwrap();
    let expired = store
        .revoke_link(one, plain(one, 3).link_ref, agent_of(one), after(DAY))
        .await;
    assert!(matches!(
        expired,
        Err(LinkError::NoLongerValid(LinkState::Expired))
    ));
}

pub(crate) async fn expiry_is_sharp(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    store.create_link(plain(one, 2)).await.unwrap();
    let at = |link, now| wicketgate_domain::link::Redemption {
        now,
        ..press(link, link)
    };
    let late = store.redeem_link(at(1, after(DAY))).await;
    assert!(matches!(late, Err(LinkError::Expired)));
    store.redeem_link(at(2, after(DAY - 1))).await.unwrap();
}

pub(crate) async fn dead_links_are_swept_oldest_first(store: &dyn Store) {
    let one = partner(store, 1).await;
    for number in 1..=5 {
        store.create_link(plain(one, number)).await.unwrap();
    }
    store
        .create_link(NewLink {
            expires_at: after(20 * DAY),
            ..plain(one, 6)
        })
        .await
        .unwrap();
    store
        .revoke_link(one, plain(one, 2).link_ref, agent_of(one), after(1))
        .await
        .unwrap();
    seated(store, 3, 1).await;
    // Number 2 died first, then 3, then all but 6 at their expiry.
    assert_eq!(store.sweep_links(after(1), 10).await.unwrap(), 0);
    assert_eq!(store.sweep_links(after(2), 10).await.unwrap(), 1);
    assert_eq!(
        refs(store, every(one, NOW)).await,
        link_refs(one, &[6, 5, 4, 3, 1])
    );
    assert_eq!(store.sweep_links(after(DAY + 1), 1).await.unwrap(), 1);
    assert_eq!(
        refs(store, every(one, NOW)).await,
        link_refs(one, &[6, 5, 4, 1])
    );
    assert_eq!(store.sweep_links(after(DAY), 10).await.unwrap(), 0);
    assert_eq!(store.sweep_links(after(DAY + 1), 2).await.unwrap(), 2);
    assert_eq!(store.sweep_links(after(DAY + 1), 2).await.unwrap(), 1);
    assert_eq!(refs(store, every(one, NOW)).await, link_refs(one, &[6]));
}

pub(crate) async fn an_id_stays_used_when_its_row_is_gone(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    let customer = seated(store, 1, 1).await;
    assert_eq!(store.sweep_links(after(40 * DAY), 10).await.unwrap(), 1);
    assert!(matches!(
        store.create_link(plain_to(one, 1, 1)).await,
        Err(LinkError::OtherContent)
    ));
    assert!(matches!(
        store.redeem_link(press(1, 1)).await,
        Err(LinkError::NotFound)
    ));
    // The seat has its own copy of what it needs.
    let seats = store.seats(one, customer.chat).await.unwrap();
    assert_eq!(
        seats.iter().map(|seat| seat.link_hash).collect::<Vec<_>>(),
        [hash("link", 1)]
    );
}

pub(crate) async fn a_swept_link_takes_its_unused_chat_along(store: &dyn Store) {
    let one = partner(store, 1).await;
    let lonely = store.create_link(plain(one, 1)).await.unwrap().chat;
    let shared = store.create_link(plain(one, 2)).await.unwrap().chat;
    store
        .create_link(NewLink {
            expires_at: after(20 * DAY),
            ..plain_to(one, 3, 2)
        })
        .await
        .unwrap();
    store.create_link(plain(one, 4)).await.unwrap();
    let entered = seated(store, 4, 1).await.chat;
    assert_eq!(store.sweep_links(after(DAY + 1), 10).await.unwrap(), 3);
    assert_eq!(store.chat(one, lonely).await.unwrap(), None);
    assert!(store.chat(one, shared).await.unwrap().is_some());
    assert!(store.chat(one, entered).await.unwrap().is_some());
}
