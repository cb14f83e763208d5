//! The one task behind a conversation: it owns every state, so nothing needs a lock.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::{Instant, sleep_until};
use wicketgate_crypto::{cursor::Cursor, ids::MessageId};
use wicketgate_protocol::{frame::ServerFrame, message::Side, problem::SeatClosed};

use super::{
    Channels, Event, Line, Trouble, attendance::Attendance, connection::Connection,
    conversation::Conversation, lost::Lost, polling::Polling, socket::Socket,
};
use crate::{
    backoff::{Backoff, Failure, fraction},
    customer::Customer,
    error::Error,
    seat::SeatKeys,
    server::{Bearer, Server},
    system,
};

/// Cursors that move within this time go out as one frame.
const SEEN_DELAY: Duration = Duration::from_millis(30);

/// Tries of the socket that fail, once one has stood, before plain calls take its place. At first one is enough.
const PATIENCE: u32 = 2;

/// The most unacknowledged messages; then writers wait.
const OUTBOX: usize = 64;

/// Whose end it is, and by what right.
#[derive(Debug)]
pub(super) enum End {
    Customer { server: Server, bearer: Bearer },
    Agent(Box<Attendance>),
}

/// Why the work on one connection stopped.
pub(super) enum Stop {
    /// The connection broke; another is made.
    Lost,
    /// The server ended the connection; another is made, later.
    Refused,
    /// It is over.
    Over,
}

impl From<Lost> for Stop {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Broken => Self::Lost,
            Lost::Refused => Self::Refused,
        }
    }
}

/// Owns the chats and follows commands and frames.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) end: End,
    /// By the text of their reference.
    pub(super) chats: BTreeMap<String, Conversation>,
    channels: Channels,
    /// A line that was taken while nobody was connected, or when the connection broke.
    pub(super) held: Option<Line>,
    /// No writer is left.
    is_finishing: bool,
    seen_at: Option<Instant>,
    pub(super) retry_at: Option<Instant>,
    /// How often in a row no socket came up.
    sockets_failed: u32,
    /// When what is on its way has to be acknowledged.
    pub(super) answer_by: Option<Instant>,
    backoff: Backoff,
}

/// What woke the engine.
enum Wake {
    Frame(Result<ServerFrame, Lost>),
    Line(Option<Line>),
    Shown(Option<(String, u64)>),
    SeenTime,
    RetryTime,
    AnswerTime,
}

impl Engine {
    pub(super) fn of_customer(customer: Customer, channels: Channels) -> Self {
        let newest = customer.first_seq.saturating_sub(1);
        let mut chat = Conversation::new(
            customer.chat_ref,
            customer.chat_id.clone(),
            Side::Customer,
            newest,
            Cursor::default(),
        );
        let (server, seat) = (customer.server.clone(), customer.seat);
        let (bearer, keys) = SeatKeys::of_customer(customer);
        chat.live_seat = Some(seat);
        chat.add_seat(seat, keys);
        Self::new(End::Customer { server, bearer }, Some(chat), channels)
    }

    pub(super) fn of_agent(attendance: Attendance, channels: Channels) -> Self {
        Self::new(End::Agent(Box::new(attendance)), None, channels)
    }

    fn new(end: End, chat: Option<Conversation>, channels: Channels) -> Self {
        let chats = chat
            .into_iter()
            .map(|chat| (chat.chat_ref.to_string(), chat))
            .collect();
        Self {
            end,
            chats,
            channels,
            held: None,
            is_finishing: false,
            seen_at: None,
            retry_at: None,
            sockets_failed: PATIENCE - 1,
            answer_by: None,
            backoff: Backoff::default(),
        }
    }

    /// Connects again and again until everything is said or nothing more can be.
    pub(super) async fn run(mut self) {
        loop {
            let (failure, asked) = match self.connect().await {
                Ok(mut connection) => {
                    self.backoff.up(Instant::now());
                    let stop = self.work(&mut connection).await;
                    for chat in self.chats.values_mut() {
                        chat.disconnect();
                    }
                    self.answer_by = None;
                    if matches!(stop, Err(Stop::Over)) {
                        connection.close().await;
                        break;
                    }
                    if self.tell(Event::Connection(None)).await.is_err() {
                        break;
                    }
                    match stop {
                        Err(Stop::Refused) => (Failure::Refused, None),
                        _ => (Failure::Lost, None),
                    }
                }
                Err(error) if error.is_passing() => {
                    tracing::debug!(%error, "not connected");
                    if self.is_done() {
                        break;
                    }
                    match &error {
                        Error::Refused(_) => (Failure::Refused, error.retry_after()),
                        _ => (Failure::Lost, None),
                    }
                }
                Err(error) => {
                    self.give_up(error).await;
                    break;
                }
            };
            let random = fraction(&mut system::random());
            let wait = self.backoff.after(failure, Instant::now(), random);
            if self
                .pause(wait.max(asked.unwrap_or_default()))
                .await
                .is_err()
            {
                break;
            }
        }
        if let End::Agent(attendance) = &self.end {
            let _ = attendance.session.end_session().await;
        }
    }

