//! The slow way: plain calls in the place of a socket, told in the same frames.
//!
//! A task asks and fills a queue of frames; what is sent goes out by calls of its own. Now and then it looks whether a
//! socket goes through by now, and then the connection counts as lost, so that the next one is a socket again.

mod agent;
mod customer;

use std::time::Duration;

use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use wicketgate_protocol::{
    Problem,
    chat::Cursors,
    frame::{ClientFrame, ServerFrame},
    message::{SendRequest, SendResponse, TypingRequest},
    partner::Done,
};

use super::{lost::Lost, socket::Socket};
use crate::{
    backoff::{Backoff, Failure, fraction},
    error::Error,
    server::{Bearer, Server},
    system,
};

/// How many frames wait for the engine before nothing more is asked.
const FRAMES: usize = 256;

/// How long goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// How long after its beginning, and after each failure, a socket is tried again.
const SCOUT: Duration = Duration::from_mins(1);

/// So many calls in a row that fail are a broken connection.
const PATIENCE: u32 = 4;

/// How many messages are asked for at once.
const PAGE: u32 = 100;

/// What the server is asked with.
#[derive(Debug, Clone)]
struct Access {
    server: Server,
    bearer: Bearer,
    role: &'static str,
}

/// What the asking task is told.
#[derive(Debug)]
enum Wish {
    /// Messages of a chat, above this number.
    Open(String, u64),
    /// An own message got this number: how far does the other side come?
    Sent(String, u64),
}

/// A connection by plain calls.
#[derive(Debug)]
pub(super) struct Polling {
    access: Access,
    wishes: mpsc::UnboundedSender<Wish>,
    told: mpsc::Sender<ServerFrame>,
    frames: mpsc::Receiver<ServerFrame>,
    /// The asking task and the scout: when one ends, the connection has.
    asking: JoinSet<()>,
    calls: JoinSet<()>,
}

impl Polling {
    /// As an agent: of one chat, or of all.
    pub(super) fn as_agent(
        server: Server,
        bearer: Bearer,
        only: Option<String>,
        query: String,
    ) -> Self {
        Self::start(server, bearer, "agent", query, |access, wishes, told| {
            agent::ask(access, only, wishes, told)
        })
    }

    /// As a customer, of the own chat.
    pub(super) fn as_customer(server: Server, bearer: Bearer, query: String) -> Self {
        Self::start(server, bearer, "customer", query, customer::ask)
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        server: Server,
        bearer: Bearer,
        role: &'static str,
        query: String,
        ask: impl FnOnce(Access, mpsc::UnboundedReceiver<Wish>, mpsc::Sender<ServerFrame>) -> F,
    ) -> Self {
        let access = Access {
            server,
            bearer,
            role,
        };
        let (wishes, asked_for) = mpsc::unbounded_channel();
        let (told, frames) = mpsc::channel(FRAMES);
        let mut asking = JoinSet::new();
        asking.spawn(ask(access.clone(), asked_for, told.clone()));
        asking.spawn(scout(access.clone(), query));
        Self {
            access,
            wishes,
            told,
            frames,
            asking,
            calls: JoinSet::new(),
        }
    }

    /// Sends a frame: the answer comes as one.
    pub(super) fn send(&mut self, frame: ClientFrame) -> Result<(), Lost> {
        while self.calls.try_join_next().is_some() {}
        match frame {
            ClientFrame::Open { chat, after } => {
                let wish = Wish::Open(chat, after);
                return self.wishes.send(wish).map_err(|_| Lost::Broken);
            }
            ClientFrame::Send {
                chat,
                cid,
                seat,
                body,
            } => {
                let request = SendRequest { cid, seat, body };
                let (access, told, wishes) = self.ends();
                self.calls
                    .spawn(async move { access.send(chat, request, told, wishes).await });
            }
            ClientFrame::Seen {
                chat,
                delivered,
                read,
            } => {
                let (access, ..) = self.ends();
                let cursors = Cursors { delivered, read };
                self.calls.spawn(async move {
                    // What doesn't arrive is told with the next step, or when the connection is made again.
                    let _ = access.post::<_, Cursors>(&chat, "seen", &cursors).await;
                });
            }
            ClientFrame::Typing { chat, typing } => {
                let (access, ..) = self.ends();
                let typing = TypingRequest { typing };
                self.calls.spawn(async move {
                    let _ = access.post::<_, Done>(&chat, "typing", &typing).await;
                });
            }
            ClientFrame::Since { .. } | ClientFrame::Ping {} => {}
        }
        Ok(())
    }

    /// The next frame. May be dropped and called again without losing one.
    pub(super) async fn next(&mut self) -> Result<ServerFrame, Lost> {
        tokio::select! {
            biased;
            Some(frame) = self.frames.recv() => Ok(frame),
            _ = self.asking.join_next() => Err(Lost::Broken),
        }
    }

    /// Leaves, once what was sent has arrived.
    pub(super) async fn close(mut self) {
        let arrived = async { while self.calls.join_next().await.is_some() {} };
        // Whoever does not answer needs no goodbye.
        let _ = timeout(GOODBYE, arrived).await;
    }

    fn ends(
        &self,
    ) -> (
        Access,
        mpsc::Sender<ServerFrame>,
        mpsc::UnboundedSender<Wish>,
    ) {
        (self.access.clone(), self.told.clone(), self.wishes.clone())
    }
}

impl Access {
    async fn post<B: serde::Serialize + Sync, A: serde::de::DeserializeOwned>(
        &self,
        chat: &str,
        what: &str,
        body: &B,
    ) -> Result<A, Error> {
        let path = format!("/api/chats/{chat}/{what}?as={}", self.role);
        self.server.post(&path, Some(&self.bearer), body).await
    }

    async fn send(
        self,
        chat: String,
        request: SendRequest,
        told: mpsc::Sender<ServerFrame>,
        wishes: mpsc::UnboundedSender<Wish>,
    ) {
        let sent = self
            .post::<_, SendResponse>(&chat, "messages", &request)
            .await;
        let frame = match sent {
            Ok(SendResponse { cid, seq, at, .. }) => {
                // Nobody asks any more when the connection is gone.
                let _ = wishes.send(Wish::Sent(chat.clone(), seq));
                ServerFrame::Ack { chat, cid, seq, at }
            }
            Err(error) => ServerFrame::Problem {
                problem: as_problem(error),
                chat: Some(chat),
                cid: Some(request.cid),
            },
        };
        let _ = told.send(frame).await;
    }
}

/// A failed call as the socket would tell of it.
fn as_problem(error: Error) -> Problem {
    match error {
        Error::Refused(problem) => *problem,
        error => Problem::new(wicketgate_protocol::Code::Unavailable, error.to_string()),
    }
}

/// Ends when a socket goes through.
async fn scout(access: Access, query: String) {
    loop {
        sleep(SCOUT).await;
        if let Ok(socket) = Socket::connect(&access.server, &access.bearer, &query).await {
            socket.close().await;
            return;
        }
    }
}

/// Counts failures in a row, and waits after each.
#[derive(Debug, Default)]
struct Failures {
    count: u32,
    backoff: Backoff,
}

impl Failures {
    fn none(&mut self) {
        *self = Self::default();
    }

    /// Waits after one more. Says whether it is worth going on.
    async fn one(&mut self) -> bool {
        self.count += 1;
        let random = fraction(&mut system::random());
        sleep(self.backoff.after(Failure::Lost, Instant::now(), random)).await;
        self.count < PATIENCE
    }
}
