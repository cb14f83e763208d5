//! What the engine does about each line that is to be said.

use std::time::Duration;

use tokio::time::Instant;
use wicketgate_protocol::{Code, Problem};

use super::{
    Event, Line, Trouble,
    attend::Joined,
    connection::Connection,
    conversation::{Conversation, Saying, Written},
    engine::{Engine, Stop},
};
use crate::{
    error::{Error, LineError},
    system,
};

/// How long an acknowledgement may take.
const ANSWER: Duration = Duration::from_secs(10);

impl Engine {
    /// Follows a line, or keeps it until its chat is open.
    pub(super) async fn on_line(
        &mut self,
        line: Line,
        connection: &mut Connection,
    ) -> Result<(), Stop> {
        match self.join(line.chat_id.as_deref(), connection).await {
            Ok(Joined::Yes) => self.follow_line(line).await,
            Ok(Joined::NotYet) => {
                self.held = Some(line);
                Ok(())
            }
            Ok(Joined::Never(error)) => self.refuse_line(line, error).await,
            Err(stop) => {
                self.held = Some(line);
                Err(stop)
            }
        }
    }

    async fn follow_line(&mut self, mut line: Line) -> Result<(), Stop> {
        let only_chat = self.only_chat();
        let chat = match (&line.chat_id, only_chat) {
            (Some(chat_id), _) => self
                .chats
                .values_mut()
                .find(|chat| chat.chat_id == *chat_id),
            (None, Some(chat_ref)) => self.chats.get_mut(&chat_ref),
            // An agent of many chats says which one; a customer has one.
            (None, None) => self.chats.values_mut().next(),
        };
        let (text, cid) = (line.text.take(), line.cid);
        match (chat, text, cid) {
            (None, ..) => {
                let problem = Problem::new(Code::NotFound, "There is no such chat.");
                self.refuse_line(line, problem.into()).await
            }
            (Some(chat), Some(text), Some(cid)) => {
                let mut events = Vec::new();
                let saying = Saying {
                    cid,
                    id: line.id.clone(),
                    text,
                    seen: line.seen,
                };
                let written = chat.write(saying, &mut system::random(), &mut events);
                let chat_ref = chat.chat_ref.to_string();
                self.on_written(written, &chat_ref, line).await?;
                for event in events {
                    self.tell(event).await?;
                }
                Ok(())
            }
            (Some(chat), ..) => {
                let chat_ref = chat.chat_ref.to_string();
                self.deal_with(&chat_ref, line).await
            }
        }
    }

    async fn on_written(
        &mut self,
        written: Written,
        chat_ref: &str,
        line: Line,
    ) -> Result<(), Stop> {
        let problem = match written {
            Written::Waiting => return Ok(()),
            Written::Known => return self.deal_with(chat_ref, line).await,
            Written::OtherContent => Problem::new(
                Code::OtherContent,
                "A message of this name was sent before, with another text.",
            ),
            Written::NoSeat => Problem::new(
                Code::NoSeat,
                "Nobody is in this chat yet who could read a message.",
            ),
        };
        self.refuse_line(line, problem.into()).await
    }

    /// Marks what the writer of a line has dealt with.
    async fn deal_with(&mut self, chat_ref: &str, line: Line) -> Result<(), Stop> {
        let Some(seen) = line.seen else {
            return Ok(());
        };
        let chat = self.chats.get_mut(chat_ref);
        if chat.is_some_and(|chat| !chat.deal_with(seen)) {
            let error = LineError::NotGiven(seen).into();
            return self.refuse_line(line, error).await;
        }
        self.seen_soon();
        self.keep(chat_ref).await
    }

    /// A message was acknowledged, and with it what its writer has dealt with.
    pub(super) async fn acknowledged(
        &mut self,
        chat_ref: &str,
        cid: &str,
        seq: u64,
    ) -> Result<(), Stop> {
        self.worked();
        let Some(chat) = self.chats.get_mut(chat_ref) else {
            return Ok(());
        };
        let mut events = Vec::new();
        let seen = chat.acknowledge(cid, seq, &mut events);
        let not_given = seen.filter(|seen| !chat.deal_with(*seen));
        let chat_id = chat.chat_id.clone();
        if seen.is_some() {
            self.seen_soon();
        }
        // Kept before it is told: whoever was told that it is sent need not say it again.
        self.keep(chat_ref).await?;
        for event in events {
            self.tell(event).await?;
        }
        match not_given {
            Some(seen) => {
                let error = LineError::NotGiven(seen).into();
                self.complain(Some(chat_id), None, error).await
            }
            None => Ok(()),
        }
    }

    async fn refuse_line(&self, line: Line, error: Error) -> Result<(), Stop> {
        self.tell(Event::Problem(Trouble {
            chat_id: line.chat_id,
            cid: line.cid,
            id: line.id,
            error,
        }))
        .await
    }

    /// Sends what waits in the chats that are open.
    pub(super) async fn flush(&mut self, connection: &mut Connection) -> Result<(), Stop> {
        self.send_alone().await?;
        for frame in self.chats.values_mut().filter_map(Conversation::next_send) {
            connection.send(frame).await?;
            self.answer_by = Some(Instant::now() + ANSWER);
        }
        let awaits = self.retry_at.is_none() && self.chats.values().any(Conversation::is_sending);
        self.answer_by = self.answer_by.filter(|_| awaits);
        Ok(())
    }

    /// Sends again what was refused for the moment.
    pub(super) async fn retry(&mut self, connection: &mut Connection) -> Result<(), Stop> {
        self.retry_at = None;
        for chat in self.chats.values_mut() {
            if chat.is_open {
                chat.retry();
            } else {
                connection.send(chat.open_frame()).await?;
            }
        }
        Ok(())
    }
}
