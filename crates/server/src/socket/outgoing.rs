//! The way out of a connection: frames are gathered and written together, and a reader who does not read is left.

use super::pace::{Offence, Paced};
use crate::{http::problem::ApiError, sockets::encoded::frame};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use std::{
    future::poll_fn,
    mem,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message, Utf8Bytes,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use wicketgate_domain::seat::SeatClosed;
use wicketgate_protocol::frame::ServerFrame;

/// The frames of a connection that was a request.
pub(super) type WebSocket = WebSocketStream<Paced<TokioIo<Upgraded>>>;

/// How long the other end may take to make room for one more frame.
const STALL: Duration = Duration::from_secs(10);

/// How long the other end may take to answer a close frame.
const ANSWER: Duration = Duration::from_secs(1);

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Farewell {
    /// It is gone already, or does not read.
    Gone,
    /// The other end said goodbye.
    Answered,
    /// The server stops.
    Stopping,
    /// The credential is no longer good.
    Expelled,
    /// The seat is no longer live.
    SeatClosed(SeatClosed),
    /// A frame was larger than it may be.
    TooLarge,
    /// A frame was not text.
    Binary,
    /// A frame broke the rules of the protocol.
    Protocol,
    /// Too many frames came.
    Flood,
    /// A message did not come as messages should.
    Offence(Offence),
}

impl Farewell {
    /// The code (RFC 6455, section 7.4) and the words of the close frame; none when nobody would read it.
    const fn words(self) -> Option<(CloseCode, &'static str)> {
        Some(match self {
            Self::Gone | Self::Answered => return None,
            Self::Stopping => (CloseCode::Away, "the server restarts"),
            Self::Expelled => (CloseCode::Policy, "signed out"),
            Self::SeatClosed(SeatClosed::Superseded) => (CloseCode::Normal, "superseded"),
            Self::SeatClosed(SeatClosed::ChatEnded) => (CloseCode::Normal, "chat ended"),
            Self::TooLarge => (CloseCode::Size, "a frame is at most 64 KiB"),
            Self::Binary => (CloseCode::Unsupported, "frames are JSON text"),
            Self::Protocol => (CloseCode::Protocol, "broken frame"),
            Self::Flood => (CloseCode::Policy, "too many frames"),
            Self::Offence(Offence::Slow) => (CloseCode::Policy, "a frame took too long"),
            Self::Offence(Offence::Crumbs) => {
                (CloseCode::Policy, "a message came in too many pieces")
            }
        })
    }
}

/// A refusal as a frame.
pub(super) fn refusal(
    why: impl Into<ApiError>,
    chat: Option<String>,
    cid: Option<String>,
) -> Utf8Bytes {
    let problem = *why.into().0;
    frame(&ServerFrame::Problem { problem, chat, cid })
}

/// The socket, and the frames that are to go out next.
pub(super) struct Outgoing {
    pub(super) socket: WebSocket,
    pub(super) frames: Vec<Utf8Bytes>,
    /// Whether the other end is to be asked for a sign of life.
    pub(super) ping: bool,
}

impl Outgoing {
    pub(super) const fn new(socket: WebSocket) -> Self {
        Self {
            socket,
            frames: Vec::new(),
            ping: false,
        }
    }

    /// Adds a frame.
    pub(super) fn say(&mut self, said: &ServerFrame) {
        self.frames.push(frame(said));
    }

    /// Adds a refusal.
    pub(super) fn refuse(
        &mut self,
        why: impl Into<ApiError>,
        chat: Option<String>,
        cid: Option<String>,
    ) {
        self.frames.push(refusal(why, chat, cid));
    }

    /// Whether anything waits to be written.
    pub(super) const fn is_empty(&self) -> bool {
        self.frames.is_empty() && !self.ping
    }

    /// Writes what was added. `meanwhile` is polled as long as the other end makes it wait.
    pub(super) async fn flush(
        &mut self,
        mut meanwhile: impl FnMut(&mut Context<'_>),
    ) -> Result<(), Farewell> {
        let frames = mem::take(&mut self.frames).into_iter().map(Message::Text);
        let ping = mem::take(&mut self.ping).then(|| Message::Ping(Bytes::new()));
        for message in frames.chain(ping) {
            self.wait(&mut meanwhile, |socket, context| {
                socket.poll_ready_unpin(context)
            })
            .await?;
            self.socket
                .start_send_unpin(message)
                .map_err(|_| Farewell::Gone)?;
        }
        self.wait(&mut meanwhile, |socket, context| {
            socket.poll_flush_unpin(context)
        })
        .await
    }

    async fn wait(
        &mut self,
        mut meanwhile: impl FnMut(&mut Context<'_>),
        mut step: impl FnMut(&mut WebSocket, &mut Context<'_>) -> Poll<Result<(), tungstenite::Error>>,
    ) -> Result<(), Farewell> {
        let stepped = poll_fn(|context| {
            let stepped = step(&mut self.socket, context);
            if stepped.is_pending() {
                meanwhile(context);
            }
            stepped
        });
        match timeout(STALL, stepped).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Farewell::Gone),
        }
    }

    /// Writes what was added, says why the connection ends, and gives the other end a moment to read it.
    pub(super) async fn leave(mut self, why: Farewell) {
        if why == Farewell::Gone || self.flush(|_| {}).await.is_err() {
            return;
        }
        let goodbye = async {
            if let Some((code, reason)) = why.words() {
                let reason = reason.into();
                let close = Message::Close(Some(CloseFrame { code, reason }));
                self.socket.send(close).await?;
            }
            // Where the other end said goodbye first, reading is what answers it.
            while let Some(Ok(_)) = self.socket.next().await {}
            self.socket.get_mut().part().await?;
            Ok::<(), tungstenite::Error>(())
        };
        // Whoever does not answer in time is not waited for.
        drop(timeout(ANSWER, goodbye).await);
    }
}
