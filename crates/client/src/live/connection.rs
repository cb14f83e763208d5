//! How frames come and go: by a socket, or by plain calls where no socket goes through.

use wicketgate_protocol::frame::{ClientFrame, ServerFrame};

use super::{Way, lost::Lost, polling::Polling, socket::Socket};

/// An open connection.
pub(super) enum Connection {
    Socket(Box<Socket>),
    Polling(Polling),
}

impl Connection {
    pub(super) const fn way(&self) -> Way {
        match self {
            Self::Socket(_) => Way::Socket,
            Self::Polling(_) => Way::Polling,
        }
    }

    /// Sends a frame.
    pub(super) async fn send(&mut self, frame: ClientFrame) -> Result<(), Lost> {
        match self {
            Self::Socket(socket) => socket.send(&frame).await,
            Self::Polling(polling) => polling.send(frame),
        }
    }

    /// The next frame. May be dropped and called again without losing one.
    pub(super) async fn next(&mut self) -> Result<ServerFrame, Lost> {
        match self {
            Self::Socket(socket) => socket.next().await,
            Self::Polling(polling) => polling.next().await,
        }
    }

    /// Says goodbye, once what was sent has arrived.
    pub(super) async fn close(self) {
        match self {
            Self::Socket(socket) => socket.close().await,
            Self::Polling(polling) => polling.close().await,
        }
    }
}
