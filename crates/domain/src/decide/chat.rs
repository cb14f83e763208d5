//! What is decided about chats: how cursors move, who may ask for a new link, and how a chat ends.

use super::{Decision, Happened};
use crate::{
    chat::{Chat, ChatError, Cursors, Participant},
    event::{Event, SeatChange},
    seat::{Seat, SeatClosed, SeatNumber},
    time::Timestamp,
};
use std::sync::Arc;

/// Where cursors that are said to stand there can stand: not beyond the newest message, and what was seen was delivered.
#[must_use]
pub fn possible(cursors: Cursors, last_seq: u64) -> Cursors {
    let read = cursors.read.min(last_seq);
    Cursors {
        delivered: cursors.delivered.min(last_seq).max(read),
        read,
    }
}

/// What moving cursors rests on. The chat may not change meanwhile.
#[derive(Debug, Clone)]
pub struct SeenFacts {
    /// The chat.
    pub chat: Chat,
    /// The customer's own seat; none for an agent.
    pub seat: Option<Seat>,
    /// How many of the customer's messages stand beyond what the agents have read then; of an agent only.
    pub unread: u32,
}

/// What moving cursors writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeenWrite {
    /// The agents' cursors, and with them what is unread.
    Chat(Chat),
    /// The customer's.
    Seat(Seat),
}

/// Decides how far one side's cursors move: only forward, never beyond the newest message. Answers where they then stand.
pub fn mark_seen(
    who: &Participant,
    cursors: Cursors,
    facts: SeenFacts,
    now: Timestamp,
) -> Decision<Cursors, SeenWrite, ChatError> {
    let SeenFacts {
        mut chat,
        seat,
        unread,
    } = facts;
    let wanted = possible(cursors, chat.last_seq);
    let happened = |chat: &Chat, cursors, row| {
        let seat = who.seat();
        let mut events = vec![Event::Seen {
            chat: chat.chat_ref,
            seat,
            by: who.side(),
            cursors,
        }];
        events.extend(row);
        Happened {
            partner: chat.partner,
            by: who.actor(),
            at: now,
            events,
        }
    };
    match (who, seat) {
        (Participant::Agent { .. }, _) => {
            let before = Cursors {
                delivered: chat.delivered,
                read: chat.read,
            };
            let moved = before.forward(wanted);
            if moved == before {
                return Decision::unchanged(moved);
            }
            if moved.read > chat.read {
                chat.unread = unread;
            }
            (chat.delivered, chat.read) = (moved.delivered, moved.read);
            chat.rev += 1;
            let happened = happened(&chat, moved, Some(Event::Chat(Arc::new(chat.clone()))));
            Decision::commit(moved, SeenWrite::Chat(chat), happened)
        }
        (Participant::Customer(holder), Some(mut seat)) if holder.chat == chat.chat_ref => {
            if let Some(why) = seat.closed {
                return Decision::refuse(ChatError::SeatClosed(why));
            }
            let before = Cursors {
                delivered: seat.delivered,
                read: seat.read,
            };
            let moved = before.forward(wanted);
            if moved == before {
                return Decision::unchanged(moved);
            }
            (seat.delivered, seat.read) = (moved.delivered, moved.read);
            seat.rev += 1;
            let happened = happened(&chat, moved, None);
            Decision::commit(moved, SeenWrite::Seat(seat), happened)
        }
        (Participant::Customer(_), _) => Decision::refuse(ChatError::NotFound),
    }
}

/// What asking for a new link writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskWrite {
    /// The seat after it.
    pub seat: Seat,
    /// The chat after it.
    pub chat: Chat,
}

/// Decides whether a customer's wish for a new link is noted: once for each live seat. Neither may change meanwhile.
pub fn ask_for_link(
    who: &Participant,
    mut chat: Chat,
    mut seat: Seat,
    now: Timestamp,
) -> Decision<(), AskWrite, ChatError> {
    if let Some(why) = seat.closed {
        return Decision::refuse(ChatError::SeatClosed(why));
    }
    if seat.asked_at.is_some() {
        return Decision::unchanged(());
    }
    seat.asked_at = Some(now);
    seat.rev += 1;
    chat.asked_at = Some(now);
    chat.active_at = chat.active_at.max(now);
    chat.rev += 1;
    let happened = Happened {
        partner: chat.partner,
        by: who.actor(),
        at: now,
        events: vec![
            Event::Seat {
                change: SeatChange::AskedForLink,
                seat: Arc::new(seat.clone()),
            },
            Event::Chat(Arc::new(chat.clone())),
        ],
    };
    Decision::commit((), AskWrite { seat, chat }, happened)
}

/// What ending a chat writes. Its links that are valid then are revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndWrite {
    /// The chat after it.
    pub chat: Chat,
    /// The seat that is closed.
    pub closes: Option<SeatNumber>,
    /// When the links are revoked.
    pub now: Timestamp,
}

/// Decides whether a chat ends. `seat` is the customer's own, and none for an agent. No link to the chat may be made or
/// redeemed meanwhile. Ending an ended chat changes nothing.
pub fn end(
    who: &Participant,
    mut chat: Chat,
    seat: Option<&Seat>,
    now: Timestamp,
) -> Decision<Chat, EndWrite, ChatError> {
    if let Participant::Customer(_) = who {
        match seat {
            None => return Decision::refuse(ChatError::NotFound),
            Some(seat) if seat.closed == Some(SeatClosed::Superseded) => {
                return Decision::refuse(ChatError::SeatClosed(SeatClosed::Superseded));
            }
            Some(_) => {}
        }
    }
    if chat.ended.is_some() {
        return Decision::unchanged(chat);
    }
    let closes = chat.live_seat;
    chat.ended = Some((now, who.side()));
    chat.active_at = chat.active_at.max(now);
    (chat.live_seat, chat.asked_at, chat.waiting_since) = (None, None, None);
    chat.rev += 1;
    let mut events = Vec::with_capacity(3);
    events.extend(closes.map(|seat| Event::SeatClosed {
        chat: chat.chat_ref,
        seat,
        why: SeatClosed::ChatEnded,
    }));
    events.extend([
        Event::ChatEnded(chat.chat_ref),
        Event::Chat(Arc::new(chat.clone())),
    ]);
    let happened = Happened {
        partner: chat.partner,
        by: who.actor(),
        at: now,
        events,
    };
    let write = EndWrite {
        chat: chat.clone(),
        closes,
        now,
    };
    Decision::commit(chat, write, happened)
}

/// How many of the customer's messages are unread once agents have read up to `read`. `count` counts those above one
/// number and up to another; of the two stretches that tell, the shorter is counted.
///
/// # Errors
/// What `count` fails with.
pub fn unread_after<E>(
    chat: &Chat,
    read: u64,
    count: impl FnOnce(u64, u64) -> Result<u32, E>,
) -> Result<u32, E> {
    if read <= chat.read {
        Ok(chat.unread)
    } else if chat.last_seq - read <= read - chat.read {
        count(read, chat.last_seq)
    } else {
        Ok(chat.unread.saturating_sub(count(chat.read, read)?))
    }
}
