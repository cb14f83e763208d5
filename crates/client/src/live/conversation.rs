//! One chat as this side has it: what was followed, what waits to be acknowledged, what the other side has seen.
//!
//! Pure: it is told what came and says what is to be sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rand_core::CryptoRng;
use wicketgate_crypto::{
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

use super::{Event, Incoming, Status};
use crate::{error::Error, seat::SeatKeys};

/// A sealed message that the server hasn't acknowledged. A retry sends the same bytes.
#[derive(Debug)]
struct Outgoing {
    cid: MessageId,
    seat: u32,
    body: Base64,
    /// A connection broke while it was on its way, or nothing was said of it.
    is_doubtful: bool,
}

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

/// A chat.
#[derive(Debug)]
pub(super) struct Conversation {
    pub(super) chat_ref: ChatRef,
    pub(super) chat_id: String,
    pub(super) live_seat: Option<u32>,
    /// Whether this connection is subscribed to it.
    pub(super) is_open: bool,
    /// Whether the first opening was told.
    pub(super) is_ready: bool,
    side: Side,
    newest: u64,
    named: Option<Witness>,
    seats: BTreeMap<u32, SeatKeys>,
    outbox: VecDeque<Outgoing>,
    /// Whether the first of the outbox is on its way.
    is_sending: bool,
    /// Own messages that did not come back yet, as everything stored does.
    unechoed: BTreeSet<MessageId>,
    /// Own messages that the other side hasn't read, and how far they came.
    sent: BTreeMap<u64, (MessageId, Status)>,
    peer: Cursors,
    own: Cursors,
    told: Cursors,
}

impl Conversation {
    /// A chat that is followed from after the message with the number `newest`.
    pub(super) fn new(chat_ref: ChatRef, chat_id: String, side: Side, newest: u64) -> Self {
        Self {
            chat_ref,
            chat_id,
            live_seat: None,
            is_open: false,
            is_ready: false,
            side,
            newest,
            named: None,
            seats: BTreeMap::new(),
            outbox: VecDeque::new(),
            is_sending: false,
            unechoed: BTreeSet::new(),
            sent: BTreeMap::new(),
            peer: Cursors::default(),
            own: Cursors::default(),
            told: Cursors::default(),
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
            // A seat that was over before what is followed has nothing more to say.
            let is_over = rows
                .get(place + 1)
                .is_some_and(|next| next.first_seq <= self.newest + 1);
            if is_over || row.hello.is_none() || self.seats.contains_key(&row.number) {
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

    /// The server opened the chat; `transcript` is the hash after the message that `open` named.
    pub(super) fn opened(&mut self, transcript: Option<&Base64>) {
        self.is_open = true;
        self.is_sending = false;
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
        let followed = keys.follow(message)?;
        self.newest = message.seq;
        if self.is_echo(message) {
            return Ok(Reception::Known);
        }
        self.own.delivered = message.seq;
        Ok(Reception::Show(Box::new(Incoming {
            chat_id: self.chat_id.clone(),
            from: message.from,
            seq: message.seq,
            at: message.at.0.millis(),
            content: followed.content,
            differs: followed.differs,
        })))
    }

    /// Passes over a message whose seat's keys can't be had.
    pub(super) fn skip(&mut self, message: &Message) {
        self.newest = self.newest.max(message.seq);
        self.own.delivered = self.newest;
    }

    /// Whether it is an own message that comes back.
    fn is_echo(&mut self, message: &Message) -> bool {
        let cid = message.cid.parse::<MessageId>().ok();
        let wrote = cid.is_some_and(|cid| self.unechoed.remove(&cid));
        message.from == self.side && (wrote || self.side == Side::Customer)
    }

    /// Seals a text for the live seat and queues it. `None` if the keys of a live seat are missing.
    pub(super) fn write(
        &mut self,
        cid: MessageId,
        text: &MessageText,
        rng: &mut impl CryptoRng,
    ) -> Option<()> {
        let seat = self.live_seat?;
        let body = self.seats.get(&seat)?.seal(cid, text, rng).into();
        self.outbox.push_back(Outgoing {
            cid,
            seat,
            body,
            is_doubtful: false,
        });
        self.unechoed.insert(cid);
        Some(())
    }

    /// The frame that is to be sent now: one at a time, so that a refusal can't change the order.
    pub(super) fn next_send(&mut self) -> Option<ClientFrame> {
        if !self.is_open || self.is_sending {
            return None;
        }
        let Outgoing {
            cid, seat, body, ..
        } = self.outbox.front().filter(|first| !first.is_doubtful)?;
        self.is_sending = true;
        Some(ClientFrame::Send {
            chat: self.chat_ref.to_string(),
            cid: cid.to_string(),
            seat: *seat,
            body: body.clone(),
        })
    }

    /// Nobody says what became of the message that is on its way.
    pub(super) fn doubt(&mut self) {
        if std::mem::take(&mut self.is_sending)
            && let Some(first) = self.outbox.front_mut()
        {
            first.is_doubtful = true;
        }
    }

    /// The message in doubt, to be sent by a call of its own. Should that not go either, the connection is next.
    pub(super) fn next_alone(&mut self) -> Option<SendRequest> {
        if !self.is_open || self.is_sending {
            return None;
        }
        let first = self.outbox.front_mut().filter(|first| first.is_doubtful)?;
        first.is_doubtful = false;
        self.is_sending = true;
        Some(SendRequest {
            cid: first.cid.to_string(),
            seat: first.seat,
            body: first.body.clone(),
        })
    }

    /// Whether a message is on its way.
    pub(super) const fn is_sending(&self) -> bool {
        self.is_sending
    }

    /// How many messages wait for their acknowledgement.
    pub(super) fn waiting(&self) -> usize {
        self.outbox.len()
    }

    /// The server has a message, durably.
    pub(super) fn acknowledge(&mut self, cid: &str, seq: u64, events: &mut Vec<Event>) {
        let Some(place) = self
            .outbox
            .iter()
            .position(|outgoing| outgoing.cid.to_string() == cid)
        else {
            return;
        };
        let Some(Outgoing { cid, .. }) = self.outbox.remove(place) else {
            return;
        };
        self.is_sending = false;
        self.sent.insert(seq, (cid, Status::Sent));
        events.push(Event::Status {
            cid,
            status: Status::Sent,
        });
        self.tell_statuses(events);
    }

    /// The first of the outbox may be sent again: its refusal was a passing one.
    pub(super) fn retry(&mut self) {
        self.is_sending = false;
    }

    /// The server refused a message for good.
    pub(super) fn refuse(&mut self, cid: &str) -> Option<MessageId> {
        let place = self
            .outbox
            .iter()
            .position(|outgoing| outgoing.cid.to_string() == cid)?;
        self.is_sending = false;
        let Outgoing { cid, .. } = self.outbox.remove(place)?;
        self.unechoed.remove(&cid);
        Some(cid)
    }

    /// The chat is over: what waits will never be sent.
    pub(super) fn drop_outbox(&mut self) -> Vec<MessageId> {
        self.is_sending = false;
        self.outbox.drain(..).map(|outgoing| outgoing.cid).collect()
    }

    /// The other side's cursors.
    pub(super) fn peer_seen(&mut self, peer: Cursors, events: &mut Vec<Event>) {
        self.peer.delivered = self.peer.delivered.max(peer.delivered);
        self.peer.read = self.peer.read.max(peer.read);
        self.tell_statuses(events);
    }

    /// Tells each status once and in order, also those that were skipped.
    fn tell_statuses(&mut self, events: &mut Vec<Event>) {
        let peer = self.peer;
        for (seq, (cid, told)) in &mut self.sent {
            let reached = |status| match status {
                Status::Sent => true,
                Status::Delivered => *seq <= peer.delivered.max(peer.read),
                Status::Read => *seq <= peer.read,
            };
            for status in [Status::Delivered, Status::Read] {
                if status > *told && reached(status) {
                    *told = status;
                    events.push(Event::Status { cid: *cid, status });
                }
            }
        }
        self.sent.retain(|_, (_, told)| *told < Status::Read);
    }

    /// A person has seen the chat up to a message.
    pub(super) fn shown(&mut self, seq: u64) {
        self.own.read = self.own.read.max(seq);
        self.own.delivered = self.own.delivered.max(seq);
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
