//! Connections that break at any byte: what both sides said is in the history once, in order, and both heard all of it
//! without a gap and without a double.

use super::{
    client::{Client, message},
    world::{AgentSession, Customer, World, cid},
};
use proptest::{
    prelude::{ProptestConfig, Strategy, any, prop},
    test_runner::TestRunner,
};
use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    runtime::Runtime,
};
use tokio_tungstenite::tungstenite::http::header;
use wicketgate_domain::message::Range;
use wicketgate_protocol::frame::ServerFrame;

/// How many messages each side sends.
const SAID: u64 = 12;

/// A connection that breaks after so many bytes, in both directions taken together.
struct Fragile {
    stream: TcpStream,
    left: usize,
}

impl Fragile {
    fn spend(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    fn check(&self) -> io::Result<()> {
        if self.left == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for Fragile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        let mut part = buffer.take(self.left);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut part))?;
        let read = part.filled().len();
        let bytes = part.filled().to_vec();
        buffer.put_slice(&bytes);
        self.spend(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Fragile {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let length = bytes.len().min(self.left);
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..length]))?;
        self.spend(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// One side, which survives its connections.
struct Party {
    address: SocketAddr,
    query: String,
    bearer: String,
    customer: Customer,
    /// After how many bytes each of its connections breaks; those after them hold.
    cuts: VecDeque<usize>,
    unacknowledged: VecDeque<u64>,
    /// The names of all messages, in the order of their numbers.
    heard: Vec<String>,
}

impl Party {
    fn is_done(&self) -> bool {
        self.unacknowledged.is_empty() && self.heard.len() as u64 == 2 * SAID
    }

    async fn run(mut self) -> Vec<String> {
        while !self.is_done() {
            // A broken connection ends in an error; what counts is what was heard until then.
            let _ = self.connect().await;
        }
        self.heard
    }

    async fn connect(&mut self) -> Result<(), tokio_tungstenite::tungstenite::Error> {
        let stream = Fragile {
            stream: TcpStream::connect(self.address).await?,
            left: self.cuts.pop_front().unwrap_or(usize::MAX),
        };
        let headers = [(header::AUTHORIZATION, format!("Bearer {}", self.bearer))];
        let mut client = Client::over(stream, self.address, &self.query, &headers).await?;
        let chat = self.customer.chat.clone();
        let after = self.heard.len() as u64;
        let open = wicketgate_protocol::frame::ClientFrame::Open { chat, after };
        client.try_say(&open).await?;
        for number in self.unacknowledged.clone() {
            client.try_say(&message(&self.customer, number)).await?;
        }
        while !self.is_done() {
            match client.try_hear().await {
                None => return Ok(()),
                Some(ServerFrame::Message(told)) => {
                    assert_eq!(told.seq, self.heard.len() as u64 + 1, "a gap or a double");
                    self.heard.push(told.cid);
                }
                Some(ServerFrame::Ack { cid: name, .. }) => {
                    let first = self.unacknowledged.pop_front().unwrap();
                    assert_eq!(name, cid(first));
                }
                Some(ServerFrame::Problem { problem, .. }) => panic!("{problem}"),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    // The answer to the handshake is some 500 bytes, a message some 400 each way.
    prop::collection::vec(1..9_000_usize, 0..8)
}

#[test]
fn a_cut_at_any_byte_loses_and_doubles_nothing() {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(World::start());
    let session = runtime.block_on(world.agent_session());
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(48)
    });
    let strategy = (cuts(), cuts(), any::<u64>());
    runner
        .run(&strategy, |(agents, customers, chat)| {
            runtime.block_on(async {
                let customer = world.customer(&session, &format!("cut {chat}")).await;
                let party = |query, bearer: &str, cuts: Vec<usize>, first| Party {
                    address: world.address,
                    query,
                    bearer: bearer.to_owned(),
                    customer: customer.clone(),
                    cuts: cuts.into(),
                    unacknowledged: (first..first + SAID).collect(),
                    heard: Vec::new(),
                };
                let as_customer = format!("as=customer&chat={}", customer.chat);
                let visitor = party(as_customer, &customer.bearer, customers, 1_000);
                let agent = party("as=agent".to_owned(), &session.bearer, agents, 2_000);
                let agent = tokio::spawn(agent.run());
                let visitor = tokio::spawn(visitor.run());
                let (agent, visitor) = (agent.await.unwrap(), visitor.await.unwrap());
                let stored = history(&world, &customer, &session).await;
                assert_eq!(agent, stored);
                assert_eq!(visitor, stored);
                for first in [1_000, 2_000] {
                    let said: Vec<_> = (first..first + SAID).map(cid).collect();
                    let kept: Vec<_> = stored.iter().filter(|name| said.contains(name)).collect();
                    assert_eq!(kept, said.iter().collect::<Vec<_>>());
                }
            });
            Ok(())
        })
        .unwrap();
}

async fn history(world: &World, customer: &Customer, session: &AgentSession) -> Vec<String> {
    let who = session.who();
    let page = world
        .store
        .messages(&who, customer.chat_ref(), Range::After(0), 200)
        .await
        .unwrap();
    let names = page.messages.iter().map(|message| message.cid.to_string());
    names.collect()
}
