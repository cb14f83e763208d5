//! API keys: how many there may be, and their end.

use crate::fixtures::{BY_AGENT, KEY, MADE, PARTNER, after, granted, happened, refusal, unchanged};
use wicketgate_domain::{
    Actor,
    decide::key::{create, revoke},
    event::{AccountChange, Credential, Event},
    key::{ApiKey, MOST_KEYS, Scope},
    text::KeyName,
};

fn key() -> ApiKey {
    ApiKey {
        key_ref: KEY,
        id: "key1".into(),
        partner: PARTNER,
        name: KeyName::parse("Shop").unwrap(),
        scopes: vec![Scope::LinksRead],
        created_at: MADE,
        used_at: Some(after(3)),
        revoked_at: None,
    }
}

#[test]
fn a_partner_has_so_many_live_keys_and_no_more() {
    for live in [0, 1, MOST_KEYS - 1] {
        let ((), write, told) = granted(create(key(), live, BY_AGENT));
        assert_eq!(write, key());
        let events = vec![Event::Account(AccountChange::KeyCreated(KEY))];
        assert_eq!(told, happened(BY_AGENT, MADE, events));
    }
    for live in [MOST_KEYS, MOST_KEYS + 1, u32::MAX] {
        assert_eq!(refusal(&create(key(), live, BY_AGENT)), "TooMany");
    }
}

#[test]
fn a_key_is_revoked_once() {
    for by in [BY_AGENT, Actor::Server] {
        let revoked = ApiKey {
            revoked_at: Some(after(9)),
            ..key()
        };
        let (answer, write, told) = granted(revoke(key(), by, after(9)));
        assert_eq!((&answer, &write), (&revoked, &revoked));
        let events = vec![Event::Expelled(Credential::Key(KEY))];
        assert_eq!(told, happened(by, after(9), events));
        assert_eq!(unchanged(revoke(revoked.clone(), by, after(10))), revoked);
    }
}
