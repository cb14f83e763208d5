//! What of all that happens concerns one connection, and in what form it is told.

use crate::sockets::encoded::{Encoded, frame};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use wicketgate_domain::{
    ChatRef, Timestamp,
    chat::{Chat, Participant},
    event::{Credential, Event, LinkChange, Logged, SeatChange, Told},
    link::Link,
    message::Message,
    seat::{Seat, SeatClosed, SeatNumber},
};
use wicketgate_protocol::{
    chat::{ChatRow, SeatRow},
    frame::ServerFrame,
    link::LinkRow,
};

/// How many chats a connection may have open at once.
const MOST_OPEN: usize = 2_048;

/// Who is connected, and which chats they have open.
#[derive(Debug)]
pub(super) struct Listener {
    who: Participant,
    credential: Credential,
    opened: HashMap<ChatRef, Opened>,
}

/// A chat that a connection has open.
#[derive(Debug, Clone, Copy)]
struct Opened {
    /// The number of the newest message that was told.
    told: u64,
    /// Whether it was told that the chat has ended.
    closed: bool,
}

/// What an event asks for beyond the frames that it became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing.
    Go,
    /// To read the messages that are missing in this chat.
    Fill(ChatRef),
    /// To tell what is missing in this chat, and then that it is closed.
    Close(ChatRef, SeatClosed),
    /// To end the connection: its credential is no longer good.
    Leave,
}

/// What it takes to write frames about rows.
pub(super) struct Surroundings<'a> {
    pub(super) now: Timestamp,
    pub(super) encoded: &'a Encoded,
    /// Whether the customer of that chat is there.
    pub(super) online: &'a (dyn Fn(ChatRef) -> bool + Sync),
}

impl Listener {
    pub(super) fn new(who: Participant, credential: Credential) -> Self {
        Self {
            who,
            credential,
            opened: HashMap::new(),
        }
    }

    pub(super) const fn who(&self) -> &Participant {
        &self.who
    }

    /// The number of the newest message told in an open chat.
    pub(super) fn told(&self, chat: ChatRef) -> Option<u64> {
        self.opened.get(&chat).map(|opened| opened.told)
    }

    /// Whether one more chat may be opened.
    pub(super) fn may_open(&self, chat: ChatRef) -> bool {
        self.opened.len() < MOST_OPEN || self.opened.contains_key(&chat)
    }

    /// From now on the messages above that number are told.
    pub(super) fn open(&mut self, chat: ChatRef, told: u64) {
        match self.opened.entry(chat) {
            Entry::Occupied(mut opened) => opened.get_mut().told = told,
            Entry::Vacant(place) => {
                place.insert(Opened {
                    told,
                    closed: false,
                });
            }
        }
    }

    /// Notes that the other end was told of the end of a chat.
    pub(super) fn note_closed(&mut self, chat: ChatRef) {
        if let Some(opened) = self.opened.get_mut(&chat) {
            opened.closed = true;
        }
    }

    /// From now on nothing of that chat is told until it is opened again.
    pub(super) fn shut(&mut self, chat: ChatRef) {
        self.opened.remove(&chat);
    }

    /// Events were lost: everything has to be opened again. Answers what to tell.
    pub(super) fn lost(&mut self) -> Option<Utf8Bytes> {
        let any = !self.opened.is_empty();
        self.opened = HashMap::new();
        let chat = match &self.who {
            Participant::Agent { .. } => None,
            Participant::Customer(seat) if any => Some(seat.chat.to_string()),
            Participant::Customer(_) => return None,
        };
        Some(frame(&ServerFrame::Resync { chat }))
    }

    /// Takes in one event: writes down what is to be told of it, and says what else there is to do.
    pub(super) fn hear(
        &mut self,
        told: &Told,
        around: &Surroundings<'_>,
        out: &mut Vec<Utf8Bytes>,
    ) -> Next {
        match &told.event {
            Event::Message(message) => return self.hear_message(message, around, out),
            Event::SeatClosed { chat, seat, why } => return self.hear_closed(*chat, *seat, *why),
            Event::Expelled(credential) if *credential == self.credential => return Next::Leave,
            // The row of a chat that has ended says so.
            Event::Expelled(_) | Event::ChatEnded(_) | Event::Account(_) => {}
            Event::Chat(chat) => return self.hear_chat(chat, around, out),
            Event::Link { change, link } => {
                if let Some(logged) = told.logged.filter(|_| self.is_agent()) {
                    out.push(frame(&link_frame(*change, logged, link, around.now)));
                }
            }
            Event::Seat { change, seat } => {
                if let Some(logged) = told.logged.filter(|_| self.is_agent()) {
                    out.push(frame(&seat_frame(*change, logged.at, seat)));
                }
            }
            Event::Seen { .. } | Event::Typing { .. } | Event::Presence { .. } => {
                out.extend(self.passing(&told.event).map(|said| frame(&said)));
            }
        }
        Next::Go
    }

