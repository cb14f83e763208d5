//! Own messages: what waits to be acknowledged, and how far the rest came.

use std::collections::{BTreeMap, VecDeque};

use wicketgate_crypto::ids::{ChatRef, MessageId};
use wicketgate_protocol::{Base64, chat::Cursors, frame::ClientFrame, message::SendRequest};

use crate::live::{Event, Progress, Status};

/// A sealed message that the server hasn't acknowledged. A retry sends the same bytes.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) cid: MessageId,
    pub(super) seat: u32,
    pub(super) body: Base64,
    /// Stands for the text, to compare.
    pub(super) mark: u64,
    /// What the writer called the line, once for each line that gave this name and text.
    pub(super) ids: Vec<Option<String>>,
    /// What is dealt with once this is acknowledged.
    pub(super) seen: Option<u64>,
    /// A connection broke while it was on its way, or nothing was said of it.
    pub(super) is_doubtful: bool,
}

/// A message that the server has.
#[derive(Debug)]
struct Stored {
    cid: MessageId,
    ids: Vec<Option<String>>,
    status: Status,
}

/// What was refused for good: the message, and what its lines were called.
pub(in crate::live) type Refused = (MessageId, Vec<Option<String>>);

/// Own messages.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Outgoing>,
    /// Whether the first is on its way.
    is_sending: bool,
    /// What the other side hasn't read.
    stored: BTreeMap<u64, Stored>,
    peer: Cursors,
}

impl Outbox {
    pub(super) fn push(&mut self, outgoing: Outgoing) {
        self.waiting.push_back(outgoing);
    }

    /// One that waits under this name.
    pub(super) fn find(&mut self, cid: MessageId) -> Option<&mut Outgoing> {
        self.waiting.iter_mut().find(|outgoing| outgoing.cid == cid)
    }

    /// The frame that is to be sent now: one at a time, so that a refusal can't change the order.
    pub(super) fn next_send(&mut self, chat: &ChatRef) -> Option<ClientFrame> {
        if self.is_sending {
            return None;
        }
        let Outgoing {
            cid, seat, body, ..
        } = self.waiting.front().filter(|first| !first.is_doubtful)?;
        self.is_sending = true;
        Some(ClientFrame::Send {
            chat: chat.to_string(),
            cid: cid.to_string(),
            seat: *seat,
            body: body.clone(),
        })
    }

    /// Nobody says what became of the one that is on its way.
    pub(super) fn doubt(&mut self) {
        if std::mem::take(&mut self.is_sending)
            && let Some(first) = self.waiting.front_mut()
        {
            first.is_doubtful = true;
        }
    }

    /// The one in doubt, to be sent by a call of its own.
    pub(super) fn next_alone(&mut self) -> Option<SendRequest> {
        if self.is_sending {
            return None;
        }
        let first = self.waiting.front_mut().filter(|first| first.is_doubtful)?;
        first.is_doubtful = false;
        self.is_sending = true;
        Some(SendRequest {
            cid: first.cid.to_string(),
            seat: first.seat,
            body: first.body.clone(),
        })
    }

    /// Whether one is on its way.
    pub(super) const fn is_sending(&self) -> bool {
        self.is_sending
    }

    /// The first may be sent again.
    pub(super) const fn again(&mut self) {
        self.is_sending = false;
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes out the one of that name: it was acknowledged, or refused.
    pub(super) fn take(&mut self, cid: &str) -> Option<Outgoing> {
        let place = self
            .waiting
            .iter()
            .position(|outgoing| outgoing.cid.to_string() == cid)?;
        self.is_sending = false;
        self.waiting.remove(place)
    }

    pub(super) fn clear(&mut self) -> Vec<Refused> {
        self.is_sending = false;
        self.waiting
            .drain(..)
            .map(|outgoing| (outgoing.cid, outgoing.ids))
            .collect()
    }

    /// The server has a message, durably: tells so for each line that named it.
    pub(super) fn stored(
        &mut self,
        chat_id: &str,
        seq: u64,
        cid: MessageId,
        ids: Vec<Option<String>>,
        events: &mut Vec<Event>,
    ) {
        for id in &ids {
            events.push(Event::Status(Progress {
                chat_id: chat_id.to_owned(),
                cid,
                id: id.clone(),
                status: Status::Sent,
                seq: Some(seq),
            }));
        }
        let stored = Stored {
            cid,
            ids,
            status: Status::Sent,
        };
        self.stored.insert(seq, stored);
        self.tell(chat_id, events);
    }

    /// The other side's cursors.
    pub(super) fn peer_seen(&mut self, chat_id: &str, peer: Cursors, events: &mut Vec<Event>) {
        self.peer.delivered = self.peer.delivered.max(peer.delivered);
        self.peer.read = self.peer.read.max(peer.read);
        self.tell(chat_id, events);
    }

    /// Tells each status once and in order, also those that were skipped.
    fn tell(&mut self, chat_id: &str, events: &mut Vec<Event>) {
        let peer = self.peer;
        for (&seq, stored) in &mut self.stored {
            for (status, reached) in [
                (Status::Delivered, peer.delivered.max(peer.read)),
                (Status::Read, peer.read),
            ] {
                if stored.status >= status || seq > reached {
                    continue;
                }
                stored.status = status;
                events.extend(stored.ids.iter().map(|id| {
                    Event::Status(Progress {
                        chat_id: chat_id.to_owned(),
                        cid: stored.cid,
                        id: id.clone(),
                        status,
                        seq: Some(seq),
                    })
                }));
            }
        }
        self.stored.retain(|_, stored| stored.status < Status::Read);
    }
}
