//! Messages on SQLite.

use super::{
    Sqlite, chat,
    rows::{Columns, Sql, side, stored},
    seat,
    writer::{Fault, refuse},
};
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    ChatRef, Cid, Hash, StoreError, Timestamp,
    chat::{Chat, ChatError, Participant},
    message::{Message, MessageStore, NewMessage, Page, Range, Sent, transcript_next},
    seat::{SeatClosed, SeatNumber},
    side::Side,
};

#[async_trait::async_trait]
impl MessageStore for Sqlite {
    async fn send(&self, who: &Participant, message: NewMessage) -> Result<Sent, ChatError> {
        let who = who.clone();
        self.write(move |db| send(db, &who, message)).await
    }

    async fn messages(
        &self,
        who: &Participant,
        chat: ChatRef,
        range: Range,
        limit: u32,
    ) -> Result<Page, ChatError> {
        let who = who.clone();
        let read = move |db: &Connection| {
            // One transaction, so that all of it is of one instant.
            let _snapshot = db.unchecked_transaction()?;
            match page(db, &who, chat, range, limit) {
                Ok(page) => Ok(Ok(page)),
                Err(Fault::Refused(error)) => Ok(Err(error)),
                Err(Fault::Database(error)) => Err(error),
            }
        };
        self.scan(read)
            .await
            .map_err(|error: StoreError| ChatError::from(error))?
    }
}

fn send(db: &Connection, who: &Participant, new: NewMessage) -> Result<Sent, Fault<ChatError>> {
    let chat::Stored {
        id,
        transcript,
        mut chat,
    } = chat::enter(db, who, new.chat)?;
    if let Participant::Customer(holder) = who
        && holder.number != new.seat
    {
        return refuse(ChatError::NotFound);
    }
    let from = who.side();
    if let Some(message) = by_cid(db, id, new.chat, from, new.cid)? {
        let same = message.seat == new.seat && message.body == new.body;
        return if same {
            Ok(Sent {
                message,
                chat,
                first: false,
            })
        } else {
            refuse(ChatError::OtherContent)
        };
    }
    let before = open_to(&chat, new.seat, transcript).map_err(Fault::Refused)?;
    let seq = chat.last_seq + 1;
    let message = Message {
        chat: new.chat,
        seq,
        seat: new.seat,
        from,
        cid: new.cid,
        transcript: transcript_next(before, seq, from, new.cid, &new.body),
        body: new.body,
        at: new.now,
    };
    insert(db, id, &message)?;
    chat.last_seq = seq;
    chat.active_at = chat.active_at.max(new.now);
    match from {
        Side::Customer => {
            chat.unread = chat.unread.saturating_add(1);
            chat.waiting_since = chat.waiting_since.or(Some(new.now));
        }
        Side::Partner => chat.waiting_since = None,
    }
    advance(db, id, &chat, message.transcript)?;
    Ok(Sent {
        message,
        chat,
        first: true,
    })
}

/// Whether that seat can be written to now; answers the transcript so far.
fn open_to(chat: &Chat, seat: SeatNumber, transcript: Option<Hash>) -> Result<Hash, ChatError> {
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

fn insert(db: &Connection, chat: i64, message: &Message) -> Sql<()> {
    db.prepare_cached(
        "INSERT INTO message (chat, seq, seat, role, cid, at, transcript, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        chat,
        stored(message.seq),
        message.seat.0,
        message.from.role(),
        message.cid.as_bytes(),
        message.at.millis(),
        message.transcript.as_bytes(),
        &message.body[..],
    ])?;
    Ok(())
}

fn advance(db: &Connection, id: i64, chat: &Chat, transcript: Hash) -> Sql<()> {
    db.prepare_cached(
        "UPDATE chat SET last_seq = ?2, transcript = ?3, active_at = ?4, unread = ?5, waiting_since = ?6 WHERE id = ?1",
    )?
    .execute(params![
        id,
        stored(chat.last_seq),
        transcript.as_bytes(),
        chat.active_at.millis(),
        chat.unread,
        chat.waiting_since.map(Timestamp::millis),
    ])?;
    Ok(())
}

macro_rules! select_message {
    ($rest:literal) => {
        concat!(
            "SELECT seq, seat, role, cid, body, at, transcript FROM message ",
            $rest
        )
    };
}

