//! One chat as this side has it: what was followed, what waits to be acknowledged, what the other side has seen.
//!
//! Pure: it is told what came and says what is to be sent.

mod outbox;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use rand_core::CryptoRng;
use wicketgate_crypto::{
    cursor::Cursor,
    ids::{ChatRef, MessageId},
    message::MessageText,
    transcript::{Transcript, Witness},
};
use wicketgate_protocol::{
    Base64,
    chat::{Cursors, SeatRow},
    frame::ClientFrame,
    message::{Message, SendRequest, Side},
};

pub(super) use self::outbox::Refused;
use self::{
    outbox::{Outbox, Outgoing},
    said::Said,
};
use super::{Event, Incoming, LinkKind, Progress, Status};
use crate::{error::Error, seat::SeatKeys};

/// What a message that came turned out to be.
#[derive(Debug)]
pub(super) enum Reception {
    /// Followed; to be shown.
    Show(Box<Incoming>),
    /// An own message, or one that came before.
    Known,
    /// One is missing before it: open the chat again.
    Gap,
    /// Its seat has to be fetched first.
    UnknownSeat,
}

/// What became of a text that is to be said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It waits for its acknowledgement.
    Waiting,
    /// It was said before, under the same name.
    Known,
    /// Something else was said before under this name.
    OtherContent,
    /// The keys of a live seat are missing.
    NoSeat,
}

/// A text with its names.
#[derive(Debug)]
pub(super) struct Saying {
    pub(super) cid: MessageId,
    pub(super) id: Option<String>,
    pub(super) text: MessageText,
    /// What is dealt with once it is acknowledged.
    pub(super) seen: Option<u64>,
}

/// A chat.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) chat_ref: ChatRef,
    pub(super) chat_id: String,
    pub(super) live_seat: Option<u32>,
    /// Of which change of the chat's row that is.
    pub(super) rev: u64,
    /// Whether this connection is subscribed to it.
    pub(super) is_open: bool,
    /// Whether the first opening was told.
    pub(super) is_ready: bool,
    side: Side,
    newest: u64,
    /// What there was when it was last opened: until that is followed, nothing is said.
    last: u64,
    named: Option<Witness>,
    seats: BTreeMap<u32, SeatKeys>,
    kinds: BTreeMap<u32, LinkKind>,
    newest_seat: u32,
    outbox: Outbox,
    said: Said,
    /// Own messages that did not come back yet, as everything stored does.
    unechoed: BTreeSet<MessageId>,
    own: Cursors,
    told: Cursors,
    cursor: Cursor,
    /// What earlier runs were given.
    given_before: u64,
    /// Own messages above the cursor: nobody has to deal with them.
    own_above: BTreeSet<u64>,
}

impl Conversation {
    /// A chat that is followed from after the message with the number `newest`. What `cursor` names was given and dealt
    /// with by an earlier run.
    pub(super) fn new(
        chat_ref: ChatRef,
        chat_id: String,
        side: Side,
        newest: u64,
        cursor: Cursor,
    ) -> Self {
        Self {
            chat_ref,
            chat_id,
            live_seat: None,
            rev: 0,
            is_open: false,
            is_ready: false,
            side,
            newest,
            last: 0,
            named: None,
            seats: BTreeMap::new(),
            kinds: BTreeMap::new(),
            newest_seat: 0,
            outbox: Outbox::default(),
            said: Said::default(),
            unechoed: BTreeSet::new(),
            own: Cursors::default(),
            told: Cursors::default(),
            cursor,
            given_before: cursor.given,
            own_above: BTreeSet::new(),
        }
    }

    /// Adds the keys of a seat.
    pub(super) fn add_seat(&mut self, number: u32, keys: SeatKeys) {
        self.seats.insert(number, keys);
    }

    /// Computes and adds the keys of the seats that are not known yet, as an agent.
    pub(super) fn add_seats(
        &mut self,
        keyring: &wicketgate_crypto::keyring::Keyring,
        rows: &[SeatRow],
    ) -> Result<(), Error> {
        for (place, row) in rows.iter().enumerate() {
            self.kinds.insert(row.number, LinkKind::of(row));
            // A seat that was over before what is followed has nothing more to say.
            let is_over = rows
                .get(place + 1)
                .is_some_and(|next| next.first_seq <= self.newest + 1);
            if is_over || row.handshake.is_none() || self.seats.contains_key(&row.number) {
                continue;
            }
            let keys = SeatKeys::of_agent(keyring, row, self.newest, self.named)?;
            self.seats.insert(row.number, keys);
        }
        Ok(())
    }

