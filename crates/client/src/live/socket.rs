//! The socket as frames: connects, asks whether anyone is there, and notices when nobody is.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::Upgraded;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        protocol::{Role, WebSocketConfig},
    },
};
use wicketgate_protocol::frame::{ClientFrame, ServerFrame};

use super::lost::Lost;
use crate::{
    error::Error,
    server::{Bearer, Server},
};

/// From the call to the first word from the other end. Some middlemen let a socket open and carry nothing.
const HANDSHAKE: Duration = Duration::from_secs(8);

/// After this much silence the client asks whether anyone is there.
const QUIET: Duration = Duration::from_secs(20);

/// How long the answer to that may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest frame that is read, in bytes: the server's are 64 KiB at the most.
const LONGEST_FRAME: usize = 1 << 20;

/// An open socket.
pub(super) struct Socket {
    stream: WebSocketStream<Upgraded>,
    /// What was heard first, which showed that it carries something.
    first: Option<ServerFrame>,
    /// When nobody would be there any more.
    deadline: Instant,
    asked: bool,
}

impl Socket {
    /// Connects, and asks for a word: the socket counts from the first answer.
    ///
    /// # Errors
    /// [`Error::Refused`] where the server refused it; anything else may be due to what stands between.
    pub(super) async fn connect(
        server: &Server,
        bearer: &Bearer,
        query: &str,
    ) -> Result<Self, Error> {
        let silent = || Error::Unreachable("a socket was opened, but carries nothing".into());
        timeout(HANDSHAKE, async {
            let stream = server.upgrade(query, bearer).await?;
            let config = WebSocketConfig::default()
                .max_message_size(Some(LONGEST_FRAME))
                .max_frame_size(Some(LONGEST_FRAME));
            let stream = WebSocketStream::from_raw_socket(stream, Role::Client, Some(config)).await;
            let mut socket = Self {
                stream,
                first: None,
                deadline: Instant::now() + QUIET,
                asked: false,
            };
            socket
                .send(&ClientFrame::Ping {})
                .await
                .map_err(|_| silent())?;
            socket.first = Some(socket.hear().await.map_err(|_| silent())?);
            Ok(socket)
        })
        .await
        .unwrap_or_else(|_| Err(silent()))
    }

    /// Sends a frame.
    pub(super) async fn send(&mut self, frame: &ClientFrame) -> Result<(), Lost> {
        let text = serde_json::to_string(frame).map_err(|_| Lost::Broken)?;
        match timeout(PATIENCE, self.stream.send(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Lost::Broken),
        }
    }

    /// The next frame. May be dropped and called again without losing one.
    pub(super) async fn next(&mut self) -> Result<ServerFrame, Lost> {
        if let Some(first) = self.first.take() {
            return Ok(first);
        }
        self.hear().await
    }

    async fn hear(&mut self) -> Result<ServerFrame, Lost> {
        loop {
            let Ok(received) = timeout_at(self.deadline, self.stream.next()).await else {
                self.ask().await?;
                continue;
            };
            let message = received.ok_or(Lost::Broken)?.map_err(|_| Lost::Broken)?;
            self.deadline = Instant::now() + QUIET;
            self.asked = false;
            match message {
                Message::Text(text) => match serde_json::from_str(&text) {
                    Ok(frame) => return Ok(frame),
                    // A newer server may say what this client doesn't know.
                    Err(error) => tracing::debug!(%error, "a frame was not understood"),
                },
                Message::Close(frame) => return Err(Lost::told(frame.map(|frame| frame.code))),
                _ => {}
            }
        }
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        // Whoever is gone already needs no goodbye.
        let _ = timeout(Duration::from_secs(1), self.stream.close(None)).await;
    }

    async fn ask(&mut self) -> Result<(), Lost> {
        if self.asked {
            return Err(Lost::Broken);
        }
        self.asked = true;
        self.deadline = Instant::now() + PATIENCE;
        self.send(&ClientFrame::Ping {}).await
    }
}
