//! What is decided about messages: which are stored, and which may be read by whom.

use super::{Decision, Happened};
use crate::{
    chat::{Chat, ChatError, Participant},
    event::Event,
    id::Hash,
    message::{Message, NewMessage, Sent, SeqRange, transcript_next},
    seat::{SeatClosed, SeatNumber},
    side::Side,
};
use std::sync::Arc;

/// What sending rests on. The chat may not change meanwhile.
#[derive(Debug, Clone)]
pub struct SendFacts {
    /// The chat.
    pub chat: Chat,
    /// The transcript after the live seat's newest message; none while that seat has no keys.
    pub transcript: Option<Hash>,
    /// What that side sent under the same `cid` before.
    pub stored: Option<Message>,
}

/// What sending writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendWrite {
    /// The message.
    pub message: Message,
    /// The chat after it.
    pub chat: Chat,
}

/// Decides whether a message is stored, and gives it the next number of its chat. The same `cid` with the same bytes
/// gives the stored message.
pub fn send(
    who: &Participant,
    new: &NewMessage,
    facts: SendFacts,
) -> Decision<Sent, SendWrite, ChatError> {
    let SendFacts {
        mut chat,
        transcript,
        stored,
    } = facts;
    if let Participant::Customer(holder) = who
        && (holder.chat != chat.chat_ref || holder.number != new.seat)
    {
        return Decision::refuse(ChatError::NotFound);
    }
    if let Some(message) = stored {
        let same = message.seat == new.seat && message.body == new.body;
        return if same {
            Decision::unchanged(Sent {
                message,
                chat,
                first: false,
            })
        } else {
            Decision::refuse(ChatError::OtherContent)
        };
    }
    let before = match check_writable(&chat, new.seat, transcript) {
        Ok(before) => before,
        Err(error) => return Decision::refuse(error),
    };
    let (from, seq) = (who.side(), chat.last_seq + 1);
    let message = Message {
        chat: new.chat,
        seq,
        seat: new.seat,
        from,
        author: who.agent(),
        cid: new.cid,
        transcript: transcript_next(before, seq, from, new.cid, &new.body),
        body: new.body.clone(),
        at: new.now,
    };
    chat.last_seq = seq;
    chat.active_at = chat.active_at.max(new.now);
    chat.rev += 1;
    match from {
        Side::Customer => {
            chat.unread = chat.unread.saturating_add(1);
            chat.waiting_since = chat.waiting_since.or(Some(new.now));
        }
        Side::Partner => chat.waiting_since = None,
    }
    let happened = Happened {
        partner: chat.partner,
        by: who.actor(),
        at: new.now,
        events: vec![
            Event::Message(Arc::new(message.clone())),
            Event::Chat(Arc::new(chat.clone())),
        ],
    };
    let sent = Sent {
        message: message.clone(),
        chat: chat.clone(),
        first: true,
    };
    Decision::commit(sent, SendWrite { message, chat }, happened)
}

/// Whether that seat can be written to now; answers the transcript so far.
fn check_writable(
    chat: &Chat,
    seat: SeatNumber,
    transcript: Option<Hash>,
) -> Result<Hash, ChatError> {
    if chat.ended.is_some() {
        Err(ChatError::Ended)
    } else if seat.0 == 0 || seat.0 > chat.seats {
        Err(ChatError::NoSeat)
    } else if chat.live_seat != Some(seat) {
        // In a chat that goes on, only another redemption closes a seat.
        Err(ChatError::SeatClosed(SeatClosed::Superseded))
    } else {
        transcript.ok_or(ChatError::NoSeat)
    }
}

/// The numbers of the messages that a participant may read. The messages of one seat stand together, since a seat is
/// closed for good when the next one opens: `first` is the number of the own seat's first message, `next` that of the
/// seat after it.
#[must_use]
pub fn readable(who: &Participant, last_seq: u64, first: u64, next: Option<u64>) -> SeqRange {
    match who {
        Participant::Agent { .. } => SeqRange {
            first: 1,
            last: last_seq,
        },
        Participant::Customer(_) => SeqRange {
            first,
            last: next.map_or(last_seq, |next| next - 1),
        },
    }
}
