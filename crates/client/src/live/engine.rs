//! The one task behind a conversation: it owns every state, so nothing needs a lock.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::{Instant, sleep_until};
use wicketgate_crypto::ids::MessageId;
use wicketgate_protocol::{
    Code, Problem,
    chat::Cursors,
    frame::ServerFrame,
    message::{Message, MessageList, Side},
    problem::SeatState,
};

use super::{
    Attention, Channels, Event, Line,
    attend::Attendance,
    conversation::{Conversation, Reception},
    socket::{Lost, Socket},
};
use crate::{
    ambient,
    backoff::Backoff,
    customer::Customer,
    desk::Desk,
    error::{Error, is_passing},
    seat::SeatKeys,
    server::{Bearer, Server},
};

/// Cursors that move within this time go out as one frame.
const SEEN_DELAY: Duration = Duration::from_millis(30);

/// The most unacknowledged messages; then writers wait.
const OUTBOX: usize = 64;

/// How long a refused frame waits for its next try, unless the server says.
const RETRY: Duration = Duration::from_secs(1);

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
    /// It is over.
    Over,
}

impl From<Lost> for Stop {
    fn from(Lost: Lost) -> Self {
        Self::Lost
    }
}

/// Owns the chats and follows commands and frames.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) end: End,
    /// By the text of their reference.
    pub(super) chats: BTreeMap<String, Conversation>,
    channels: Channels,
    /// No writer is left.
    is_finishing: bool,
    seen_at: Option<Instant>,
    retry_at: Option<Instant>,
}

/// What woke the engine.
enum Wake {
    Frame(Result<ServerFrame, Lost>),
    Line(Option<Line>),
    Shown(Option<(String, u64)>),
    SeenTime,
    RetryTime,
}

impl Engine {
    pub(super) fn of_customer(customer: Customer, channels: Channels) -> Self {
        let newest = customer.first_seq.saturating_sub(1);
        let mut chat = Conversation::new(
            customer.chat_ref,
            customer.chat_id.clone(),
            Side::Customer,
            newest,
        );
        let (server, seat) = (customer.server.clone(), customer.seat);
        let (bearer, keys) = SeatKeys::of_customer(customer);
        chat.live_seat = Some(seat);
        chat.add_seat(seat, keys);
        Self::new(End::Customer { server, bearer }, Some(chat), channels)
    }

