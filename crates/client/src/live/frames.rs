//! What the engine does about each frame that comes.

use std::time::Duration;

use tokio::time::Instant;
use wicketgate_protocol::{
    Base64, Code, Problem,
    chat::Cursors,
    frame::ServerFrame,
    message::{Message, MessageList},
    problem::SeatClosed,
};

use super::{
    Event,
    connection::Connection,
    conversation::{Conversation, Reception},
    engine::{Engine, Stop},
};
use crate::error::{Error, is_passing};

/// How long a refused frame waits for its next try, unless the server says.
const RETRY: Duration = Duration::from_secs(1);

impl Engine {
    /// Follows a frame.
    pub(super) async fn on_frame(
        &mut self,
        frame: ServerFrame,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
        match frame {
            ServerFrame::Opened {
                chat,
                last_seq,
                transcript,
                partner,
                customer,
                online,
            } => {
                let peer = if self.is_agent() { customer } else { partner };
                let transcript = transcript.as_ref();
                self.with_chat(&chat, |chat, events| {
                    on_opened(chat, transcript, last_seq, events);
                    events.push(Event::Presence {
                        chat_id: chat.chat_id.clone(),
                        online,
                    });
                    chat.peer_seen(peer, events);
                })
                .await
            }
            ServerFrame::Message(message) => self.on_message(&message, connection).await,
            ServerFrame::Ack { chat, cid, seq, .. } => self.acknowledged(&chat, &cid, seq).await,
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
            ServerFrame::Seat { seat, .. } => self.on_seat(*seat, connection).await,
            ServerFrame::Chat { chat } => self.on_chat(*chat, connection).await,
            ServerFrame::Resync { chat: Some(chat) } => self.fetch(&chat, connection).await,
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
            | ServerFrame::Upto { .. }
            | ServerFrame::Present { .. }
            | ServerFrame::Reset {}
            | ServerFrame::Pong => Ok(()),
        }
    }

    async fn on_message(
        &mut self,
        message: &Message,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
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
                // Kept before it is told: what was told counts as given.
                self.keep(&message.chat).await?;
                self.tell(Event::Message(*incoming)).await
            }
            Ok(Reception::Known) => self.keep(&message.chat).await,
            Ok(Reception::Gap) => self.open(&message.chat, connection).await,
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
        self.complain(chat_id, None, error).await
    }

    /// Fetches what was missed page by page, then opens the chat behind it.
    async fn fetch(&mut self, chat_ref: &str, connection: &mut Connection) -> Result<(), Stop> {
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
                chat.opened(page.transcript.as_ref(), page.last_seq);
            }
            for message in &page.messages {
                Box::pin(self.on_message(message, connection)).await?;
            }
            let followed = self.chats.get(chat_ref).map_or(0, Conversation::newest);
            if followed == newest || followed >= page.last_seq {
                return self.open(chat_ref, connection).await;
            }
        }
    }

    /// Sends what was refused for now again, after a while.
    pub(super) fn retry_soon(&mut self, asked: Option<u64>) {
        let wait = asked.map_or(RETRY, Duration::from_secs);
        self.retry_at = Some(Instant::now() + wait);
    }

    pub(super) async fn on_problem(
        &mut self,
        problem: Problem,
        chat: Option<&str>,
        cid: Option<&str>,
    ) -> Result<(), Stop> {
        if is_passing(&problem) {
            self.retry_soon(problem.retry_after);
            return Ok(());
        }
        if chat.is_none() && cid.is_none() {
            // It may have been said of any frame.
            self.doubt();
        }
        if problem.code == Code::Unauthenticated {
            self.give_up(problem.into()).await;
            return Err(Stop::Over);
        }
        let (seat_closed, code) = (problem.seat_closed, problem.code);
        let conversation = chat.and_then(|chat| self.chats.get_mut(chat));
        let chat_id = conversation.as_ref().map(|chat| chat.chat_id.clone());
        let never_opens = conversation
            .as_ref()
            .is_some_and(|chat| !chat.is_open && cid.is_none());
        match conversation.and_then(|chat| chat.refuse(cid?)) {
            Some((cid, ids)) => {
                for id in ids {
                    let error = problem.clone().into();
                    self.complain(chat_id.clone(), Some((cid, id)), error)
                        .await?;
                }
            }
            None => self.complain(chat_id, None, problem.into()).await?,
        }
        if never_opens
            && let Some(chat) = chat
            && self.is_agent()
        {
            self.chats.remove(chat);
        }
        match (chat, code) {
            (Some(chat), Code::ChatEnded) => self.on_closed(chat, SeatClosed::ChatEnded).await,
            (Some(chat), Code::SeatClosed) if !self.is_agent() => {
                self.on_closed(chat, seat_closed.unwrap_or(SeatClosed::Superseded))
                    .await
            }
            // A customer has no other chat.
            _ if never_opens && !self.is_agent() => Err(Stop::Over),
            _ => Ok(()),
        }
    }

    /// A chat takes nothing more from this side.
    pub(super) async fn on_closed(
        &mut self,
        chat_ref: &str,
        reason: SeatClosed,
    ) -> Result<(), Stop> {
        // For an agent a replaced seat is no end: the next customer is there already.
        if self.is_agent() && reason == SeatClosed::Superseded {
            return Ok(());
        }
        let Some(mut chat) = self.chats.remove(chat_ref) else {
            return Ok(());
        };
        for (cid, ids) in chat.drop_outbox() {
            for id in ids {
                let error = Problem::new(
                    Code::ChatEnded,
                    "The chat ended before this message was sent.",
                );
                self.complain(Some(chat.chat_id.clone()), Some((cid, id)), error.into())
                    .await?;
            }
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
}

fn on_opened(
    chat: &mut Conversation,
    transcript: Option<&Base64>,
    last: u64,
    events: &mut Vec<Event>,
) {
    chat.opened(transcript, last);
    if !std::mem::replace(&mut chat.is_ready, true) {
        events.push(Event::Ready {
            chat_id: Some(chat.chat_id.clone()),
        });
    }
}