fn read(row: &Row<'_>, chat: ChatRef) -> Sql<Message> {
    let mut columns = Columns::of(row);
    Ok(Message {
        chat,
        seq: columns.count()?,
        seat: columns.map(SeatNumber)?,
        from: columns.parse(side)?,
        cid: columns.map(Cid::from_bytes)?,
        body: columns.map(|body: Vec<u8>| Bytes::from(body))?,
        at: columns.time()?,
        transcript: columns.hash()?,
    })
}

fn by_cid(db: &Connection, id: i64, chat: ChatRef, from: Side, cid: Cid) -> Sql<Option<Message>> {
    db.prepare_cached(select_message!(
        "WHERE chat = ?1 AND role = ?2 AND cid = ?3"
    ))?
    .query_row(params![id, from.role(), cid.as_bytes()], |row| {
        read(row, chat)
    })
    .optional()
}

/// The numbers that a participant may read, from the one to the other.
struct Stretch {
    first: u64,
    last: u64,
}

fn page(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
    range: Range,
    limit: u32,
) -> Result<Page, Fault<ChatError>> {
    let stored = chat::enter(db, who, chat)?;
    let stretch = match who {
        Participant::Agent(_) => Stretch {
            first: 1,
            last: stored.chat.last_seq,
        },
        Participant::Customer(holder) => own_stretch(db, &stored, holder.number)?,
    };
    let messages = between(db, stored.id, chat, &stretch, range, limit)?;
    let transcript = match messages.first() {
        Some(first) => transcript_before(db, stored.id, first)?,
        None => newest_transcript(db, who, &stored, &stretch)?,
    };
    Ok(Page {
        messages,
        transcript,
        last_seq: stretch.last,
    })
}

/// The messages of one seat stand together: a seat is closed for good when the next one opens.
fn own_stretch(
    db: &Connection,
    stored: &chat::Stored,
    number: SeatNumber,
) -> Result<Stretch, Fault<ChatError>> {
    let start = |number| seat::start(db, stored.id, stored.chat.chat_ref, number);
    let Some(own) = start(number)? else {
        return refuse(ChatError::NotFound);
    };
    let next = start(SeatNumber(number.0 + 1))?;
    Ok(Stretch {
        first: own.first_seq,
        last: next.map_or(stored.chat.last_seq, |next| next.first_seq - 1),
    })
}

fn between(
    db: &Connection,
    id: i64,
    chat: ChatRef,
    stretch: &Stretch,
    range: Range,
    limit: u32,
) -> Sql<Vec<Message>> {
    let (first, last, statement) = match range {
        Range::After(after) => (
            stretch.first.max(after.saturating_add(1)),
            stretch.last,
            select_message!("WHERE chat = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4"),
        ),
        Range::Before(before) => (
            stretch.first,
            stretch.last.min(before.saturating_sub(1)),
            select_message!(
                "WHERE chat = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT ?4"
            ),
        ),
    };
    if first > last {
        return Ok(Vec::new());
    }
    let mut messages = db
        .prepare_cached(statement)?
        .query_map(params![id, stored(first), stored(last), limit], |row| {
            read(row, chat)
        })?
        .collect::<Sql<Vec<_>>>()?;
    if matches!(range, Range::Before(_)) {
        messages.reverse();
    }
    Ok(messages)
}

fn transcript_at(db: &Connection, id: i64, seq: u64) -> Sql<Option<Hash>> {
    db.prepare_cached("SELECT transcript FROM message WHERE chat = ?1 AND seq = ?2")?
        .query_row(params![id, stored(seq)], |row| Columns::of(row).hash())
        .optional()
}

/// Each seat has a transcript of its own, so before its first message stands its start.
fn transcript_before(db: &Connection, id: i64, first: &Message) -> Sql<Option<Hash>> {
    match seat::start(db, id, first.chat, first.seat)? {
        Some(start) if start.first_seq == first.seq => Ok(start.transcript),
        _ => transcript_at(db, id, first.seq - 1),
    }
}

fn newest_transcript(
    db: &Connection,
    who: &Participant,
    stored: &chat::Stored,
    stretch: &Stretch,
) -> Sql<Option<Hash>> {
    match who {
        Participant::Agent(_) => Ok(stored.transcript),
        Participant::Customer(_) if stretch.last >= stretch.first => {
            transcript_at(db, stored.id, stretch.last)
        }
        Participant::Customer(holder) => {
            Ok(
                seat::start(db, stored.id, stored.chat.chat_ref, holder.number)?
                    .and_then(|start| start.transcript),
            )
        }
    }
}
