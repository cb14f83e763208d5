//! The socket as frames: connects, asks whether anyone is there, and notices when nobody is.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderValue, StatusCode, header},
        protocol::{WebSocketConfig, frame::coding::CloseCode},
    },
};
use wicketgate_protocol::{
    Problem,
    frame::{ClientFrame, ServerFrame},
};

use crate::{
    error::Error,
    server::{Bearer, Server, unexplained},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// After this much silence the client asks whether anyone is there.
const QUIET: Duration = Duration::from_secs(20);

/// How long the answer to that may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest frame that is read, in bytes: the server's are 64 KiB at the most.
const LONGEST_FRAME: usize = 1 << 20;

/// Why the connection broke. It is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is gone, or nobody answers on it.
    Broken,
    /// The server ended it over something that came, or because it wants less.
    Refused,
}

impl Lost {
    /// What a close frame says (RFC 6455, section 7.4.1).
    const fn told(code: Option<CloseCode>) -> Self {
        match code {
            Some(
                CloseCode::Protocol
                | CloseCode::Unsupported
                | CloseCode::Invalid
                | CloseCode::Policy
                | CloseCode::Size
                | CloseCode::Extension
                | CloseCode::Error
                | CloseCode::Again,
            ) => Self::Refused,
            _ => Self::Broken,
        }
    }
}

/// An open socket.
pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// When nobody would be there any more.
    deadline: Instant,
    asked: bool,
}

impl Socket {
    /// Connects.
    ///
    /// # Errors
    /// [`Error::Refused`] where the credential is no longer good; what may pass is said to be passing.
    pub(super) async fn connect(
        server: &Server,
        bearer: &Bearer,
        query: &str,
    ) -> Result<Self, Error> {
        let unreachable = |error: &dyn std::fmt::Display| Error::Unreachable(error.to_string());
        let url = server.socket_url(query);
        let mut request = url
            .as_str()
            .into_client_request()
            .map_err(|error| unreachable(&error))?;
        let authorisation = HeaderValue::try_from(format!("Bearer {}", bearer.expose()));
        let authorisation =
            authorisation.map_err(|_| Error::Strange("its token is malformed".into()))?;
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, authorisation);
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_FRAME))
            .max_frame_size(Some(LONGEST_FRAME));
        match timeout(
            CONNECT_TIMEOUT,
            connect_async_with_config(request, Some(config), true),
        )
        .await
        {
            Ok(Ok((stream, _))) => Ok(Self {
                stream,
                deadline: Instant::now() + QUIET,
                asked: false,
            }),
            Ok(Err(tungstenite::Error::Http(answer))) => {
                Err(refusal(answer.status(), answer.body().as_deref()))
            }
            Ok(Err(error)) => Err(unreachable(&error)),
            Err(_) => Err(unreachable(&"it did not answer in time")),
        }
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
                    Ok(ServerFrame::Pong) => {}
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

fn refusal(status: StatusCode, body: Option<&[u8]>) -> Error {
    if let Some(problem) = body.and_then(|body| serde_json::from_slice::<Problem>(body).ok()) {
        return problem.into();
    }
    if status == StatusCode::UNAUTHORIZED {
        return Problem::new(
            wicketgate_protocol::Code::Unauthenticated,
            "This session has ended.",
        )
        .into();
    }
    unexplained(status)
}