    pub(super) fn of_agent(desk: Desk, attention: Attention, channels: Channels) -> Self {
        Self::new(
            End::Agent(Box::new(Attendance::new(desk, attention))),
            None,
            channels,
        )
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
            is_finishing: false,
            seen_at: None,
            retry_at: None,
        }
    }

    /// Connects again and again until everything is said or nothing more can be.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::default();
        loop {
            match self.connect().await {
                Ok(mut socket) => {
                    backoff.reset();
                    let stop = self.work(&mut socket).await;
                    for chat in self.chats.values_mut() {
                        chat.disconnect();
                    }
                    if matches!(stop, Err(Stop::Over)) {
                        socket.close().await;
                        break;
                    }
                    if self.tell(Event::Connected(false)).await.is_err() {
                        break;
                    }
                }
                Err(error) if error.is_passing() => {
                    tracing::debug!(%error, "not connected");
                    if self.is_finishing && self.waiting() == 0 {
                        break;
                    }
                }
                Err(error) => {
                    self.give_up(error).await;
                    break;
                }
            }
            if self
                .pause(backoff.next(&mut ambient::random()))
                .await
                .is_err()
            {
                break;
            }
        }
        if let End::Agent(attendance) = &self.end {
            let _ = attendance.desk.end_session().await;
        }
    }

    async fn connect(&self) -> Result<Socket, Error> {
        let query = match &self.end {
            End::Agent(_) => "as=agent".to_owned(),
            End::Customer { .. } => {
                let chat = self.chats.keys().next().map_or("", String::as_str);
                format!("as=customer&chat={chat}")
            }
        };
        Socket::connect(self.server(), self.bearer(), &query).await
    }

    /// Works on one connection until it breaks or everything is over.
    async fn work(&mut self, socket: &mut Socket) -> Result<(), Stop> {
        self.tell(Event::Connected(true)).await?;
        self.gather().await?;
        for chat in self.chats.values() {
            socket.send(&chat.open_frame()).await?;
        }
        loop {
            self.flush(socket).await?;
            if self.is_finishing && self.waiting() == 0 {
                self.send_seen(socket).await?;
                return Err(Stop::Over);
            }
            match self.wake(socket).await {
                Wake::Frame(frame) => self.on_frame(frame?, socket).await?,
                Wake::Line(Some(line)) => self.on_line(line, socket).await?,
                Wake::Line(None) => self.is_finishing = true,
                Wake::Shown(Some((chat_id, seq))) => self.on_shown(&chat_id, seq),
                Wake::Shown(None) => return Err(Stop::Over),
                Wake::SeenTime => self.send_seen(socket).await?,
                Wake::RetryTime => self.retry(socket).await?,
            }
        }
    }

    async fn wake(&mut self, socket: &mut Socket) -> Wake {
        let takes_lines = !self.is_finishing && self.waiting() < OUTBOX;
        let Channels { lines, shown, .. } = &mut self.channels;
        tokio::select! {
            frame = socket.next() => Wake::Frame(frame),
            line = lines.recv(), if takes_lines => Wake::Line(line),
            shown = shown.recv() => Wake::Shown(shown),
            () = until(self.seen_at) => Wake::SeenTime,
            () = until(self.retry_at) => Wake::RetryTime,
        }
    }

    /// Waits before the next connection, taking what is written in the meantime.
    async fn pause(&mut self, time: Duration) -> Result<(), Stop> {
        let end = Instant::now() + time;
        loop {
            let takes_lines =
                !self.is_finishing && self.waiting() < OUTBOX && self.can_write_offline();
            let Channels { lines, shown, .. } = &mut self.channels;
            tokio::select! {
                () = sleep_until(end) => return Ok(()),
                line = lines.recv(), if takes_lines => match line {
                    Some(line) => self.write(line).await?,
                    None => self.is_finishing = true,
                },
                shown = shown.recv() => match shown {
                    Some((chat_id, seq)) => self.on_shown(&chat_id, seq),
                    None => return Err(Stop::Over),
                },
            }
        }
    }

    /// Sends what waits in the chats that are open.
    async fn flush(&mut self, socket: &mut Socket) -> Result<(), Stop> {
        for chat in self.chats.values_mut() {
            if let Some(frame) = chat.next_send() {
                socket.send(&frame).await?;
            }
        }
        Ok(())
    }

    async fn on_frame(&mut self, frame: ServerFrame, socket: &mut Socket) -> Result<(), Stop> {
        match frame {
            ServerFrame::Opened {
                chat,
                transcript,
                partner,
                customer,
                online,
                ..
            } => {
                let peer = if self.is_agent() { customer } else { partner };
                self.on_opened(&chat, transcript.as_ref(), peer, online)
                    .await
            }
            ServerFrame::Message(message) => self.on_message(&message, socket).await,
            ServerFrame::Ack { chat, cid, seq, .. } => {
                self.with_chat(&chat, |chat, events| chat.acknowledge(&cid, seq, events))
                    .await
            }
            ServerFrame::Seen {
                chat,
                by,
                delivered,
                read,
                ..
            } if by != self.side() => {
                self.with_chat(&chat, |chat, events| {
                    chat.peer_seen(Cursors { delivered, read }, events);
                })
                .await
            }
            ServerFrame::Presence { chat, by, online } if by != self.side() => {
                self.with_chat(&chat, |chat, events| {
                    events.push(Event::Presence {
                        chat_id: chat.chat_id.clone(),
                        online,
                    });
                })
                .await
            }
            ServerFrame::Seat { seat } => self.on_seat(seat, socket).await,
            ServerFrame::Chat { chat } => self.on_chat(chat, socket).await,
            ServerFrame::Resync { chat: Some(chat) } => self.fetch(&chat, socket).await,
            // Everything may have been missed: a new connection asks for all of it.
            ServerFrame::Resync { chat: None } => Err(Stop::Lost),
            ServerFrame::Problem { problem, chat, cid } => {
                self.on_problem(problem, chat.as_deref(), cid.as_deref())
                    .await
            }
            ServerFrame::Closed { chat, reason } => self.on_closed(&chat, reason).await,
            ServerFrame::Seen { .. }
            | ServerFrame::Presence { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Link { .. }
            | ServerFrame::Pong => Ok(()),
        }
    }

    async fn on_opened(
        &mut self,
        chat: &str,
        transcript: Option<&wicketgate_protocol::Base64>,
        peer: Cursors,
        online: bool,
    ) -> Result<(), Stop> {
        self.with_chat(chat, |chat, events| {
            chat.opened(transcript);
            if !chat.is_ready {
                chat.is_ready = true;
                events.push(Event::Ready {
                    chat_id: Some(chat.chat_id.clone()),
                });
            }
            events.push(Event::Presence {
                chat_id: chat.chat_id.clone(),
                online,
            });
            chat.peer_seen(peer, events);
        })
        .await
    }

    async fn on_message(&mut self, message: &Message, socket: &mut Socket) -> Result<(), Stop> {
        let Some(chat) = self.chats.get_mut(&message.chat) else {
            return Ok(());
        };
        let mut reception = chat.receive(message);
        if matches!(reception, Ok(Reception::UnknownSeat)) {
            reception = match self.fetch_seats(&message.chat).await {
                Ok(()) => match self.chats.get_mut(&message.chat) {
                    Some(chat) => chat.receive(message),
                    None => return Ok(()),
                },
                Err(error) if error.is_passing() => return Err(Stop::Lost),
                Err(error) => Err(error),
            };
        }
        match reception {
            Ok(Reception::Show(incoming)) => {
                self.seen_soon();
                self.tell(Event::Message(*incoming)).await
            }
            Ok(Reception::Known) => Ok(()),
            Ok(Reception::Gap) => self.reopen(&message.chat, socket).await,
            Ok(Reception::UnknownSeat) => {
                let error = Error::Untrusted(
                    "a message belongs to a seat that opens with no key of this partner",
                );
                self.pass_over(message, error).await
            }
            Err(error) => self.pass_over(message, error).await,
        }
    }

    /// Tells that a message can't be followed, and goes on behind it.
    async fn pass_over(&mut self, message: &Message, error: Error) -> Result<(), Stop> {
        let Some(chat) = self.chats.get_mut(&message.chat) else {
            return Ok(());
        };
        chat.skip(message);
        let chat_id = Some(chat.chat_id.clone());
        self.tell(Event::Problem {
            chat_id,
            cid: None,
            error,
        })
        .await
    }

    async fn reopen(&mut self, chat: &str, socket: &mut Socket) -> Result<(), Stop> {
        match self.chats.get(chat) {
            Some(chat) => Ok(socket.send(&chat.open_frame()).await?),
            None => Ok(()),
        }
    }

    /// Fetches what was missed page by page, then opens the chat behind it.
    async fn fetch(&mut self, chat_ref: &str, socket: &mut Socket) -> Result<(), Stop> {
        loop {
            let Some(chat) = self.chats.get_mut(chat_ref) else {
                return Ok(());
            };
            let newest = chat.newest();
            let role = if self.is_agent() { "agent" } else { "customer" };
            let path = format!("/api/chats/{chat_ref}/messages?after={newest}&limit=200&as={role}");
            let page: MessageList = self
                .server()
                .get(&path, Some(self.bearer()))
                .await
                .map_err(|_| Stop::Lost)?;
            if let Some(chat) = self.chats.get_mut(chat_ref) {
                chat.opened(page.transcript.as_ref());
            }
            for message in &page.messages {
                Box::pin(self.on_message(message, socket)).await?;
            }
            let followed = self.chats.get(chat_ref).map_or(0, Conversation::newest);
            if followed == newest || followed >= page.last_seq {
                return self.reopen(chat_ref, socket).await;
            }
        }
    }

    async fn on_problem(
        &mut self,
        problem: Problem,
        chat: Option<&str>,
        cid: Option<&str>,
    ) -> Result<(), Stop> {
        if is_passing(&problem) {
            let wait = problem.retry_after.map_or(RETRY, Duration::from_secs);
            self.retry_at = Some(Instant::now() + wait);
            return Ok(());
        }
        if problem.code == Code::Unauthenticated {
            self.give_up(problem.into()).await;
            return Err(Stop::Over);
        }
        let (seat_state, code) = (problem.seat_state, problem.code);
        let conversation = chat.and_then(|chat| self.chats.get_mut(chat));
        let chat_id = conversation.as_ref().map(|chat| chat.chat_id.clone());
        let refused = conversation.and_then(|chat| chat.refuse(cid?));
        self.tell(Event::Problem {
            chat_id,
            cid: refused,
            error: problem.into(),
        })
        .await?;
        match (chat, code) {
            (Some(chat), Code::ChatEnded) => self.on_closed(chat, SeatState::Ended).await,
            (Some(chat), Code::SeatClosed) if !self.is_agent() => {
                self.on_closed(chat, seat_state.unwrap_or(SeatState::Replaced))
                    .await
            }
            _ => Ok(()),
        }
    }

    /// A chat takes nothing more from this side.
    pub(super) async fn on_closed(
        &mut self,
        chat_ref: &str,
        reason: SeatState,
    ) -> Result<(), Stop> {
        // For an agent a replaced seat is no end: the next customer is there already.
        if self.is_agent() && reason == SeatState::Replaced {
            return Ok(());
        }
        let Some(mut chat) = self.chats.remove(chat_ref) else {
            return Ok(());
        };
        for cid in chat.drop_outbox() {
            let error = Problem::new(
                Code::ChatEnded,
                "The chat ended before this message was sent.",
            )
            .into();
            self.tell(Event::Problem {
                chat_id: Some(chat.chat_id.clone()),
                cid: Some(cid),
                error,
            })
            .await?;
        }
        self.tell(Event::Ended {
            chat_id: chat.chat_id,
            reason,
        })
        .await?;
        if self.chats.is_empty() && !self.attends_all() {
            Err(Stop::Over)
        } else {
            Ok(())
        }
    }

    async fn on_line(&mut self, line: Line, socket: &mut Socket) -> Result<(), Stop> {
        self.join(line.chat_id.as_deref(), socket).await?;
        self.write(line).await
    }

    async fn write(&mut self, line: Line) -> Result<(), Stop> {
        let Line { cid, chat_id, text } = line;
        let chat = match &chat_id {
            Some(chat_id) => self
                .chats
                .values_mut()
                .find(|chat| chat.chat_id == *chat_id),
            None => self.chats.values_mut().next(),
        };
        let problem = match chat {
            None => Problem::new(Code::NotFound, "There is no such chat."),
            Some(chat) => {
                if chat.write(cid, &text, &mut ambient::random()).is_some() {
                    return Ok(());
                }
                Problem::new(
                    Code::NoSeat,
                    "Nobody is in this chat yet who could read a message.",
                )
            }
        };
        self.tell(Event::Problem {
            chat_id,
            cid: Some(cid),
            error: problem.into(),
        })
        .await
    }

    fn on_shown(&mut self, chat_id: &str, seq: u64) {
        if let Some(chat) = self.chats.values_mut().find(|chat| chat.chat_id == chat_id) {
            chat.shown(seq);
            self.seen_soon();
        }
    }

    fn seen_soon(&mut self) {
        self.seen_at
            .get_or_insert_with(|| Instant::now() + SEEN_DELAY);
    }

    async fn send_seen(&mut self, socket: &mut Socket) -> Result<(), Stop> {
        self.seen_at = None;
        for chat in self.chats.values_mut() {
            if let Some(frame) = chat.seen_frame() {
                socket.send(&frame).await?;
            }
        }
        Ok(())
    }

    async fn retry(&mut self, socket: &mut Socket) -> Result<(), Stop> {
        self.retry_at = None;
        for chat in self.chats.values_mut() {
            if chat.is_open {
                chat.retry();
            } else {
                socket.send(&chat.open_frame()).await?;
            }
        }
        Ok(())
    }

    /// Says why nothing more can be done. A customer's seat may have been closed while nobody was connected.
    async fn give_up(&mut self, error: Error) {
        if let Some(reason) = self.closed_meanwhile().await
            && let Some(chat) = self.chats.keys().next().cloned()
        {
            let _ = self.on_closed(&chat, reason).await;
            return;
        }
        let unsent: Vec<MessageId> = self
            .chats
            .values_mut()
            .flat_map(Conversation::drop_outbox)
            .collect();
        tracing::debug!(unsent = unsent.len(), "given up");
        let _ = self
            .tell(Event::Problem {
                chat_id: None,
                cid: None,
                error,
            })
            .await;
    }

    async fn closed_meanwhile(&self) -> Option<SeatState> {
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

    fn waiting(&self) -> usize {
        self.chats.values().map(Conversation::waiting).sum()
    }

    const fn is_agent(&self) -> bool {
        matches!(self.end, End::Agent(_))
    }

    const fn side(&self) -> Side {
        if self.is_agent() {
            Side::Partner
        } else {
            Side::Customer
        }
    }

    fn server(&self) -> &Server {
        match &self.end {
            End::Customer { server, .. } => server,
            End::Agent(attendance) => &attendance.desk.server,
        }
    }

    fn bearer(&self) -> &Bearer {
        match &self.end {
            End::Customer { bearer, .. } => bearer,
            End::Agent(attendance) => &attendance.desk.bearer,
        }
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
