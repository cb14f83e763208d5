//! Talking: a connection that comes back by itself, resumes where it was, and resends what nobody acknowledged.
//!
//! [`converse`] is a customer's end, [`attend`] an agent's. Both give a [`Live`] that tells what happens and a
//! [`Writer`] that takes what is to be said. Once every writer is dropped and everything is acknowledged, it ends.

mod alone;
mod attend;
mod attendance;
mod connection;
mod conversation;
mod engine;
mod event;
mod frames;
mod line;
mod lines;
mod lost;
mod memory;
mod polling;
mod socket;

use tokio::sync::mpsc;
pub use wicketgate_crypto::{
    ids::MessageId,
    message::{Content, MessageText},
};

pub use self::{
    event::{Event, Incoming, LinkKind, Progress, Status, Trouble, Way},
    line::{Line, Over, Writer},
    memory::{Memory, SealedCursor},
};
use crate::{agent_session::AgentSession, customer::Customer, error::Error};

/// How many events wait for whoever reads them before the socket is read no further.
const EVENTS: usize = 256;

/// How many lines wait for the engine before whoever writes has to wait.
const LINES: usize = 16;

/// Which chats an agent attends.
#[derive(Debug, Default)]
pub struct Attention {
    /// The partner's own name for the only chat; all of them when left out.
    pub chat_id: Option<String>,
    /// How many messages that were dealt with before are shown again.
    pub history: u64,
    /// What the program is called, and where its cursors rest. A person has none: they begin where the agents have
    /// read up to.
    pub memory: Option<(String, Box<dyn Memory>)>,
}

/// Tells what happens. Dropping it ends the connection at once.
#[derive(Debug)]
pub struct Live {
    events: mpsc::Receiver<Event>,
    shown: mpsc::UnboundedSender<(String, u64)>,
}

impl Live {
    /// The next event; nothing once it is over.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// The next event if it is there already.
    pub fn next_now(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// Tells the other side that a person has seen a chat up to a message. A program says so by [`Line::seen`].
    pub fn shown(&self, chat_id: &str, seq: u64) {
        // The engine may be gone already, and then there is nobody to tell.
        let _ = self.shown.send((chat_id.to_owned(), seq));
    }

    /// Leaves at once: an agent's session is ended first. Waits two seconds for that at the most.
    pub async fn close(self) {
        let Self { mut events, shown } = self;
        drop(shown);
        let over = async { while events.recv().await.is_some() {} };
        // A server that doesn't answer lets the session end by itself.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), over).await;
    }
}

/// Talks as a customer. To be called inside a Tokio runtime.
#[must_use]
pub fn converse(customer: Customer) -> (Live, Writer) {
    start(|channels| engine::Engine::of_customer(customer, channels))
}

/// Talks as an agent. To be called inside a Tokio runtime. The session ends with it.
///
/// # Errors
/// Where the program's memory can't be read.
pub fn attend(session: AgentSession, attention: Attention) -> Result<(Live, Writer), Error> {
    let attendance = attendance::Attendance::new(session, attention)?;
    Ok(start(|channels| {
        engine::Engine::of_agent(attendance, channels)
    }))
}

/// The engine's ends of what leads to [`Live`] and [`Writer`].
#[derive(Debug)]
struct Channels {
    events: mpsc::Sender<Event>,
    lines: mpsc::Receiver<Line>,
    shown: mpsc::UnboundedReceiver<(String, u64)>,
}

fn start(engine: impl FnOnce(Channels) -> engine::Engine) -> (Live, Writer) {
    let (event_sender, events) = mpsc::channel(EVENTS);
    let (line_sender, lines) = mpsc::channel(LINES);
    let (shown_sender, shown) = mpsc::unbounded_channel();
    tokio::spawn(
        engine(Channels {
            events: event_sender,
            lines,
            shown,
        })
        .run(),
    );
    (
        Live {
            events,
            shown: shown_sender,
        },
        Writer::new(line_sender),
    )
}