    /// Opens a chat behind what was followed of it.
    pub(super) async fn open(
        &self,
        chat_ref: &str,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
        match self.chats.get(chat_ref) {
            Some(chat) => Ok(connection.send(chat.open_frame()).await?),
            None => Ok(()),
        }
    }

    /// Connects: by a socket, or by plain calls where those get through and sockets don't.
    async fn connect(&mut self) -> Result<Connection, Error> {
        let query = match &self.end {
            End::Agent(_) => "as=agent".to_owned(),
            End::Customer { .. } => {
                let chat = self.chats.keys().next().map_or("", String::as_str);
                format!("as=customer&chat={chat}")
            }
        };
        let (server, bearer) = (self.server().clone(), self.bearer().clone());
        let error = match Socket::connect(&server, &bearer, &query).await {
            Ok(socket) => {
                self.sockets_failed = 0;
                return Ok(Connection::Socket(Box::new(socket)));
            }
            Err(error) => error,
        };
        if !error.is_about_sockets() {
            return Err(error);
        }
        self.sockets_failed += 1;
        if self.sockets_failed < PATIENCE {
            return Err(Error::Unreachable(error.to_string()));
        }
        server.answers().await?;
        tracing::debug!(%error, "no socket goes through");
        let only = self.only_chat();
        let polling = if self.is_agent() {
            Polling::as_agent(server, bearer, only, query)
        } else {
            Polling::as_customer(server, bearer, query)
        };
        Ok(Connection::Polling(polling))
    }

    /// Works on one connection until it breaks or everything is over.
    async fn work(&mut self, connection: &mut Connection) -> Result<(), Stop> {
        let way = connection.way();
        self.tell(Event::Connection(Some(way))).await?;
        self.gather().await?;
        for chat in self.chats.values() {
            connection.send(chat.open_frame()).await?;
        }
        loop {
            if let Some(line) = self.held.take() {
                self.on_line(line, connection).await?;
            }
            self.flush(connection).await?;
            if self.is_done() {
                self.send_seen(connection).await?;
                return Err(Stop::Over);
            }
            match self.wake(connection).await {
                Wake::Frame(frame) => self.on_frame(frame?, connection).await?,
                Wake::Line(Some(line)) => self.on_line(line, connection).await?,
                Wake::Line(None) => self.is_finishing = true,
                Wake::Shown(Some((chat_id, seq))) => self.on_shown(&chat_id, seq),
                Wake::Shown(None) => return Err(Stop::Over),
                Wake::SeenTime => self.send_seen(connection).await?,
                Wake::RetryTime => self.retry(connection).await?,
                Wake::AnswerTime => self.doubt(),
            }
        }
    }

    async fn wake(&mut self, connection: &mut Connection) -> Wake {
        let takes_lines = !self.is_finishing && self.held.is_none() && self.waiting() < OUTBOX;
        let Channels { lines, shown, .. } = &mut self.channels;
        tokio::select! {
            frame = connection.next() => Wake::Frame(frame),
            line = lines.recv(), if takes_lines => Wake::Line(line),
            shown = shown.recv() => Wake::Shown(shown),
            () = until(self.seen_at) => Wake::SeenTime,
            () = until(self.retry_at) => Wake::RetryTime,
            () = until(self.answer_by) => Wake::AnswerTime,
        }
    }

    /// Something was acknowledged.
    pub(super) fn worked(&mut self) {
        self.backoff.worked();
    }

    /// Nobody says what became of what is on its way: it is sent again, alone.
    pub(super) fn doubt(&mut self) {
        self.answer_by = None;
        for chat in self.chats.values_mut() {
            chat.doubt();
        }
    }

