//! What a program remembers between two runs: how far it came in each chat. It seals, and somebody else stores.

use std::{collections::BTreeMap, fmt, io};

use serde::{Deserialize, Serialize};
use wicketgate_crypto::{
    cursor::{Cursor, CursorPlace},
    identity::DeskKey,
    ids::{AgentId, ChatRef, SeatNumber},
};

use wicketgate_protocol::Base64;

use crate::{error::Error, system};

/// A sealed cursor, to be kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SealedCursor {
    /// The chat, as text.
    pub chat_ref: String,
    /// The seat that it is bound to.
    pub seat: u32,
    /// What only an agent of the partner can open.
    pub sealed: Base64,
}

/// Where cursors rest between two runs: a file, as a rule.
pub trait Memory: Send + Sync + fmt::Debug {
    /// Everything that was kept, the later of a chat's cursors last; nothing if nothing ever began here.
    ///
    /// # Errors
    /// Where it can't be read.
    fn load(&mut self) -> io::Result<Option<Vec<SealedCursor>>>;

    /// Begins with these: all of them or none.
    ///
    /// # Errors
    /// Where it can't be written.
    fn begin(&mut self, cursors: &[SealedCursor]) -> io::Result<()>;

    /// Keeps a chat's cursor, in place of the one before. It has to outlive this process, not a loss of power.
    ///
    /// # Errors
    /// Where it can't be written.
    fn keep(&mut self, cursor: &SealedCursor) -> io::Result<()>;
}

/// The cursors of one of an agent's programs.
#[derive(Debug)]
pub(super) struct Cursors {
    memory: Box<dyn Memory>,
    agent: AgentId,
    name: String,
    desk_key: DeskKey,
    known: BTreeMap<String, SealedCursor>,
    is_new: bool,
}

impl Cursors {
    pub(super) fn load(
        mut memory: Box<dyn Memory>,
        agent: AgentId,
        name: String,
        desk_key: DeskKey,
    ) -> Result<Self, Error> {
        let loaded = memory.load().map_err(|error| unkept(&error))?;
        let is_new = loaded.is_none();
        let known = loaded.into_iter().flatten();
        Ok(Self {
            memory,
            agent,
            name,
            desk_key,
            known: known
                .map(|cursor| (cursor.chat_ref.clone(), cursor))
                .collect(),
            is_new,
        })
    }

    /// Whether nothing was ever kept under this name.
    pub(super) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Begins where the chats stand: with what each of them names as already dealt with.
    pub(super) fn begin(&mut self, chats: &[(ChatRef, u64)]) -> Result<(), Error> {
        let cursors: Vec<_> = chats
            .iter()
            .map(|&(chat_ref, read)| {
                let cursor = Cursor {
                    acknowledged: read,
                    given: read,
                };
                self.seal(chat_ref, 0, cursor)
            })
            .collect();
        self.memory
            .begin(&cursors)
            .map_err(|error| unkept(&error))?;
        self.is_new = false;
        self.known = cursors
            .into_iter()
            .map(|cursor| (cursor.chat_ref.clone(), cursor))
            .collect();
        Ok(())
    }

    /// How far it came in a chat. One that it never saw begins at its beginning; one that doesn't open, because the
    /// partner's keys were renewed, begins where `read` says.
    pub(super) fn of(&self, chat_ref: ChatRef, read: u64) -> Cursor {
        let Some(known) = self.known.get(&chat_ref.to_string()) else {
            return Cursor::default();
        };
        let place = self.place(chat_ref, known.seat);
        Cursor::open(&known.sealed.0, &self.desk_key, &place).unwrap_or_else(|error| {
            tracing::debug!(%error, "a cursor was passed over");
            Cursor {
                acknowledged: read,
                given: read,
            }
        })
    }

    /// Keeps how far it came in a chat.
    pub(super) fn keep(
        &mut self,
        chat_ref: ChatRef,
        seat: u32,
        cursor: Cursor,
    ) -> Result<(), Error> {
        let sealed = self.seal(chat_ref, seat, cursor);
        self.memory.keep(&sealed).map_err(|error| unkept(&error))?;
        self.known.insert(sealed.chat_ref.clone(), sealed);
        Ok(())
    }

    fn seal(&self, chat_ref: ChatRef, seat: u32, cursor: Cursor) -> SealedCursor {
        let place = self.place(chat_ref, seat);
        SealedCursor {
            chat_ref: chat_ref.to_string(),
            seat,
            sealed: cursor
                .seal(&self.desk_key, &place, &mut system::random())
                .into(),
        }
    }

    fn place(&self, chat_ref: ChatRef, seat: u32) -> CursorPlace<'_> {
        CursorPlace {
            agent: self.agent,
            name: &self.name,
            chat_ref,
            seat: SeatNumber::new(seat),
        }
    }
}

fn unkept(error: &io::Error) -> Error {
    Error::Invalid(format!("What was dealt with can't be remembered: {error}."))
}