    fn hear_message(
        &mut self,
        message: &Arc<Message>,
        around: &Surroundings<'_>,
        out: &mut Vec<Utf8Bytes>,
    ) -> Next {
        if !self.is_on_seat(message.chat, message.seat) {
            return Next::Go;
        }
        let Some(opened) = self.opened.get_mut(&message.chat) else {
            return Next::Go;
        };
        if message.seq <= opened.told {
            return Next::Go;
        }
        // Commits are told in their order; what was stored while the chat was being opened is read.
        if message.seq > opened.told + 1 {
            return Next::Fill(message.chat);
        }
        opened.told = message.seq;
        let side = self.who.side();
        out.push(around.encoded.message(message, side));
        Next::Go
    }

    fn hear_closed(&self, chat: ChatRef, seat: SeatNumber, why: SeatClosed) -> Next {
        match &self.who {
            Participant::Customer(own) if own.chat == chat && own.number == seat => {
                Next::Close(chat, why)
            }
            Participant::Agent { .. } if why == SeatClosed::ChatEnded => self.close_once(chat),
            Participant::Customer(_) | Participant::Agent { .. } => Next::Go,
        }
    }

    fn hear_chat(
        &self,
        chat: &Arc<Chat>,
        around: &Surroundings<'_>,
        out: &mut Vec<Utf8Bytes>,
    ) -> Next {
        if !self.is_agent() {
            return Next::Go;
        }
        let row = ChatRow::of(chat, (around.online)(chat.chat_ref));
        let chat_row = Box::new(row);
        out.push(frame(&ServerFrame::Chat { chat: chat_row }));
        if chat.ended.is_some() {
            return self.close_once(chat.chat_ref);
        }
        Next::Go
    }

    fn close_once(&self, chat: ChatRef) -> Next {
        match self.opened.get(&chat) {
            Some(opened) if !opened.closed => Next::Close(chat, SeatClosed::ChatEnded),
            Some(_) | None => Next::Go,
        }
    }

    /// What passes and is not stored: cursors, typing, coming and going.
    fn passing(&self, event: &Event) -> Option<ServerFrame> {
        match *event {
            Event::Seen {
                chat,
                seat,
                by,
                cursors,
            } if self.opened.contains_key(&chat)
                && seat.is_none_or(|seat| self.is_on_seat(chat, seat)) =>
            {
                Some(ServerFrame::Seen {
                    chat: chat.to_string(),
                    by: by.into(),
                    seat: seat.map(|seat| seat.0),
                    delivered: cursors.delivered,
                    read: cursors.read,
                })
            }
            Event::Typing { chat, by, typing }
                if by != self.who.side() && self.opened.contains_key(&chat) =>
            {
                Some(ServerFrame::Typing {
                    chat: chat.to_string(),
                    by: by.into(),
                    typing,
                })
            }
            Event::Presence { chat, by, online } if by != self.who.side() => {
                let chat = match &self.who {
                    Participant::Agent { .. } => chat?,
                    Participant::Customer(own) => own.chat,
                };
                Some(ServerFrame::Presence {
                    chat: chat.to_string(),
                    by: by.into(),
                    online,
                })
            }
            _ => None,
        }
    }

    const fn is_agent(&self) -> bool {
        matches!(self.who, Participant::Agent { .. })
    }

    /// Whether what happens on that seat is for these ears.
    fn is_on_seat(&self, chat: ChatRef, seat: SeatNumber) -> bool {
        match &self.who {
            Participant::Agent { .. } => true,
            Participant::Customer(own) => own.chat == chat && own.number == seat,
        }
    }
}

/// A link that changed, as agents are told.
pub(super) fn link_frame(
    change: LinkChange,
    Logged { by, at, .. }: Logged,
    link: &Link,
    now: Timestamp,
) -> ServerFrame {
    ServerFrame::Link {
        change: change.into(),
        by: by.into(),
        at: at.into(),
        link: Box::new(LinkRow::at(link, now)),
    }
}

/// A seat that changed, as agents are told.
pub(super) fn seat_frame(change: SeatChange, at: Timestamp, seat: &Seat) -> ServerFrame {
    ServerFrame::Seat {
        change: change.into(),
        at: at.into(),
        seat: Box::new(SeatRow::for_agents(seat)),
    }
}

/// Whether a later one of events that came in order tells the same row anew, so that only that one has to be told.
pub(super) fn tells_anew(later: &Event, earlier: &Event) -> bool {
    match (later, earlier) {
        (Event::Chat(later), Event::Chat(earlier)) => {
            later.chat_ref == earlier.chat_ref && later.rev > earlier.rev
        }
        _ => false,
    }
}
