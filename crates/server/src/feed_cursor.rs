//! How far a desk was told what happened, in a form that only this server reads: the desk keeps it and brings it back.
//!
//! What stands in it, the number of an event, counts what all partners do, so it is sealed; and it is bound to its
//! partner, so that nobody comes back with another's.

use crate::system::{self, NoRandomness};
use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;
use wicketgate_domain::{
    PartnerId,
    event::LogBounds,
    id::{decode, encode},
};

const NONCE: usize = 12;
/// The log's epoch and the number of an event.
const PLAIN: usize = 24;
const SEALED: usize = NONCE + PLAIN + 16;

/// Seals and opens cursors.
pub(crate) struct FeedCursors(Aes256Gcm);

/// Where a desk stands that comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resumption {
    /// It was told everything up to this event, and what came later is there.
    After(u64),
    /// What it missed can't be told: its cursor is too old, of another log, or none of ours.
    Lost,
}

impl FeedCursors {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        // HMAC fills a key that is shorter than its block with zeros (RFC 2104).
        let mut padded = [0; 64];
        padded[..32].copy_from_slice(&secret);
        let mut mac = Hmac::<Sha256>::new(&padded.into());
        mac.update(b"wicketgate/1 feed cursor");
        Self(Aes256Gcm::new(&mac.finalize().into_bytes()))
    }

    /// The cursor of a partner's desk that was told everything up to an event of this log.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub(crate) fn seal(
        &self,
        partner: PartnerId,
        epoch: [u8; 16],
        seq: u64,
    ) -> Result<String, NoRandomness> {
        let nonce: [u8; NONCE] = system::random()?;
        let mut plain = [0; PLAIN];
        plain[..16].copy_from_slice(&epoch);
        plain[16..].copy_from_slice(&seq.to_be_bytes());
        let payload = Payload {
            msg: &plain,
            aad: partner.as_bytes(),
        };
        // Only a text of many gigabytes can't be sealed.
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), payload)
            .unwrap_or_default();
        Ok(encode(&[&nonce[..], &sealed].concat()))
    }

    /// Where the desk of a partner stands that brings this cursor to a log of these bounds.
    pub(crate) fn open(&self, partner: PartnerId, cursor: &str, log: LogBounds) -> Resumption {
        match self.read(partner, cursor) {
            Some((epoch, seq)) if epoch == log.epoch && (log.swept..=log.newest).contains(&seq) => {
                Resumption::After(seq)
            }
            Some(_) | None => Resumption::Lost,
        }
    }

    fn read(&self, partner: PartnerId, cursor: &str) -> Option<([u8; 16], u64)> {
        let bytes: [u8; SEALED] = decode(cursor).ok()?;
        let (nonce, sealed) = bytes.split_at(NONCE);
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload {
            msg: sealed,
            aad: partner.as_bytes(),
        };
        let plain = self.0.decrypt(&Nonce::from(nonce), payload).ok()?;
        let (epoch, seq) = plain.split_at_checked(16)?;
        Some((
            epoch.try_into().ok()?,
            u64::from_be_bytes(seq.try_into().ok()?),
        ))
    }
}

impl fmt::Debug for FeedCursors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FeedCursors(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: LogBounds = LogBounds {
        epoch: [1; 16],
        newest: 100,
        swept: 10,
    };

    fn partner(number: u8) -> PartnerId {
        PartnerId::from_bytes([number; 16])
    }

    #[test]
    fn a_cursor_opens_for_its_partner_and_its_log_alone() {
        let cursors = FeedCursors::new([7; 32]);
        let cursor = cursors.seal(partner(1), LOG.epoch, 42).unwrap();
        let opened = |partner, log| cursors.open(partner, &cursor, log);
        assert_eq!(opened(partner(1), LOG), Resumption::After(42));
        assert_eq!(opened(partner(2), LOG), Resumption::Lost);
        let other_epoch = LogBounds {
            epoch: [2; 16],
            ..LOG
        };
        assert_eq!(opened(partner(1), other_epoch), Resumption::Lost);
        let swept = LogBounds { swept: 43, ..LOG };
        assert_eq!(opened(partner(1), swept), Resumption::Lost);
        let restored = LogBounds { newest: 41, ..LOG };
        assert_eq!(opened(partner(1), restored), Resumption::Lost);
        let edge = LogBounds { swept: 42, ..LOG };
        assert_eq!(opened(partner(1), edge), Resumption::After(42));
    }

    #[test]
    fn whatever_is_no_cursor_of_this_server_is_lost() {
        let cursors = FeedCursors::new([7; 32]);
        let cursor = cursors.seal(partner(1), LOG.epoch, 42).unwrap();
        let other = FeedCursors::new([8; 32]);
        assert_eq!(other.open(partner(1), &cursor, LOG), Resumption::Lost);
        for bent in ["", "42", &cursor[1..], &"A".repeat(cursor.len())] {
            assert_eq!(cursors.open(partner(1), bent, LOG), Resumption::Lost);
        }
    }

    #[test]
    fn two_cursors_of_one_point_do_not_look_alike() {
        let cursors = FeedCursors::new([7; 32]);
        let seal = || cursors.seal(partner(1), LOG.epoch, 42).unwrap();
        assert_ne!(seal(), seal());
    }
}
