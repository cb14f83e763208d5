//! What the other end says: each frame becomes one verb.

use super::{
    LONGEST_FRAME,
    allowance::Verdict,
    connection::Connection,
    outgoing::{Farewell, refusal},
    pace::Offence,
    reading::{self, NoFrame},
};
use crate::{sockets::encoded::frame, typing};
use std::time::Instant;
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};
use wicketgate_domain::{
    ChatRef,
    chat::{ChatError, Cursors},
    message::NewMessage,
};
use wicketgate_protocol::{
    Code, FieldError, Problem,
    frame::{ClientFrame, ServerFrame},
    message::SendRequest,
    wire::parsed,
};

impl Connection {
    /// Takes in what came from the socket.
    pub(super) async fn take(
        &mut self,
        said: Option<Result<Message, tungstenite::Error>>,
    ) -> Result<(), Farewell> {
        self.silent = 0;
        match said {
            None => Err(Farewell::Gone),
            Some(Err(error)) => Err(self.refuse_broken(&error)),
            Some(Ok(Message::Text(text))) if text.len() <= LONGEST_FRAME => {
                self.take_frame(&text).await
            }
            Some(Ok(Message::Text(_))) => Err(self.refuse_large()),
            Some(Ok(Message::Binary(_))) => {
                let sentence = "Frames are JSON texts; this one was binary.";
                self.out
                    .refuse(Problem::new(Code::NotJson, sentence), None, None);
                Err(Farewell::Binary)
            }
            // A ping is answered by whoever reads it.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => match self.count() {
                Verdict::Take | Verdict::Refuse => Ok(()),
                Verdict::Close => Err(Farewell::Flood),
            },
            // Bare frames are written, never read.
            Some(Ok(Message::Close(_) | Message::Frame(_))) => Err(Farewell::Answered),
        }
    }

    fn refuse_broken(&mut self, error: &tungstenite::Error) -> Farewell {
        match error {
            tungstenite::Error::Capacity(_) => self.refuse_large(),
            tungstenite::Error::Protocol(
                tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
            ) => Farewell::Gone,
            tungstenite::Error::Protocol(_) | tungstenite::Error::Utf8(_) => Farewell::Protocol,
            tungstenite::Error::Io(error) => {
                Offence::of(error).map_or(Farewell::Gone, Farewell::Offence)
            }
            _ => Farewell::Gone,
        }
    }

    fn refuse_large(&mut self) -> Farewell {
        let sentence = "A frame is at most 64 KiB.";
        self.out
            .refuse(Problem::new(Code::TooLarge, sentence), None, None);
        Farewell::TooLarge
    }

    fn count(&mut self) -> Verdict {
        self.allowance
            .as_mut()
            .map_or(Verdict::Take, |allowance| allowance.take(Instant::now()))
    }

    async fn take_frame(&mut self, text: &Utf8Bytes) -> Result<(), Farewell> {
        let verdict = self.count();
        if verdict == Verdict::Close {
            return Err(Farewell::Flood);
        }
        let said = match reading::frame(text) {
            Ok(said) => said,
            Err(NoFrame { problem, chat, cid }) => {
                self.out.refuse(*problem, chat, cid);
                return Ok(());
            }
        };
        if verdict == Verdict::Refuse {
            let (chat, cid) = names(said);
            self.out.refuse(too_many(), chat, cid);
            return Ok(());
        }
        match said {
            ClientFrame::Open { chat, after } => {
                if let Some(chat) = self.enter(&chat) {
                    return Box::pin(self.open(chat, after)).await;
                }
            }
            ClientFrame::Send {
                chat,
                cid,
                seat,
                body,
            } => {
                let request = SendRequest { cid, seat, body };
                self.send(chat, request);
            }
            ClientFrame::Seen {
                chat,
                delivered,
                read,
            } => {
                let cursors = Cursors { delivered, read };
                if let Some(entered) = self.enter(&chat)
                    && !self.work.mark(entered, cursors)
                {
                    self.out.refuse(too_many(), Some(chat), None);
                }
            }
            ClientFrame::Typing { chat, typing } => {
                if let Some(chat) = self.enter(&chat) {
                    Box::pin(self.type_in(chat, typing)).await;
                }
            }
            ClientFrame::Since { cursor } => Box::pin(self.follow(cursor.as_deref())).await,
            ClientFrame::Ping {} => self.out.say(&ServerFrame::Pong),
        }
        Ok(())
    }

    /// The chat of that name, if the other end may name it at all; otherwise it is refused.
    fn enter(&mut self, text: &str) -> Option<ChatRef> {
        match self.may_enter(text) {
            Ok(chat) => Some(chat),
            Err(problem) => {
                self.out.refuse(problem, Some(text.to_owned()), None);
                None
            }
        }
    }

    fn may_enter(&self, text: &str) -> Result<ChatRef, Problem> {
        let chat = parsed("chat", text)?;
        if self.listener.who().may_enter(chat) {
            return Ok(chat);
        }
        Err(ChatError::NotFound.into())
    }

    fn send(&mut self, chat: String, request: SendRequest) {
        let cid = request.cid.clone();
        let message = match self.message(&chat, request) {
            Ok(message) => message,
            Err(problem) => return self.out.refuse(problem, Some(chat), Some(cid)),
        };
        let (app, who) = (self.app.clone(), self.listener.who().clone());
        self.work.send(Box::pin(async move {
            Some(match app.store.send(&who, message).await {
                Ok(sent) => frame(&ServerFrame::Ack {
                    chat,
                    cid,
                    seq: sent.message.seq,
                    at: sent.message.at.into(),
                }),
                Err(error) => refusal(error, Some(chat), Some(cid)),
            })
        }));
    }

    fn message(&self, chat: &str, request: SendRequest) -> Result<NewMessage, Problem> {
        let chat = self.may_enter(chat)?;
        let message: Result<_, FieldError> = request.into_message(chat, self.app.now());
        Ok(message?)
    }

    async fn type_in(&mut self, chat: ChatRef, typing: bool) {
        let typed = match self.listener.told(chat) {
            Some(_) => typing::tell(&self.app, self.listener.who(), chat, typing).await,
            // Typing is for those who look at the chat.
            None => Err(ChatError::NotFound),
        };
        if let Err(error) = typed {
            self.out.refuse(error, Some(chat.to_string()), None);
        }
    }
}

fn too_many() -> Problem {
    Problem::new(Code::TooManyRequests, "Too many frames; wait a moment.").with_retry_after(1)
}

/// The chat and the message that a frame names.
fn names(said: ClientFrame) -> (Option<String>, Option<String>) {
    match said {
        ClientFrame::Send { chat, cid, .. } => (Some(chat), Some(cid)),
        ClientFrame::Open { chat, .. }
        | ClientFrame::Seen { chat, .. }
        | ClientFrame::Typing { chat, .. } => (Some(chat), None),
        ClientFrame::Since { .. } | ClientFrame::Ping {} => (None, None),
    }
}
