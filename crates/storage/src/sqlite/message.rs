//! Messages on SQLite.

use super::{
    Sqlite, chat,
    log::apply,
    rows::{Columns, Sql, side, stored},
    seat,
    writer::Applied,
};
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    AgentId, ChatRef, Cid, Hash, StoreError,
    chat::{ChatError, Participant},
    decide::message::{self as decide, SendFacts, SendWrite},
    message::{Message, MessageStore, NewMessage, Page, Range, Sent, SeqRange},
    seat::SeatNumber,
    side::Side,
};

#[async_trait::async_trait]
impl MessageStore for Sqlite {
    async fn send(&self, who: &Participant, message: NewMessage) -> Result<Sent, ChatError> {
        let who = who.clone();
        self.change(move |db| send(db, &who, &message)).await
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
            page(db, &who, chat, range, limit)
        };
        let page = self
            .scan(read)
            .await
            .map_err(|error: StoreError| ChatError::from(error))?;
        page.ok_or(ChatError::NotFound)
    }
}

fn send(db: &Connection, who: &Participant, new: &NewMessage) -> Sql<Applied<Sent, ChatError>> {
    let Some(chat::Stored {
        id,
        transcript,
        chat,
    }) = chat::enter(db, who, new.chat)?
    else {
        return Ok(Applied::answered(Err(ChatError::NotFound)));
    };
    let facts = SendFacts {
        stored: by_cid(db, id, new.chat, who.side(), new.cid)?,
        chat,
        transcript,
    };
    apply(
        db,
        decide::send(who, new, facts),
        |SendWrite { message, chat }| {
            insert(db, id, &message)?;
            chat::update(db, id, &chat)?;
            chat::set_transcript(db, id, Some(message.transcript))
        },
    )
}

fn insert(db: &Connection, chat: i64, message: &Message) -> Sql<()> {
    db.prepare_cached(
        "INSERT INTO message (chat, seq, seat, role, cid, at, transcript, body, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
        message.author.as_ref().map(AgentId::as_bytes),
    ])?;
    Ok(())
}

macro_rules! select_message {
    ($rest:literal) => {
        concat!(
            "SELECT seq, seat, role, cid, body, at, transcript, author FROM message ",
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
        author: columns.maybe(AgentId::from_bytes)?,
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

fn page(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
    range: Range,
    limit: u32,
) -> Sql<Option<Page>> {
    let Some(stored) = chat::enter(db, who, chat)? else {
        return Ok(None);
    };
    let Some(readable) = readable(db, who, &stored)? else {
        return Ok(None);
    };
    let messages = between(db, stored.id, chat, readable.within(range), range, limit)?;
    let transcript = match messages.first() {
        Some(first) => transcript_before(db, stored.id, first)?,
        None => newest_transcript(db, who, &stored, readable)?,
    };
    Ok(Some(Page {
        messages,
        transcript,
        last_seq: readable.last,
    }))
}

/// What a participant may read; none where the seat is not there.
fn readable(db: &Connection, who: &Participant, stored: &chat::Stored) -> Sql<Option<SeqRange>> {
    let (chat, last_seq) = (&stored.chat, stored.chat.last_seq);
    let Some(number) = who.seat() else {
        return Ok(Some(decide::readable(who, last_seq, 1, None)));
    };
    let first_seq = |number| -> Sql<Option<u64>> {
        let start = seat::start(db, stored.id, chat.chat_ref, number)?;
        Ok(start.map(|start| start.first_seq))
    };
    let Some(first) = first_seq(number)? else {
        return Ok(None);
    };
    let next = first_seq(SeatNumber(number.0 + 1))?;
    Ok(Some(decide::readable(who, last_seq, first, next)))
}

fn between(
    db: &Connection,
    id: i64,
    chat: ChatRef,
    wanted: SeqRange,
    range: Range,
    limit: u32,
) -> Sql<Vec<Message>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let statement = match range {
        Range::After(_) => {
            select_message!("WHERE chat = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4")
        }
        Range::Before(_) => select_message!(
            "WHERE chat = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT ?4"
        ),
    };
    let mut messages = db
        .prepare_cached(statement)?
        .query_map(
            params![id, stored(wanted.first), stored(wanted.last), limit],
            |row| read(row, chat),
        )?
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
    readable: SeqRange,
) -> Sql<Option<Hash>> {
    match who {
        Participant::Agent { .. } => Ok(stored.transcript),
        Participant::Customer(_) if !readable.is_empty() => {
            transcript_at(db, stored.id, readable.last)
        }
        Participant::Customer(holder) => {
            Ok(
                seat::start(db, stored.id, stored.chat.chat_ref, holder.number)?
                    .and_then(|start| start.transcript),
            )
        }
    }
}
