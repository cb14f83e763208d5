//! API keys.

use super::{HOUR, NOW, after, agent_of, hash, name, partner, partner_id};
use wicketgate_domain::{
    KeyRef, PartnerId, Store,
    key::{ApiKey, KeyError, MOST_KEYS, Scope},
    text::KeyName,
};

pub(crate) fn key(number: u64, partner: PartnerId) -> ApiKey {
    ApiKey {
        key_ref: KeyRef::from_bytes(name("key", number)),
        id: format!("key{number}"),
        partner,
        name: KeyName::parse(&format!("Shop {number}")).unwrap(),
        scopes: vec![Scope::LinksWrite, Scope::LinksExisting],
        created_at: NOW,
        used_at: None,
        revoked_at: None,
    }
}

async fn made(store: &dyn Store, number: u64, partner: PartnerId) -> ApiKey {
    let key = key(number, partner);
    store
        .create_key(key.clone(), hash("secret", number), agent_of(partner))
        .await
        .unwrap();
    key
}

pub(crate) async fn a_key_is_found_by_id_and_secret(store: &dyn Store) {
    let id = partner(store, 1).await;
    let scopeless = ApiKey {
        scopes: vec![],
        ..key(2, id)
    };
    store
        .create_key(scopeless.clone(), hash("secret", 2), agent_of(id))
        .await
        .unwrap();
    let stored = made(store, 1, id).await;
    assert_eq!(
        store
            .key_caller("key1", hash("secret", 1), NOW)
            .await
            .unwrap(),
        Some(stored)
    );
    assert_eq!(
        store
            .key_caller("key2", hash("secret", 2), NOW)
            .await
            .unwrap(),
        Some(scopeless)
    );
    assert_eq!(
        store
            .key_caller("key1", hash("secret", 2), NOW)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .key_caller("key3", hash("secret", 1), NOW)
            .await
            .unwrap(),
        None
    );
    assert!(
        store
            .create_key(key(3, partner_id(2)), hash("secret", 3), agent_of(id))
            .await
            .is_err(),
        "a partner that does not exist"
    );
}

pub(crate) async fn the_use_of_a_key_is_noted_once_an_hour(store: &dyn Store) {
    let id = partner(store, 1).await;
    made(store, 1, id).await;
    for (now, noted) in [
        (NOW, None),
        (after(HOUR - 1), Some(NOW)),
        (after(HOUR), Some(NOW)),
        (after(HOUR + 1), Some(after(HOUR))),
        (after(-HOUR), Some(after(HOUR))),
        (after(HOUR + 2), Some(after(HOUR))),
    ] {
        assert_eq!(
            store
                .key_caller("key1", hash("secret", 1), now)
                .await
                .unwrap()
                .unwrap()
                .used_at,
            noted
        );
        store.ready().await.unwrap();
    }
}

pub(crate) async fn keys_are_listed_newest_first_for_their_partner_only(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    let (first, other, second) = (
        made(store, 1, one).await,
        made(store, 2, two).await,
        made(store, 3, one).await,
    );
    let revoked = store
        .revoke_key(one, first.key_ref, agent_of(one), after(5))
        .await
        .unwrap();
    assert_eq!(store.keys(one).await.unwrap(), [second, revoked]);
    assert_eq!(store.keys(two).await.unwrap(), [other]);
}

pub(crate) async fn a_revoked_key_is_none(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    let stored = made(store, 1, one).await;
    assert!(matches!(
        store
            .revoke_key(two, stored.key_ref, agent_of(two), after(5))
            .await,
        Err(KeyError::NotFound)
    ));
    assert!(
        store
            .key_caller("key1", hash("secret", 1), after(6))
            .await
            .unwrap()
            .is_some()
    );
    let revoked = store
        .revoke_key(one, stored.key_ref, agent_of(one), after(7))
        .await
        .unwrap();
    assert_eq!(revoked.revoked_at, Some(after(7)));
    assert_eq!(
        store
            .key_caller("key1", hash("secret", 1), after(8))
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .revoke_key(one, stored.key_ref, agent_of(one), after(9))
            .await
            .unwrap()
            .revoked_at,
        Some(after(7))
    );
}

pub(crate) async fn live_keys_are_limited(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    for number in 0..u64::from(MOST_KEYS) {
        made(store, number, one).await;
    }
    assert!(matches!(
        store
            .create_key(key(500, one), hash("secret", 500), agent_of(one))
            .await,
        Err(KeyError::TooMany)
    ));
    made(store, 600, two).await;
    store
        .revoke_key(one, key(0, one).key_ref, agent_of(one), NOW)
        .await
        .unwrap();
    made(store, 500, one).await;
}
