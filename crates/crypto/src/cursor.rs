//! A bot's own cursor in a chat: how far it came, kept on its own disk, where no server can move it.

use rand_core::CryptoRng;

use crate::{
    aead,
    encoding::{Malformed, Reader},
    identity::DeskKey,
    ids::{AgentId, ChatRef, SeatNumber},
    kdf,
};

/// Why a cursor was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// It doesn't open: it belongs to other keys, another agent, name, chat or seat, or was changed.
    #[error("the cursor does not open")]
    Unopened,
    /// It opens, but what is inside is no cursor.
    #[error("the cursor holds nothing that can be read")]
    Malformed,
}

impl From<Malformed> for CursorError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// Whose cursor it is, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorPlace<'a> {
    /// The agent.
    pub agent: AgentId,
    /// The name of one of the agent's programs.
    pub name: &'a str,
    /// The chat.
    pub chat_ref: ChatRef,
    /// The seat of the message that it stands at; 0 before the first.
    pub seat: SeatNumber,
}

impl CursorPlace<'_> {
    // The name stands between values of fixed length, so no two places have the same bytes.
    fn associated(&self) -> Vec<u8> {
        [
            self.agent.as_bytes().as_slice(),
            self.name.as_bytes(),
            self.chat_ref.as_bytes(),
            &self.seat.to_be_bytes(),
        ]
        .concat()
    }
}

/// How far a program came in a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The newest message that it has dealt with.
    pub acknowledged: u64,
    /// The newest message that it was given.
    pub given: u64,
}

impl Cursor {
    /// Seals it.
    #[must_use]
    pub fn seal(
        &self,
        desk: &DeskKey,
        place: &CursorPlace<'_>,
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        let plain = [self.acknowledged.to_be_bytes(), self.given.to_be_bytes()].concat();
        let key = kdf::derive(desk.expose(), "cursor", &[]);
        aead::seal(&key, &plain, &place.associated(), rng)
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`CursorError::Unopened`] or [`CursorError::Malformed`].
    pub fn open(
        sealed: &[u8],
        desk: &DeskKey,
        place: &CursorPlace<'_>,
    ) -> Result<Self, CursorError> {
        let key = kdf::derive(desk.expose(), "cursor", &[]);
        let plain =
            aead::open(&key, sealed, &place.associated()).map_err(|_| CursorError::Unopened)?;
        let mut reader = Reader::new(&plain);
        let cursor = Self {
            acknowledged: reader.u64()?,
            given: reader.u64()?,
        };
        if reader.rest().is_empty() {
            Ok(cursor)
        } else {
            Err(CursorError::Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{identity::IdentitySeed, tests::seeded};

    const CURSOR: Cursor = Cursor {
        acknowledged: 7,
        given: 9,
    };

    fn place(name: &str) -> CursorPlace<'_> {
        CursorPlace {
            agent: AgentId::from_bytes([1; 16]),
            name,
            chat_ref: ChatRef::from_bytes([2; 16]),
            seat: SeatNumber::new(3),
        }
    }

    #[test]
    fn a_cursor_opens_in_its_place_and_in_no_other() {
        let rng = &mut seeded(1);
        let desk = IdentitySeed::generate(rng).desk_key();
        let sealed = CURSOR.seal(&desk, &place("echo"), rng);
        assert_eq!(Cursor::open(&sealed, &desk, &place("echo")), Ok(CURSOR));
        let others = [
            place("echo2"),
            place(""),
            CursorPlace {
                agent: AgentId::from_bytes([9; 16]),
                ..place("echo")
            },
            CursorPlace {
                chat_ref: ChatRef::from_bytes([9; 16]),
                ..place("echo")
            },
            CursorPlace {
                seat: SeatNumber::new(4),
                ..place("echo")
            },
        ];
        for other in others {
            assert_eq!(
                Cursor::open(&sealed, &desk, &other),
                Err(CursorError::Unopened),
                "{other:?}"
            );
        }
        let other_keys = IdentitySeed::generate(rng).desk_key();
        assert_eq!(
            Cursor::open(&sealed, &other_keys, &place("echo")),
            Err(CursorError::Unopened)
        );
    }

    #[test]
    fn a_cursor_that_was_changed_or_cut_does_not_open() {
        let rng = &mut seeded(2);
        let desk = IdentitySeed::generate(rng).desk_key();
        let sealed = CURSOR.seal(&desk, &place("echo"), rng);
        for length in 0..sealed.len() {
            assert!(Cursor::open(&sealed[..length], &desk, &place("echo")).is_err());
        }
        for byte in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[byte] ^= 1;
            assert!(Cursor::open(&changed, &desk, &place("echo")).is_err());
        }
    }
}
