//! What the engine does for an agent alone: finds the chats, and computes the keys of the customers' seats.

use wicketgate_crypto::ids::ChatRef;
use wicketgate_protocol::{
    chat::{ChatRow, SeatRow},
    problem::{Code, SeatClosed},
};

use super::{
    Event, LinkKind,
    attendance::{Attendance, Command},
    connection::Connection,
    engine::{End, Engine, Stop},
};
use crate::error::{Error, LineError};

/// Whether a chat can be written to.
pub(super) enum Joined {
    Yes,
    /// It is being opened.
    NotYet,
    Never(Error),
}

impl Engine {
    /// Whether new chats join by themselves.
    pub(super) fn attends_all(&self) -> bool {
        self.attendance()
            .is_some_and(|attendance| attendance.only().is_none())
    }

    /// The reference of the only chat that is attended.
    pub(super) fn only_chat(&self) -> Option<String> {
        let attendance = self.attendance()?;
        Some(attendance.chat_ref(attendance.only()?))
    }

    /// Whether the chats were found.
    pub(super) fn is_gathered(&self) -> bool {
        self.attendance().is_none_or(Attendance::is_gathered)
    }

    /// Keeps how far a program came in a chat. What can't be kept comes again.
    pub(super) async fn keep(&mut self, chat_ref: &str) -> Result<(), Stop> {
        let (End::Agent(attendance), Some(chat)) = (&mut self.end, self.chats.get(chat_ref)) else {
            return Ok(());
        };
        match attendance.keep(chat) {
            Ok(()) => Ok(()),
            Err(error) => {
                let chat_id = Some(chat.chat_id.clone());
                self.complain(chat_id, None, error).await
            }
        }
    }

    fn attendance(&self) -> Option<&Attendance> {
        match &self.end {
            End::Agent(attendance) => Some(attendance),
            End::Customer { .. } => None,
        }
    }

    /// Finds the chats: after the socket stands, so that none can come between.
    pub(super) async fn gather(&mut self) -> Result<(), Stop> {
        let End::Agent(attendance) = &mut self.end else {
            return Ok(());
        };
        match attendance.rows().await {
            Ok(rows) => {
                for row in rows {
                    self.update(&row).await?;
                }
            }
            Err(error) if error.is_passing() => return Err(Stop::Lost),
            Err(error) => {
                let error = attendance.not_found(error);
                self.complain(None, None, error).await?;
                return Err(Stop::Over);
            }
        }
        if let End::Agent(attendance) = &mut self.end
            && attendance.gathered()
        {
            self.tell(Event::Ready { chat_id: None }).await?;
        }
        Ok(())
    }

    /// Does what follows from how a chat stands. Returns its reference if it is new here.
    async fn update(&mut self, row: &ChatRow) -> Result<Option<String>, Stop> {
        let is_joined = self.chats.contains_key(&row.chat_ref);
        let End::Agent(attendance) = &mut self.end else {
            return Ok(None);
        };
        match attendance.update(row, is_joined) {
            Command::Nothing => {}
            Command::Join(chat) => {
                self.chats.insert(row.chat_ref.clone(), *chat);
                return Ok(Some(row.chat_ref.clone()));
            }
            Command::Follow => {
                // A row that was read may be older than one that was told.
                if let Some(chat) = self.chats.get_mut(&row.chat_ref)
                    && row.rev > chat.rev
                {
                    (chat.live_seat, chat.rev) = (row.live_seat, row.rev);
                }
            }
            Command::Close => {
                self.on_closed(&row.chat_ref, SeatClosed::ChatEnded).await?;
            }
            Command::Leave => {
                self.tell(Event::Ended {
                    chat_id: row.chat_id.clone(),
                    reason: SeatClosed::ChatEnded,
                })
                .await?;
                return Err(Stop::Over);
            }
            Command::Complain(error) => {
                self.complain(Some(row.chat_id.clone()), None, error)
                    .await?;
            }
        }
        Ok(None)
    }

