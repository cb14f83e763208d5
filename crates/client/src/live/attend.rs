//! What only an agent does: finds the chats to attend, and computes the keys of the customers' seats.

use std::collections::BTreeSet;

use wicketgate_crypto::ids::ChatRef;
use wicketgate_protocol::{
    chat::{ChatRow, SeatRow},
    message::Side,
    problem::{Code, SeatState},
};

use super::{
    Attention, Event,
    conversation::Conversation,
    engine::{End, Engine, Stop},
    socket::Socket,
};
use crate::{
    desk::Desk,
    error::Error,
    trust::{parsed, same_chat},
};

/// A signed-in agent and what they attend.
#[derive(Debug)]
pub(super) struct Attendance {
    pub(super) desk: Desk,
    attention: Attention,
    /// Chats that are over, so that a late frame does not bring them back.
    over: BTreeSet<String>,
    is_announced: bool,
}

impl Attendance {
    pub(super) const fn new(desk: Desk, attention: Attention) -> Self {
        Self {
            desk,
            attention,
            over: BTreeSet::new(),
            is_announced: false,
        }
    }

    /// The chats as they stand now.
    async fn rows(&self) -> Result<Vec<ChatRow>, Error> {
        match &self.attention.chat_id {
            None => self.desk.chats().await,
            Some(chat_id) => {
                let chat_ref = ChatRef::derive(self.desk.partner, chat_id);
                Ok(vec![self.desk.chat(&chat_ref).await?])
            }
        }
    }

    fn wants(&self, chat_id: &str) -> bool {
        self.attention
            .chat_id
            .as_deref()
            .is_none_or(|wanted| wanted == chat_id)
    }

    /// A conversation that begins where the agents have read up to, or a little earlier.
    fn conversation(&self, row: &ChatRow) -> Result<Conversation, Error> {
        let chat_ref: ChatRef = parsed("chat", &row.chat_ref)?;
        same_chat(&chat_ref, self.desk.partner, &row.chat_id)?;
        let newest = row
            .partner
            .read
            .min(row.last_seq.saturating_sub(self.attention.history));
        let mut chat = Conversation::new(chat_ref, row.chat_id.clone(), Side::Partner, newest);
        chat.live_seat = row.live_seat;
        Ok(chat)
    }
}

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
            .is_some_and(|attendance| attendance.attention.chat_id.is_none())
    }

    fn attendance(&self) -> Option<&Attendance> {
        match &self.end {
            End::Agent(attendance) => Some(attendance),
            End::Customer { .. } => None,
        }
    }

    /// Finds the chats: after the socket stands, so that none can come between.
    pub(super) async fn gather(&mut self) -> Result<(), Stop> {
        let Some(attendance) = self.attendance() else {
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
                let error = match &attendance.attention.chat_id {
                    Some(chat_id) if error.code() == Some(Code::NotFound) => {
                        Error::Invalid(format!("There is no chat named `{chat_id}`."))
                    }
                    _ => error,
                };
                self.complain(None, None, error).await?;
                return Err(Stop::Over);
            }
        }
        if let End::Agent(attendance) = &mut self.end
            && attendance.attention.chat_id.is_none()
            && !std::mem::replace(&mut attendance.is_announced, true)
        {
            self.tell(Event::Ready { chat_id: None }).await?;
        }
        Ok(())
    }

    /// Takes over how a chat stands. Returns its reference if it is new here.
    async fn update(&mut self, row: &ChatRow) -> Result<Option<String>, Stop> {
        if row.ended_at.is_some() {
            if let End::Agent(attendance) = &mut self.end {
                attendance.over.insert(row.chat_ref.clone());
            }
            let was_only = self
                .attendance()
                .is_some_and(|attendance| attendance.attention.chat_id.is_some());
            if was_only && !self.chats.contains_key(&row.chat_ref) {
                self.tell(Event::Ended {
                    chat_id: row.chat_id.clone(),
                    reason: SeatState::Ended,
                })
                .await?;
                return Err(Stop::Over);
            }
            self.on_closed(&row.chat_ref, SeatState::Ended).await?;
            return Ok(None);
        }
        if let Some(chat) = self.chats.get_mut(&row.chat_ref) {
            chat.live_seat = row.live_seat.max(chat.live_seat);
            return Ok(None);
        }
        let Some(attendance) = self.attendance() else {
            return Ok(None);
        };
        if attendance.over.contains(&row.chat_ref) {
            return Ok(None);
        }
        match attendance.conversation(row) {
            Ok(chat) => {
                self.chats.insert(row.chat_ref.clone(), chat);
                Ok(Some(row.chat_ref.clone()))
            }
            Err(error) => {
                self.complain(Some(row.chat_id.clone()), None, error)
                    .await?;
                Ok(None)
            }
        }
    }

    /// An inbox row changed.
    pub(super) async fn on_chat(&mut self, row: ChatRow, socket: &mut Socket) -> Result<(), Stop> {
        if !self
            .attendance()
            .is_some_and(|attendance| attendance.wants(&row.chat_id))
        {
            return Ok(());
        }
        match self.update(&row).await? {
            Some(chat) => self.open(&chat, socket).await,
            None => Ok(()),
        }
    }

    /// A customer came in.
    pub(super) async fn on_seat(&mut self, seat: SeatRow, socket: &mut Socket) -> Result<(), Stop> {
        if !self.chats.contains_key(&seat.chat) {
            self.join_by_ref(&seat.chat, socket).await?;
        }
        let Some(chat) = self.chats.get_mut(&seat.chat) else {
            return Ok(());
        };
        // A frame may also tell that an old seat was closed.
        let is_new = seat.closed.is_none() && !chat.has_seat(seat.number);
        if seat.closed.is_none() {
            chat.live_seat = chat.live_seat.max(Some(seat.number));
        }
        let chat_id = chat.chat_id.clone();
        if is_new {
            self.tell(Event::Arrived {
                chat_id,
                seat: seat.number,
            })
            .await?;
        }
        Ok(())
    }

    /// Makes sure that a chat that is to be written to is attended and that the keys of its live seat are there.
    pub(super) async fn join(
        &mut self,
        chat_id: Option<&str>,
        socket: &mut Socket,
    ) -> Result<Joined, Stop> {
        let Some(attendance) = self.attendance() else {
            return Ok(Joined::Yes);
        };
        let Some(chat_id) = chat_id.or(attendance.attention.chat_id.as_deref()) else {
            return Ok(Joined::Never(Error::Invalid(
                "It was not said to which chat.".into(),
            )));
        };
        if !attendance.wants(chat_id) {
            return Ok(Joined::Never(Error::Invalid(
                "Another chat is attended.".into(),
            )));
        }
        let chat_ref = ChatRef::derive(attendance.desk.partner, chat_id).to_string();
        if !self.chats.contains_key(&chat_ref) {
            self.join_by_ref(&chat_ref, socket).await?;
        }
        match self.chats.get(&chat_ref) {
            // The transcript, without which nothing can be sealed, comes with the opening.
            Some(chat) if !chat.is_open => return Ok(Joined::NotYet),
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

    async fn join_by_ref(&mut self, chat_ref: &str, socket: &mut Socket) -> Result<(), Stop> {
        let (Some(attendance), Ok(name)) = (self.attendance(), chat_ref.parse::<ChatRef>()) else {
            return Ok(());
        };
        match attendance.desk.chat(&name).await {
            Ok(row) => self.on_chat(row, socket).await,
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
        let rows = attendance.desk.seats(&chat.chat_ref).await?;
        chat.add_seats(&attendance.desk.keyring, &rows)
    }
}
