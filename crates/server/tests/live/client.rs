//! One end of a socket, as a program would write it.

use super::world::{Customer, body, cid};
use futures_util::{SinkExt as _, StreamExt as _};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderName, HeaderValue, header},
        protocol::CloseFrame,
    },
};
use wicketgate_protocol::{
    frame::{ClientFrame, ServerFrame},
    message::Message as Told,
};

/// What is expected comes at once; a minute means never.
const NEVER: Duration = Duration::from_mins(1);

pub(crate) struct Client<S = TcpStream> {
    pub(crate) socket: WebSocketStream<S>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, query: &str, bearer: &str) -> Self {
        let authorization = (header::AUTHORIZATION, format!("Bearer {bearer}"));
        Self::knock(address, query, &[authorization]).await.unwrap()
    }

    /// Asks for a socket with these headers.
    pub(crate) async fn knock(
        address: SocketAddr,
        query: &str,
        headers: &[(HeaderName, String)],
    ) -> Result<Self, Error> {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(stream, address, query, headers).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn over(
        stream: S,
        address: SocketAddr,
        query: &str,
        headers: &[(HeaderName, String)],
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{address}/api/socket?{query}").into_client_request()?;
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers_mut().insert(name, value);
        }
        let (socket, _) = client_async(request, stream).await?;
        Ok(Self { socket })
    }

    pub(crate) async fn try_say(&mut self, said: &ClientFrame) -> Result<(), Error> {
        let text = serde_json::to_string(said).unwrap();
        self.socket.send(Message::text(text)).await
    }

    pub(crate) async fn say(&mut self, said: &ClientFrame) {
        self.try_say(said).await.unwrap();
    }

    pub(crate) async fn ask_open(&mut self, chat: &str, after: u64) {
        let chat = chat.to_owned();
        self.say(&ClientFrame::Open { chat, after }).await;
    }

    /// Opens a chat and hears that it is open.
    pub(crate) async fn open(&mut self, chat: &str, after: u64) -> Opened {
        self.ask_open(chat, after).await;
        self.find(|told| match told {
            ServerFrame::Opened {
                last_seq,
                partner,
                customer,
                online,
                ..
            } => Some(Opened {
                last_seq,
                partner_read: partner.read,
                customer_read: customer.read,
                online,
            }),
            _ => None,
        })
        .await
    }

    /// Sends the message of that number.
    pub(crate) async fn send(&mut self, to: &Customer, number: u64) {
        self.say(&message(to, number)).await;
    }

    /// The next frame, unless the connection ends.
    pub(crate) async fn try_hear(&mut self) -> Option<ServerFrame> {
        loop {
            let next = timeout(NEVER, self.socket.next()).await;
            match next.expect("something should have come") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    pub(crate) async fn hear(&mut self) -> ServerFrame {
        self.try_hear().await.expect("the connection ended")
    }

    /// The first frame that this picks; those before it are dropped.
    pub(crate) async fn find<T>(&mut self, pick: impl Fn(ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = pick(self.hear().await) {
                return found;
            }
        }
    }

    /// The next message.
    pub(crate) async fn message(&mut self) -> Told {
        self.find(|told| match told {
            ServerFrame::Message(message) => Some(message),
            _ => None,
        })
        .await
    }

    /// The number that the next acknowledged message got, and its name.
    pub(crate) async fn ack(&mut self) -> (u64, String) {
        self.find(|told| match told {
            ServerFrame::Ack { seq, cid, .. } => Some((seq, cid)),
            _ => None,
        })
        .await
    }

    /// The code of the next problem.
    pub(crate) async fn problem(&mut self) -> &'static str {
        self.find(|told| match told {
            ServerFrame::Problem { problem, .. } => Some(problem.code.name()),
            _ => None,
        })
        .await
    }

    /// Everything that was said until now was taken in.
    pub(crate) async fn sync(&mut self) -> Vec<ServerFrame> {
        self.say(&ClientFrame::Ping {}).await;
        let mut before = Vec::new();
        loop {
            match self.hear().await {
                ServerFrame::Pong => return before,
                told => before.push(told),
            }
        }
    }

    /// What is told until the connection ends, and how it ends.
    pub(crate) async fn end(&mut self) -> (Vec<ServerFrame>, Option<CloseFrame>) {
        let mut told = Vec::new();
        loop {
            let next = timeout(NEVER, self.socket.next()).await;
            match next.expect("the connection should have ended") {
                Some(Ok(Message::Text(text))) => told.push(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(words))) => return (told, words),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return (told, None),
            }
        }
    }
}

/// What `opened` said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) last_seq: u64,
    pub(crate) partner_read: u64,
    pub(crate) customer_read: u64,
    pub(crate) online: bool,
}

/// The frame that sends the message of that number.
pub(crate) fn message(to: &Customer, number: u64) -> ClientFrame {
    ClientFrame::Send {
        chat: to.chat.clone(),
        cid: cid(number),
        seat: to.seat,
        body: body(number),
    }
}