    /// An inbox row changed.
    pub(super) async fn on_chat(
        &mut self,
        row: ChatRow,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
        if !self
            .attendance()
            .is_some_and(|attendance| attendance.wants(&row.chat_id))
        {
            return Ok(());
        }
        match self.update(&row).await? {
            Some(chat) => self.open(&chat, connection).await,
            None => Ok(()),
        }
    }

    /// A customer came in.
    pub(super) async fn on_seat(
        &mut self,
        seat: SeatRow,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
        if !self.chats.contains_key(&seat.chat) {
            self.join_by_ref(&seat.chat, connection).await?;
        }
        let Some(chat) = self.chats.get_mut(&seat.chat) else {
            return Ok(());
        };
        // A frame may also tell that an old seat was closed.
        let is_new = seat.closed.is_none() && !chat.has_seat(seat.number);
        let chat_id = chat.chat_id.clone();
        if is_new {
            self.tell(Event::Arrived {
                chat_id,
                seat: seat.number,
                link: LinkKind::of(&seat),
                device: seat.device,
            })
            .await?;
        }
        Ok(())
    }

    /// Makes sure that a chat that is to be written to is attended and that the keys of its live seat are there.
    pub(super) async fn join(
        &mut self,
        chat_id: Option<&str>,
        connection: &mut Connection,
    ) -> Result<Joined, Stop> {
        let Some(attendance) = self.attendance() else {
            return Ok(self.join_as_customer(chat_id));
        };
        let Some(chat_id) = chat_id.or(attendance.only()) else {
            return Ok(Joined::Never(LineError::NoChat.into()));
        };
        if !attendance.wants(chat_id) {
            return Ok(Joined::Never(LineError::OtherChat.into()));
        }
        let chat_ref = attendance.chat_ref(chat_id);
        if !self.chats.contains_key(&chat_ref) {
            self.join_by_ref(&chat_ref, connection).await?;
        }
        match self.chats.get(&chat_ref) {
            // The transcript, without which nothing can be sealed, comes with the opening; what an earlier run has said,
            // which must not be said twice, behind it.
            Some(chat) if !chat.is_caught_up() => return Ok(Joined::NotYet),
            Some(chat) if !chat.lacks_live_keys() => return Ok(Joined::Yes),
            Some(_) => {}
            None => return Ok(Joined::Yes),
        }
        match self.fetch_seats(&chat_ref).await {
            Ok(()) => Ok(Joined::Yes),
            Err(error) if error.is_passing() => Err(Stop::Lost),
            Err(error) => Ok(Joined::Never(error)),
        }
    }

    fn join_as_customer(&self, chat_id: Option<&str>) -> Joined {
        match self.chats.values().next() {
            Some(chat) if chat_id.is_some_and(|named| named != chat.chat_id) => {
                Joined::Never(LineError::OtherChat.into())
            }
            Some(chat) if !chat.is_caught_up() => Joined::NotYet,
            _ => Joined::Yes,
        }
    }

    async fn join_by_ref(
        &mut self,
        chat_ref: &str,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
        let (Some(attendance), Ok(name)) = (self.attendance(), chat_ref.parse::<ChatRef>()) else {
            return Ok(());
        };
        match attendance.session.chat(&name).await {
            Ok(row) => self.on_chat(row, connection).await,
            Err(error) if error.is_passing() => Err(Stop::Lost),
            Err(error) if error.code() == Some(Code::NotFound) => Ok(()),
            Err(error) => self.complain(None, None, error).await,
        }
    }

    /// Fetches the seats of a chat and computes the keys that are missing.
    pub(super) async fn fetch_seats(&mut self, chat_ref: &str) -> Result<(), Error> {
        let End::Agent(attendance) = &self.end else {
            return Ok(());
        };
        let Some(chat) = self.chats.get_mut(chat_ref) else {
            return Ok(());
        };
        let rows = attendance.session.seats(&chat.chat_ref).await?;
        chat.add_seats(&attendance.session.keyring, &rows)
    }
}
