//! Opening a chat: what was missed is read from the store, and what comes goes on from there.
//!
//! The connection listens since it began, and hears nothing while it reads. What happens in the meantime waits, and is
//! told only where its number is above what was read: no gap, no double.

use super::{connection::Connection, outgoing::Farewell};
use crate::state::AppState;
use wicketgate_domain::{
    ChatRef,
    chat::{Chat, ChatError, Participant},
    message::{Page, Range},
    seat::Seat,
};
use wicketgate_protocol::{
    Code, Problem, chat::Cursors, frame::ServerFrame, message::Message as WireMessage,
    problem::SeatClosed,
};

/// The most messages that are told one by one; whoever missed more fetches pages.
const MOST_MISSED: u64 = 500;

/// How many messages are read at a time.
const PAGE: u32 = 50;

impl Connection {
    /// Opens a chat above that number.
    pub(super) async fn open(&mut self, chat: ChatRef, after: u64) -> Result<(), Farewell> {
        if !self.listener.may_open(chat) {
            let sentence = "Too many chats are open on this connection.";
            let problem = Problem::new(Code::TooManyRequests, sentence);
            self.out.refuse(problem, Some(chat.to_string()), None);
            return Ok(());
        }
        // The chat's row is read before its messages: its end is then heard, or stands in the row.
        let (row, seats, page) = match look(&self.app, self.listener.who(), chat, after).await {
            Ok(found) => found,
            Err(error) => {
                self.out.refuse(error, Some(chat.to_string()), None);
                return Ok(());
            }
        };
        if missed(&page) > MOST_MISSED {
            self.resync(chat);
            return Ok(());
        }
        self.out.say(&ServerFrame::Opened {
            chat: chat.to_string(),
            last_seq: page.last_seq,
            transcript: page
                .transcript
                .map(|hash| hash.as_bytes().as_slice().into()),
            partner: Cursors {
                delivered: row.delivered,
                read: row.read,
            },
            customer: self.customer_cursors(&row, &seats),
            online: self.is_other_side_there(chat),
        });
        self.tell(chat, page).await?;
        if row.ended.is_some() && self.listener.told(chat).is_some() {
            self.out.say(&ServerFrame::Closed {
                chat: chat.to_string(),
                reason: SeatClosed::ChatEnded,
            });
            self.listener.note_closed(chat);
        }
        Ok(())
    }

    /// Tells what an open chat lacks.
    pub(super) async fn fill(&mut self, chat: ChatRef) -> Result<(), Farewell> {
        let Some(told) = self.listener.told(chat) else {
            return Ok(());
        };
        match read(&self.app, self.listener.who(), chat, told).await {
            Ok(page) if missed(&page) <= MOST_MISSED => self.tell(chat, page).await,
            Ok(_) | Err(_) => {
                self.resync(chat);
                Ok(())
            }
        }
    }

    /// Tells a page and those after it. From then on the chat is open.
    async fn tell(&mut self, chat: ChatRef, mut page: Page) -> Result<(), Farewell> {
        let mut told = page.last_seq;
        let side = self.listener.who().side();
        loop {
            let is_last = page.messages.len() < PAGE as usize;
            for message in &page.messages {
                told = message.seq;
                let message = WireMessage::for_side(message, side);
                self.out.say(&ServerFrame::Message(message));
            }
            self.flush().await?;
            if is_last {
                self.listener.open(chat, told);
                return Ok(());
            }
            let Ok(next) = read(&self.app, self.listener.who(), chat, told).await else {
                self.resync(chat);
                return Ok(());
            };
            page = next;
        }
    }

    /// Leaves it to the other end to fetch and to open the chat again.
    fn resync(&mut self, chat: ChatRef) {
        self.listener.shut(chat);
        let chat = Some(chat.to_string());
        self.out.say(&ServerFrame::Resync { chat });
    }

    fn customer_cursors(&self, row: &Chat, seats: &[Seat]) -> Cursors {
        let number = match self.listener.who() {
            Participant::Agent { .. } => row.live_seat,
            Participant::Customer(own) => Some(own.number),
        };
        seats
            .iter()
            .find(|seat| Some(seat.number) == number)
            .map(|seat| Cursors {
                delivered: seat.delivered,
                read: seat.read,
            })
            .unwrap_or_default()
    }

    fn is_other_side_there(&self, chat: ChatRef) -> bool {
        match self.listener.who() {
            Participant::Agent { .. } => self.app.relay.is_customer_online(chat),
            Participant::Customer(own) => self.app.relay.is_partner_online(own.partner),
        }
    }
}

async fn look(
    app: &AppState,
    who: &Participant,
    chat: ChatRef,
    after: u64,
) -> Result<(Chat, Vec<Seat>, Page), ChatError> {
    let row = app.store.chat(who.partner(), chat).await?;
    let row = row.ok_or(ChatError::NotFound)?;
    let seats = app.store.seats(who.partner(), chat).await?;
    Ok((row, seats, read(app, who, chat, after).await?))
}

async fn read(
    app: &AppState,
    who: &Participant,
    chat: ChatRef,
    after: u64,
) -> Result<Page, ChatError> {
    app.store
        .messages(who, chat, Range::After(after), PAGE)
        .await
}

/// How many messages there are from the first of a page on. Numbers have no gaps.
fn missed(page: &Page) -> u64 {
    page.messages
        .first()
        .map_or(0, |first| page.last_seq.saturating_sub(first.seq) + 1)
}