    /// Whether the keys of a seat are there.
    pub(super) fn has_seat(&self, number: u32) -> bool {
        self.seats.contains_key(&number)
    }

    /// The number of the newest message that was followed.
    pub(super) const fn newest(&self) -> u64 {
        self.newest
    }

    /// Whether everything was followed that there was when it was opened.
    pub(super) const fn is_caught_up(&self) -> bool {
        self.is_open && self.newest >= self.last
    }

    /// Asks for everything after what was followed.
    pub(super) fn open_frame(&self) -> ClientFrame {
        ClientFrame::Open {
            chat: self.chat_ref.to_string(),
            after: self.newest,
        }
    }

    /// The connection broke: everything unacknowledged is sent again.
    pub(super) fn disconnect(&mut self) {
        self.is_open = false;
        self.doubt();
        // What was told may not have arrived; cursors only go forward, so telling them twice does no harm.
        self.told = Cursors::default();
    }

    /// The server opened the chat; `transcript` is the hash after the message that `open` named, `last` the newest
    /// message that there is.
    pub(super) fn opened(&mut self, transcript: Option<&Base64>, last: u64) {
        self.is_open = true;
        self.outbox.again();
        self.last = last;
        let transcript = transcript.and_then(|hash| Transcript::try_from(hash.0.as_slice()).ok());
        self.named = transcript.map(|transcript| Witness {
            number: self.newest,
            transcript,
        });
    }

    /// Follows a message.
    pub(super) fn receive(&mut self, message: &Message) -> Result<Reception, Error> {
        if message.seq <= self.newest {
            return Ok(Reception::Known);
        }
        if message.seq > self.newest + 1 {
            return Ok(Reception::Gap);
        }
        let Some(keys) = self.seats.get_mut(&message.seat) else {
            return Ok(Reception::UnknownSeat);
        };
        let cid = crate::trust::parsed("message", &message.cid)?;
        let followed = keys.follow(message)?;
        self.newest = message.seq;
        self.newest_seat = message.seat;
        self.cursor.given = self.cursor.given.max(message.seq);
        if message.from == self.side {
            self.said.add(cid, message.seq, followed.content.as_ref());
            if self.unechoed.remove(&cid) || self.side == Side::Customer {
                self.note_own(message.seq);
                return Ok(Reception::Known);
            }
        }
        self.own.delivered = message.seq;
        Ok(Reception::Show(Box::new(Incoming {
            chat_id: self.chat_id.clone(),
            from: message.from,
            seq: message.seq,
            at: message.at.0.millis(),
            cid,
            seat: message.seat,
            link: self.kinds.get(&message.seat).copied(),
            content: followed.content,
            differs: followed.differs,
            again: message.seq <= self.given_before,
            seen: message.seq <= self.cursor.acknowledged,
        })))
    }

    /// Passes over a message whose seat's keys can't be had.
    pub(super) fn skip(&mut self, message: &Message) {
        self.newest = self.newest.max(message.seq);
        self.cursor.given = self.cursor.given.max(self.newest);
        self.own.delivered = self.newest;
    }

    /// Seals a text for the live seat and queues it, unless it was said before.
    pub(super) fn write(
        &mut self,
        saying: Saying,
        rng: &mut impl CryptoRng,
        events: &mut Vec<Event>,
    ) -> Written {
        let Saying {
            cid,
            id,
            text,
            seen,
        } = saying;
        if let Some((seq, is_same)) = self.said.find(cid, &text) {
            if !is_same {
                return Written::OtherContent;
            }
            self.tell_waiting(cid, id.clone(), events);
            self.note_own(seq);
            self.outbox
                .stored(&self.chat_id, seq, cid, vec![id], events);
            return Written::Known;
        }
        let mark = self.said.mark(&text);
        if let Some(outgoing) = self.outbox.find(cid) {
            if outgoing.mark != mark {
                return Written::OtherContent;
            }
            outgoing.ids.push(id.clone());
            outgoing.seen = outgoing.seen.max(seen);
            self.tell_waiting(cid, id, events);
            return Written::Waiting;
        }
        let sealed = self
            .live_seat
            .and_then(|seat| Some((seat, self.seats.get(&seat)?.seal(cid, &text, rng))));
        let Some((seat, body)) = sealed else {
            return Written::NoSeat;
        };
        self.unechoed.insert(cid);
        self.outbox.push(Outgoing {
            cid,
            seat,
            body: body.into(),
            mark,
            ids: vec![id.clone()],
            seen,
            is_doubtful: false,
        });
        self.tell_waiting(cid, id, events);
        Written::Waiting
    }

