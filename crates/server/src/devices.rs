//! Browsers that have signed in to an account before: a token that the server has signed tells them from strangers.
//!
//! It opens nothing. Whoever brings one has tries of their own, so that strangers who guess the account's password can
//! neither use those up nor make its owner wait. It names nobody: which account it belongs to can be told only by who has
//! the server's secret and is told the account.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use wicketgate_domain::{
    SessionRef, Timestamp,
    id::{decode, encode},
    text::Email,
};

/// For how many days a browser is remembered.
pub(crate) const DAYS: u32 = 180;

const DAY_MILLIS: i64 = 86_400_000;

/// A random number of eight bytes, the day of issue in four, and a mark of sixteen.
const LENGTH: usize = 28;
const MARK_AT: usize = 12;

/// Makes and knows the tokens.
pub(crate) struct Devices(Hmac<Sha256>);

/// Someone who is no stranger to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Familiar {
    /// A browser, by the number in its token.
    Browser([u8; 8]),
    /// Someone who is signed in.
    Session([u8; 16]),
}

impl From<SessionRef> for Familiar {
    fn from(session: SessionRef) -> Self {
        Self::Session(*session.as_bytes())
    }
}

impl Devices {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        // HMAC fills a key that is shorter than its block with zeros (RFC 2104).
        let mut key = [0; 64];
        key[..32].copy_from_slice(&secret);
        Self(Hmac::new(&key.into()))
    }

    /// A token for a browser that has just signed in: with the number that it had, if it was known.
    pub(crate) fn token(&self, account: &Email, now: Timestamp, number: [u8; 8]) -> String {
        let mut bytes = [0; LENGTH];
        bytes[..8].copy_from_slice(&number);
        bytes[8..MARK_AT].copy_from_slice(&day(now).to_be_bytes());
        let mark = self.mark(&bytes[..MARK_AT], account).finalize();
        bytes[MARK_AT..].copy_from_slice(&mark.into_bytes()[..LENGTH - MARK_AT]);
        encode(&bytes)
    }

    /// Whose token it is, if it is one of that account and still good.
    pub(crate) fn recognise(
        &self,
        token: &str,
        account: &Email,
        now: Timestamp,
    ) -> Option<Familiar> {
        let bytes: [u8; LENGTH] = decode(token).ok()?;
        let (told, mark) = bytes.split_at(MARK_AT);
        // Compared in constant time.
        self.mark(told, account).verify_truncated_left(mark).ok()?;
        let [number @ .., a, b, c, d]: [u8; MARK_AT] = told.try_into().ok()?;
        // A clock that was put back a little is no reason to forget anyone.
        let age = i64::from(day(now)) - i64::from(u32::from_be_bytes([a, b, c, d]));
        (-1..=i64::from(DAYS))
            .contains(&age)
            .then_some(Familiar::Browser(number))
    }

    fn mark(&self, told: &[u8], account: &Email) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(b"wicketgate/1 device\0");
        mac.update(told);
        mac.update(account.as_str().as_bytes());
        mac
    }
}

fn day(now: Timestamp) -> u32 {
    u32::try_from(now.millis() / DAY_MILLIS).unwrap_or_default()
}

impl fmt::Debug for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Devices(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn later(days: i64) -> Timestamp {
        Timestamp::from_millis(NOW.millis() + days * DAY_MILLIS)
    }

    #[test]
    fn a_token_is_good_for_its_account_and_its_time() {
        let devices = Devices::new([1; 32]);
        let ada = Email::parse("ada@example.org").unwrap();
        let bob = Email::parse("bob@example.org").unwrap();
        let token = devices.token(&ada, NOW, [7; 8]);
        let known = Some(Familiar::Browser([7; 8]));
        for now in [NOW, later(1), later(180), later(-1)] {
            assert_eq!(devices.recognise(&token, &ada, now), known);
        }
        assert_eq!(devices.recognise(&token, &ada, later(181)), None);
        assert_eq!(devices.recognise(&token, &ada, later(-2)), None);
        assert_eq!(devices.recognise(&token, &bob, NOW), None);
        assert_eq!(Devices::new([2; 32]).recognise(&token, &ada, NOW), None);
        // After a restart the secret is the same.
        assert_eq!(Devices::new([1; 32]).recognise(&token, &ada, NOW), known);
    }

    #[test]
    fn a_token_that_was_changed_is_nobodys() {
        let devices = Devices::new([1; 32]);
        let ada = Email::parse("ada@example.org").unwrap();
        let token = devices.token(&ada, NOW, [7; 8]);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(devices.recognise(&changed, &ada, NOW), None, "{at}");
        }
        for wrong in ["", "x", &token[1..], &format!("{token}A")] {
            assert_eq!(devices.recognise(wrong, &ada, NOW), None, "{wrong}");
        }
    }
}
