//! A small memory of who presented which credential, so that a busy client costs no read for each request.
//!
//! An entry is good for one second, and is dropped at once when this node ends the credential. Other nodes notice
//! within that second.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wicketgate_domain::{
    ChatRef, Hash, SessionRef, Timestamp,
    event::Credential,
    key::Principal,
    seat::{SeatHolder, SeatNumber},
    session::Session,
};

const GOOD_FOR_MILLIS: i64 = 1_000;
const MOST: usize = 4_096;

/// Who a credential belongs to.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// A sign-in session.
    Session(Arc<Session>),
    /// An API key: the part of its text that is not secret, and the principal.
    Key(Arc<(String, Principal)>),
    /// A seat.
    Seat(Arc<SeatHolder>),
}

/// The memory. Secrets are in it only as hashes.
#[derive(Default)]
pub(crate) struct Credentials(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    known: HashMap<Hash, (Timestamp, Known)>,
    /// Counts what was forgotten, so that a lookup that began before is not remembered after.
    forgotten: u64,
}

/// When a lookup began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Began(u64);

impl Credentials {
    /// Who was found under this hash less than a second ago.
    pub(crate) fn recall(&self, hash: &Hash, now: Timestamp) -> Option<Known> {
        let inner = self.lock();
        let (at, known) = inner.known.get(hash)?;
        is_fresh(*at, now).then(|| known.clone())
    }

    /// To be called before the store is asked.
    pub(crate) fn began(&self) -> Began {
        Began(self.lock().forgotten)
    }

    /// Remembers what the store said, unless a credential was ended in the meantime.
    pub(crate) fn remember(&self, began: Began, hash: Hash, now: Timestamp, known: Known) {
        let mut inner = self.lock();
        if inner.forgotten != began.0 {
            return;
        }
        if inner.known.len() >= MOST {
            inner.known.retain(|_, (at, _)| is_fresh(*at, now));
        }
        if inner.known.len() < MOST {
            inner.known.insert(hash, (now, known));
        }
    }

    /// Forgets a credential that was ended.
    pub(crate) fn forget(&self, credential: Credential) {
        match credential {
            Credential::Seat(hash) => self.forget_where(|key, _| *key == hash),
            Credential::Session(ended) => {
                self.forget_where(|_, known| is_session(known, ended));
            }
            Credential::Key(ended) => self.forget_where(|_, known| {
                matches!(known, Known::Key(key) if matches!(key.1, Principal::Key { key, .. } if key == ended))
            }),
        }
    }

    /// Forgets a chat's seats, or one of them: what they may do has changed.
    pub(crate) fn forget_seats(&self, chat: ChatRef, seat: Option<SeatNumber>) {
        self.forget_where(|_, known| {
            matches!(known, Known::Seat(holder)
                if holder.chat == chat && seat.is_none_or(|seat| holder.number == seat))
        });
    }

    fn forget_where(&self, ended: impl Fn(&Hash, &Known) -> bool) {
        let mut inner = self.lock();
        inner.forgotten += 1;
        inner.known.retain(|hash, (_, known)| !ended(hash, known));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing under the lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_session(known: &Known, session: SessionRef) -> bool {
    matches!(known, Known::Session(known) if known.session_ref == session)
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    (0..GOOD_FOR_MILLIS).contains(&now.millis().saturating_sub(at.millis()))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({} known)", self.lock().known.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wicketgate_domain::PartnerId;

    fn seat(number: u32) -> Known {
        Known::Seat(Arc::new(SeatHolder {
            partner: PartnerId::from_bytes([1; 16]),
            chat: ChatRef::from_bytes([2; 16]),
            number: SeatNumber(number),
            closed: None,
        }))
    }

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn an_entry_is_good_for_a_second() {
        let credentials = Credentials::default();
        let hash = Hash::of(b"a");
        credentials.remember(credentials.began(), hash, at(5_000), seat(1));
        assert!(credentials.recall(&hash, at(5_999)).is_some());
        assert!(credentials.recall(&hash, at(6_000)).is_none());
        assert!(
            credentials.recall(&hash, at(4_999)).is_none(),
            "a clock that went back"
        );
    }

    #[test]
    fn what_ended_during_a_lookup_is_not_remembered() {
        let credentials = Credentials::default();
        let hash = Hash::of(b"a");
        let began = credentials.began();
        credentials.forget(Credential::Seat(hash));
        credentials.remember(began, hash, at(0), seat(1));
        assert!(credentials.recall(&hash, at(0)).is_none());
    }

    #[test]
    fn a_replaced_seat_is_forgotten_and_the_next_is_not() {
        let credentials = Credentials::default();
        let (first, second) = (Hash::of(b"1"), Hash::of(b"2"));
        credentials.remember(credentials.began(), first, at(0), seat(1));
        credentials.remember(credentials.began(), second, at(0), seat(2));
        credentials.forget_seats(ChatRef::from_bytes([2; 16]), Some(SeatNumber(1)));
        assert!(credentials.recall(&first, at(0)).is_none());
        assert!(credentials.recall(&second, at(0)).is_some());
    }

    #[test]
    fn the_memory_is_bounded() {
        let credentials = Credentials::default();
        for number in 0..10_000_u32 {
            let hash = Hash::of(&number.to_be_bytes());
            credentials.remember(credentials.began(), hash, at(0), seat(number));
        }
        assert_eq!(credentials.lock().known.len(), MOST);
    }
}
