//! What is decided about API keys.

use super::{Decision, Happened};
use crate::{
    actor::Actor,
    event::{AccountChange, Credential, Event},
    key::{ApiKey, KeyError, MOST_KEYS},
    time::Timestamp,
};

/// Decides whether a key is made, given how many the partner has that are not revoked. No other may be made meanwhile.
pub fn create(key: ApiKey, live: u32, by: Actor) -> Decision<(), ApiKey, KeyError> {
    if live >= MOST_KEYS {
        return Decision::refuse(KeyError::TooMany);
    }
    let happened = Happened {
        partner: key.partner,
        by,
        at: key.created_at,
        events: vec![Event::Account(AccountChange::KeyCreated(key.key_ref))],
    };
    Decision::commit((), key, happened)
}

/// Decides what revoking a key changes: nothing of one that is revoked. Writes the key as it is then.
pub fn revoke(mut key: ApiKey, by: Actor, now: Timestamp) -> Decision<ApiKey, ApiKey, KeyError> {
    if key.revoked_at.is_some() {
        return Decision::unchanged(key);
    }
    key.revoked_at = Some(now);
    let happened = Happened {
        partner: key.partner,
        by,
        at: now,
        events: vec![Event::Expelled(Credential::Key(key.key_ref))],
    };
    Decision::commit(key.clone(), key, happened)
}
