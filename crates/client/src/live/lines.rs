//! What the engine does about each line that is to be said.

use std::time::Duration;

use tokio::time::Instant;
use wicketgate_protocol::{Code, Problem};

use super::{
    Line,
    attend::Joined,
    conversation::Conversation,
    engine::{Engine, Stop},
    socket::Socket,
};
use crate::ambient;

/// How long an acknowledgement may take.
const ANSWER: Duration = Duration::from_secs(10);

impl Engine {
    /// Writes a line into its chat, or keeps it until the chat is open.
    pub(super) async fn on_line(&mut self, line: Line, socket: &mut Socket) -> Result<(), Stop> {
        match self.join(line.chat_id.as_deref(), socket).await {
            Ok(Joined::Yes) => self.write(line).await,
            Ok(Joined::NotYet) => {
                self.held = Some(line);
                Ok(())
            }
            Ok(Joined::Never(error)) => self.complain(line.chat_id, Some(line.cid), error).await,
            Err(stop) => {
                self.held = Some(line);
                Err(stop)
            }
        }
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
        self.complain(chat_id, Some(cid), problem.into()).await
    }

    /// Sends what waits in the chats that are open.
    pub(super) async fn flush(&mut self, socket: &mut Socket) -> Result<(), Stop> {
        self.send_alone().await?;
        for chat in self.chats.values_mut() {
            if let Some(frame) = chat.next_send() {
                socket.send(&frame).await?;
                self.answer_by = Some(Instant::now() + ANSWER);
            }
        }
        let awaits = self.retry_at.is_none() && self.chats.values().any(Conversation::is_sending);
        self.answer_by = self.answer_by.filter(|_| awaits);
        Ok(())
    }

    /// Sends again what was refused for the moment.
    pub(super) async fn retry(&mut self, socket: &mut Socket) -> Result<(), Stop> {
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
}
