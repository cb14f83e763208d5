//! The transcript: a hash chain over a seat's messages, by which both ends notice if a server reorders, drops or
//! rolls back.

use std::collections::VecDeque;

use sha2::{Digest, Sha256};

use crate::{
    ids::{ChatRef, MessageId, SeatNumber},
    kdf,
    kem::EncapsulatedKey,
    newtype::public_bytes,
    role::Role,
};

/// How many of the newest hashes a [`Chain`] remembers.
const REMEMBERED: usize = 4096;

public_bytes! {
    /// The hash of everything in a seat up to a message (`T`).
    Transcript, 32
}

impl Transcript {
    /// The hash at the start of a seat, before any message.
    #[must_use]
    pub fn start(chat_ref: &ChatRef, seat: SeatNumber, enc: &EncapsulatedKey) -> Self {
        Self(kdf::labelled_hash(
            "transcript",
            &[chat_ref.as_bytes(), &seat.to_be_bytes(), enc.as_bytes()],
        ))
    }

    /// The hash after one more message, `number` being its place in the chat.
    #[must_use]
    pub fn next(&self, number: u64, role: Role, message: MessageId, body: &[u8]) -> Self {
        let hash = Sha256::new()
            .chain_update(self.0)
            .chain_update(number.to_be_bytes())
            .chain_update([role.byte()])
            .chain_update(message.as_bytes())
            .chain_update(Sha256::digest(body));
        Self(hash.finalize().into())
    }
}

/// The newest message that a sender had checked, without a gap before it: goes inside every message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The message's place in the chat; before the first message of a seat, one less than that message's.
    pub number: u64,
    /// The transcript after it.
    pub transcript: Transcript,
}

/// A message doesn't follow the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected message {expected}, got {found}")]
pub struct Gap {
    /// The number that would follow.
    pub expected: u64,
    /// The number that came.
    pub found: u64,
}

/// What a peer's witness says about this side's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Both sides saw the same up to that message.
    Same,
    /// The sides saw different histories: show it, hide nothing.
    Differs,
    /// The peer names a message that this side hasn't got yet: ask again once it has.
    Ahead,
    /// The peer names a message from before what this side remembers.
    Forgotten,
}

/// Follows a seat's messages in order and compares with what the peer saw.
#[derive(Clone, Debug)]
pub struct Chain {
    newest: Witness,
    /// The hashes up to the newest, oldest first.
    hashes: VecDeque<Transcript>,
}

impl Chain {
    /// Begins at the start of a seat whose first message has, or will have, the number `first`.
    #[must_use]
    pub fn start(chat_ref: &ChatRef, seat: SeatNumber, enc: &EncapsulatedKey, first: u64) -> Self {
        Self::resume(Witness {
            number: first.saturating_sub(1),
            transcript: Transcript::start(chat_ref, seat, enc),
        })
    }

    /// Begins after a message that was checked before, or that the server names with a page of later messages.
    #[must_use]
    pub fn resume(newest: Witness) -> Self {
        Self {
            newest,
            hashes: VecDeque::from([newest.transcript]),
        }
    }

    /// The newest message followed: what goes into the next message sent.
    #[must_use]
    pub const fn newest(&self) -> Witness {
        self.newest
    }

    /// Follows one more message and returns the transcript after it.
    ///
    /// # Errors
    /// [`Gap`] if it isn't the next; the chain stays as it was.
    pub fn append(
        &mut self,
        number: u64,
        role: Role,
        message: MessageId,
        body: &[u8],
    ) -> Result<Transcript, Gap> {
        let expected = self.newest.number.saturating_add(1);
        if number != expected {
            return Err(Gap {
                expected,
                found: number,
            });
        }
        let transcript = self.newest.transcript.next(number, role, message, body);
        self.newest = Witness { number, transcript };
        self.hashes.push_back(transcript);
        if self.hashes.len() > REMEMBERED {
            self.hashes.pop_front();
        }
        Ok(transcript)
    }

    /// Compares what the peer saw with what this side followed.
    #[must_use]
    pub fn compare(&self, peer: &Witness) -> Agreement {
        let Some(back) = self.newest.number.checked_sub(peer.number) else {
            return Agreement::Ahead;
        };
        let place = usize::try_from(back)
            .ok()
            .and_then(|back| self.hashes.len().checked_sub(back + 1));
        match place.and_then(|place| self.hashes.get(place)) {
            Some(hash) if *hash == peer.transcript => Agreement::Same,
            Some(_) => Agreement::Differs,
            None => Agreement::Forgotten,
        }
    }
}
