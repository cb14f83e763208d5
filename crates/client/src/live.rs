//! Talking: a connection that comes back by itself, resumes where it was, and resends what nobody acknowledged.
//!
//! [`converse`] is a customer's end, [`attend`] an agent's. Both give a [`Live`] that tells what happens and a
//! [`Writer`] that takes what is to be said. Once every writer is dropped and everything is acknowledged, it ends.

mod alone;
mod attend;
mod conversation;
mod engine;
mod frames;
mod lines;
mod socket;

use tokio::sync::mpsc;
pub use wicketgate_crypto::{
    ids::MessageId,
    message::{Content, MessageText},
};
use wicketgate_protocol::{message::Side, problem::SeatState};

use crate::{ambient, customer::Customer, desk::Desk, error::Error};

/// How many events wait for whoever reads them before the socket is read no further.
const EVENTS: usize = 256;

/// How many lines wait for the engine before whoever writes has to wait.
const LINES: usize = 16;

/// Something that happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The connection stands (again), or broke and is being made again.
    Connected(bool),
    /// A chat is open: what is written is sent, what comes is shown. Without a name: every chat is attended.
    Ready {
        /// The partner's own name for the chat.
        chat_id: Option<String>,
    },
    /// A message of the other side, or of a colleague.
    Message(Incoming),
    /// What became of an own message.
    Status {
        /// The message.
        cid: MessageId,
        /// How far it came.
        status: Status,
    },
    /// A customer came in (agents only).
    Arrived {
        /// The chat.
        chat_id: String,
        /// The seat's number: 1 for the first customer.
        seat: u32,
    },
    /// The other side came or went.
    Presence {
        /// The chat.
        chat_id: String,
        /// Whether anyone is there.
        online: bool,
    },
    /// A chat is over for this side.
    Ended {
        /// The chat.
        chat_id: String,
        /// Whether it was ended, or another link to it was opened.
        reason: SeatState,
    },
    /// Something did not work. The rest goes on, unless this is the last event.
    Problem {
        /// The chat, if it is about one.
        chat_id: Option<String>,
        /// The own message that was not sent, if it is about one.
        cid: Option<MessageId>,
        /// Why.
        error: Error,
    },
}

/// A message that came in.
#[derive(Debug)]
pub struct Incoming {
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// Which side wrote it.
    pub from: Side,
    /// Its number in the chat.
    pub seq: u64,
    /// When the server stored it, in milliseconds since 1970.
    pub at: i64,
    /// What it says; nothing where it doesn't open.
    pub content: Option<Content>,
    /// Whether its sender saw another history than this side: show it.
    pub differs: bool,
}

/// How far an own message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The server has it, durably.
    Sent,
    /// A device of the other side has it.
    Delivered,
    /// A person of the other side has seen it.
    Read,
}

/// Which chats an agent attends.
#[derive(Debug, Clone)]
pub struct Attention {
    /// The partner's own name for the only chat; all of them when left out.
    pub chat_id: Option<String>,
    /// How many messages that were read before are shown again.
    pub history: u64,
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

    /// Tells the other side that a person, or the program in a person's place, has seen a chat up to a message.
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

/// Takes what is to be said.
#[derive(Debug, Clone)]
pub struct Writer {
    lines: mpsc::Sender<Line>,
}

/// The conversation is over: nothing more can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the conversation is over")]
pub struct Over;

impl Writer {
    /// Says something: in the chat of that name, or in the only one. Waits while too much is unacknowledged. The name
    /// that the message gets is the one that [`Event::Status`] tells of.
    ///
    /// # Errors
    /// [`Over`] once the conversation is.
    pub async fn write(&self, chat_id: Option<&str>, text: MessageText) -> Result<MessageId, Over> {
        let line = Line::new(chat_id, text);
        let cid = line.cid;
        self.lines.send(line).await.map(|()| cid).map_err(|_| Over)
    }

    /// The same from a thread that is no part of the runtime.
    ///
    /// # Errors
    /// [`Over`] once the conversation is.
    pub fn write_blocking(
        &self,
        chat_id: Option<&str>,
        text: MessageText,
    ) -> Result<MessageId, Over> {
        let line = Line::new(chat_id, text);
        let cid = line.cid;
        self.lines
            .blocking_send(line)
            .map(|()| cid)
            .map_err(|_| Over)
    }
}

/// Something to be said.
#[derive(Debug)]
struct Line {
    cid: MessageId,
    chat_id: Option<String>,
    text: MessageText,
}

impl Line {
    fn new(chat_id: Option<&str>, text: MessageText) -> Self {
        let cid = MessageId::from_uuid(ambient::new_uuid());
        Self {
            cid,
            chat_id: chat_id.map(str::to_owned),
            text,
        }
    }
}

/// Talks as a customer. To be called inside a Tokio runtime.
#[must_use]
pub fn converse(customer: Customer) -> (Live, Writer) {
    start(|channels| engine::Engine::of_customer(customer, channels))
}

/// Talks as an agent. To be called inside a Tokio runtime. The session ends with it.
#[must_use]
pub fn attend(desk: Desk, attention: Attention) -> (Live, Writer) {
    start(|channels| engine::Engine::of_agent(desk, attention, channels))
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
        Writer { lines: line_sender },
    )
}