    fn tell_waiting(&self, cid: MessageId, id: Option<String>, events: &mut Vec<Event>) {
        events.push(Event::Status(Progress {
            chat_id: self.chat_id.clone(),
            cid,
            id,
            status: Status::Waiting,
            seq: None,
        }));
    }

    /// The frame that is to be sent now.
    pub(super) fn next_send(&mut self) -> Option<ClientFrame> {
        if self.is_open {
            self.outbox.next_send(&self.chat_ref)
        } else {
            None
        }
    }

    /// Nobody says what became of the message that is on its way.
    pub(super) fn doubt(&mut self) {
        self.outbox.doubt();
    }

    /// The message in doubt, to be sent by a call of its own. Should that not go either, the connection is next.
    pub(super) fn next_alone(&mut self) -> Option<SendRequest> {
        if self.is_open {
            self.outbox.next_alone()
        } else {
            None
        }
    }

    /// Whether a message is on its way.
    pub(super) const fn is_sending(&self) -> bool {
        self.outbox.is_sending()
    }

    /// How many messages wait for their acknowledgement.
    pub(super) fn waiting(&self) -> usize {
        self.outbox.waiting()
    }

    /// The server has a message, durably. Returns what its writer has dealt with by it.
    pub(super) fn acknowledge(
        &mut self,
        cid: &str,
        seq: u64,
        events: &mut Vec<Event>,
    ) -> Option<u64> {
        let outgoing = self.outbox.take(cid)?;
        self.note_own(seq);
        self.outbox
            .stored(&self.chat_id, seq, outgoing.cid, outgoing.ids, events);
        outgoing.seen
    }

    /// The first of the outbox may be sent again: its refusal was a passing one.
    pub(super) fn retry(&mut self) {
        self.outbox.again();
    }

    /// The server refused a message for good.
    pub(super) fn refuse(&mut self, cid: &str) -> Option<Refused> {
        let outgoing = self.outbox.take(cid)?;
        self.unechoed.remove(&outgoing.cid);
        Some((outgoing.cid, outgoing.ids))
    }

    /// The chat is over: what waits will never be sent.
    pub(super) fn drop_outbox(&mut self) -> Vec<Refused> {
        self.outbox.clear()
    }

    /// The other side's cursors.
    pub(super) fn peer_seen(&mut self, peer: Cursors, events: &mut Vec<Event>) {
        self.outbox.peer_seen(&self.chat_id, peer, events);
    }

    /// A person has seen the chat up to a message.
    pub(super) fn shown(&mut self, seq: u64) {
        self.own.read = self.own.read.max(seq);
        self.own.delivered = self.own.delivered.max(seq);
    }

    /// A program has dealt with the chat up to a message. Returns whether it was given that one.
    pub(super) fn deal_with(&mut self, seq: u64) -> bool {
        if seq > self.cursor.given {
            return false;
        }
        self.cursor.acknowledged = self.cursor.acknowledged.max(seq);
        self.step_over_own();
        self.shown(seq);
        true
    }

    /// An own message is nothing to deal with.
    fn note_own(&mut self, seq: u64) {
        self.own_above.insert(seq);
        self.step_over_own();
    }

    fn step_over_own(&mut self) {
        let cursor = &mut self.cursor.acknowledged;
        self.own_above.retain(|seq| *seq > *cursor);
        while self.own_above.remove(&(*cursor + 1)) {
            *cursor += 1;
        }
        self.cursor.given = self.cursor.given.max(self.cursor.acknowledged);
    }

    /// How far the program came, and the seat of the newest message that it was given.
    pub(super) const fn cursor(&self) -> (u32, Cursor) {
        (self.newest_seat, self.cursor)
    }

    /// The own cursors, if the other side doesn't know them yet.
    pub(super) fn seen_frame(&mut self) -> Option<ClientFrame> {
        if !self.is_open || self.own == self.told {
            return None;
        }
        self.told = self.own;
        let Cursors { delivered, read } = self.own;
        Some(ClientFrame::Seen {
            chat: self.chat_ref.to_string(),
            delivered,
            read,
        })
    }

    /// The seats' rows are needed before this chat's live seat can be written to.
    pub(super) fn lacks_live_keys(&self) -> bool {
        self.live_seat.is_some_and(|seat| !self.has_seat(seat))
    }
}

#[cfg(test)]
mod tests;