    /// Waits before the next connection, taking what is written in the meantime.
    async fn pause(&mut self, time: Duration) -> Result<(), Stop> {
        let end = Instant::now() + time;
        loop {
            let takes_lines = !self.is_finishing && self.held.is_none();
            let Channels { lines, shown, .. } = &mut self.channels;
            tokio::select! {
                () = sleep_until(end) => return Ok(()),
                line = lines.recv(), if takes_lines => {
                    self.is_finishing = line.is_none();
                    self.held = line;
                    if self.is_done() {
                        return Err(Stop::Over);
                    }
                }
                shown = shown.recv() => match shown {
                    Some((chat_id, seq)) => self.on_shown(&chat_id, seq),
                    None => return Err(Stop::Over),
                },
            }
        }
    }

    fn on_shown(&mut self, chat_id: &str, seq: u64) {
        if let Some(chat) = self.chats.values_mut().find(|chat| chat.chat_id == chat_id) {
            chat.shown(seq);
            self.seen_soon();
        }
    }

    pub(super) fn seen_soon(&mut self) {
        self.seen_at
            .get_or_insert_with(|| Instant::now() + SEEN_DELAY);
    }

    async fn send_seen(&mut self, connection: &mut Connection) -> Result<(), Stop> {
        self.seen_at = None;
        for chat in self.chats.values_mut() {
            if let Some(frame) = chat.seen_frame() {
                connection.send(frame).await?;
            }
        }
        Ok(())
    }

    /// Says why nothing more can be done. A customer's seat may have been closed while nobody was connected.
    pub(super) async fn give_up(&mut self, error: Error) {
        if let Some(reason) = self.closed_meanwhile().await
            && let Some(chat) = self.chats.keys().next().cloned()
        {
            let _ = self.on_closed(&chat, reason).await;
            return;
        }
        let _ = self.complain(None, None, error).await;
    }

    async fn closed_meanwhile(&self) -> Option<SeatClosed> {
        let (End::Customer { server, bearer }, Some(chat)) = (&self.end, self.chats.keys().next())
        else {
            return None;
        };
        crate::customer::view(server, bearer, chat)
            .await
            .ok()?
            .seat
            .closed
    }

    pub(super) async fn with_chat(
        &mut self,
        chat: &str,
        act: impl FnOnce(&mut Conversation, &mut Vec<Event>),
    ) -> Result<(), Stop> {
        let mut events = Vec::new();
        if let Some(chat) = self.chats.get_mut(chat) {
            act(chat, &mut events);
        }
        for event in events {
            self.tell(event).await?;
        }
        Ok(())
    }

    /// Tells whoever listens; if nobody does any more, it is over.
    pub(super) async fn tell(&self, event: Event) -> Result<(), Stop> {
        self.channels
            .events
            .send(event)
            .await
            .map_err(|_| Stop::Over)
    }

    /// Tells what did not work: in a chat, about an own message, or neither.
    pub(super) async fn complain(
        &self,
        chat_id: Option<String>,
        message: Option<(MessageId, Option<String>)>,
        error: Error,
    ) -> Result<(), Stop> {
        let (cid, id) = message.map_or((None, None), |(cid, id)| (Some(cid), id));
        self.tell(Event::Problem(Trouble {
            chat_id,
            cid,
            id,
            error,
        }))
        .await
    }

    /// Whether everything was said, and every chat was opened once: nobody leaves before, so that whoever listens
    /// learns that it worked.
    fn is_done(&self) -> bool {
        self.is_finishing
            && self.waiting() == 0
            && self.is_gathered()
            && self.chats.values().all(|chat| chat.is_ready)
    }

    /// How much is not acknowledged.
    fn waiting(&self) -> usize {
        let held = usize::from(self.held.is_some());
        held + self
            .chats
            .values()
            .map(Conversation::waiting)
            .sum::<usize>()
    }

    pub(super) const fn is_agent(&self) -> bool {
        matches!(self.end, End::Agent(_))
    }

    pub(super) const fn side(&self) -> Side {
        if self.is_agent() {
            Side::Partner
        } else {
            Side::Customer
        }
    }

    pub(super) fn server(&self) -> &Server {
        match &self.end {
            End::Customer { server, .. } => server,
            End::Agent(attendance) => &attendance.session.server,
        }
    }

    pub(super) fn bearer(&self) -> &Bearer {
        match &self.end {
            End::Customer { bearer, .. } => bearer,
            End::Agent(attendance) => &attendance.session.bearer,
        }
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
