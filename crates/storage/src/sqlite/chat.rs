//! Chats on SQLite.

use super::{
    Sqlite,
    rows::{Columns, Sql, side, stored},
    seat,
    writer::{Fault, refuse},
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    ChatRef, Hash, PartnerId, StoreError, Timestamp,
    chat::{Chat, ChatError, ChatQuery, ChatStore, Cursors, Participant, SealedLabel},
    seat::{Seat, SeatClosed, SeatHolder, SeatNumber},
    side::Side,
    text::ChatId,
};

/// How long a use of something may go unnoted, in milliseconds.
pub(super) const NOTED_EVERY: i64 = 3_600_000;

#[async_trait::async_trait]
impl ChatStore for Sqlite {
    async fn chat(&self, partner: PartnerId, chat: ChatRef) -> Result<Option<Chat>, StoreError> {
        self.point(|db| Ok(find(db, partner, chat)?.map(|stored| stored.chat)))
            .await
    }

    async fn chats(&self, query: ChatQuery) -> Result<Vec<Chat>, StoreError> {
        self.scan(move |db| list(db, &query)).await
    }

    async fn seats(&self, partner: PartnerId, chat: ChatRef) -> Result<Vec<Seat>, StoreError> {
        self.scan(move |db| seat::list(db, partner, chat)).await
    }

    async fn seat_holder(
        &self,
        token_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<SeatHolder>, StoreError> {
        let Some((holder, used_at)) = self.point(|db| seat::holder(db, token_hash, now)).await?
        else {
            return Ok(None);
        };
        if used_at.plus_millis(NOTED_EVERY) <= now {
            self.writer
                .note(move |db| seat::note_use(db, token_hash, now));
        }
        Ok(Some(holder))
    }

    async fn mark_seen(
        &self,
        who: &Participant,
        chat: ChatRef,
        cursors: Cursors,
    ) -> Result<(Cursors, Chat), ChatError> {
        let who = who.clone();
        self.write(move |db| mark_seen(db, &who, chat, cursors))
            .await
    }

    async fn ask_for_link(
        &self,
        holder: &SeatHolder,
        now: Timestamp,
    ) -> Result<(Seat, Chat), ChatError> {
        let holder = holder.clone();
        self.write(move |db| ask_for_link(db, &holder, now)).await
    }

    async fn end_chat(
        &self,
        who: &Participant,
        chat: ChatRef,
        now: Timestamp,
    ) -> Result<Chat, ChatError> {
        let who = who.clone();
        self.write(move |db| end(db, &who, chat, now)).await
    }

    async fn sweep_chats(&self, ended_before: Timestamp, limit: u32) -> Result<u32, StoreError> {
        self.write(move |db| Ok(sweep(db, ended_before, limit)?))
            .await
    }
}

/// A chat with what only this database knows of it.
pub(super) struct Stored {
    pub(super) id: i64,
    /// After the live seat's newest message; none while that seat has no keys.
    pub(super) transcript: Option<Hash>,
    pub(super) chat: Chat,
}

macro_rules! select_chat {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.transcript, c.ref, p.uuid, c.chat_id, c.created_at, c.active_at, c.last_seq, c.live_seat, \
             (SELECT asked_at FROM seat WHERE chat = c.id AND number = c.live_seat), c.seats, c.unread, c.waiting_since, c.delivered, c.read, c.ended_at, c.ended_by, \
             (SELECT link_hash FROM seat WHERE chat = c.id AND vault IS NOT NULL ORDER BY number DESC LIMIT 1), \
             (SELECT vault FROM seat WHERE chat = c.id AND vault IS NOT NULL ORDER BY number DESC LIMIT 1) FROM chat c ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Sql<Stored> {
    let mut columns = Columns::of(row);
    Ok(Stored {
        id: columns.take()?,
        transcript: columns.maybe_hash()?,
        chat: Chat {
            chat_ref: columns.map(ChatRef::from_bytes)?,
            partner: columns.map(PartnerId::from_bytes)?,
            chat_id: columns.parse(|text: String| ChatId::parse(&text).ok())?,
            created_at: columns.time()?,
            active_at: columns.time()?,
            last_seq: columns.count()?,
            live_seat: columns.maybe(SeatNumber)?,
            asked_at: columns.maybe_time()?,
            seats: columns.take()?,
            unread: columns.take()?,
            waiting_since: columns.maybe_time()?,
            delivered: columns.count()?,
            read: columns.count()?,
            ended: columns.maybe_time()?.zip(columns.maybe_parse(side)?),
            label: label(&mut columns)?,
        },
    })
}

fn label(columns: &mut Columns<'_>) -> Sql<Option<SealedLabel>> {
    let (link_hash, vault) = (columns.maybe_hash()?, columns.take::<Option<Vec<u8>>>()?);
    Ok(link_hash
        .zip(vault)
        .map(|(link_hash, vault)| SealedLabel { link_hash, vault }))
}

/// One chat of a partner.
pub(super) fn find(db: &Connection, partner: PartnerId, chat: ChatRef) -> Sql<Option<Stored>> {
    db.prepare_cached(select_chat!(
        "JOIN partner p ON p.id = c.partner WHERE c.ref = ?1 AND p.uuid = ?2"
    ))?
    .query_row([chat.as_bytes(), partner.as_bytes()], read)
    .optional()
}

/// The chat that a participant names, if it may.
pub(super) fn enter(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
) -> Result<Stored, Fault<ChatError>> {
    let found = if who.may_enter(chat) {
        find(db, who.partner(), chat)?
    } else {
        None
    };
    found.ok_or(Fault::Refused(ChatError::NotFound))
}

/// What making a link has to know of a chat.
pub(super) struct Entrance {
    pub(super) id: i64,
    pub(super) seats: u32,
    pub(super) ended: bool,
}

/// The chat that a link is to open.
pub(super) fn entrance(db: &Connection, partner: i64, chat: ChatRef) -> Sql<Option<Entrance>> {
    db.prepare_cached(
        "SELECT id, seats, ended_at IS NOT NULL FROM chat WHERE ref = ?1 AND partner = ?2",
    )?
    .query_row(params![chat.as_bytes(), partner], |row| {
        Ok(Entrance {
            id: row.get(0)?,
            seats: row.get(1)?,
            ended: row.get(2)?,
        })
    })
    .optional()
}

/// Makes a chat for its first link; answers its row.
pub(super) fn create(
    db: &Connection,
    partner: i64,
    chat: ChatRef,
    chat_id: &ChatId,
    now: Timestamp,
) -> Sql<i64> {
    db.prepare_cached("INSERT INTO chat (ref, partner, chat_id, created_at, active_at) VALUES (?1, ?2, ?3, ?4, ?4)")?
        .insert(params![chat.as_bytes(), partner, chat_id.as_str(), now.millis()])
}

/// Removes a chat that nobody ever entered, once no link leads to it.
pub(super) fn remove_if_unused(db: &Connection, id: i64) -> Sql<()> {
    db.prepare_cached("DELETE FROM chat WHERE id = ?1 AND seats = 0 AND NOT EXISTS (SELECT 1 FROM link WHERE chat = ?1)")?
        .execute([id])?;
    Ok(())
}

fn list(db: &Connection, query: &ChatQuery) -> Sql<Vec<Chat>> {
    let read = |row: &Row<'_>| Ok(read(row)?.chat);
    match query.after {
        None => db
            .prepare_cached(select_chat!(
                "INDEXED BY chat_inbox CROSS JOIN partner p ON p.id = c.partner \
                 WHERE c.partner = (SELECT id FROM partner WHERE uuid = ?1) AND c.seats > 0 \
                 ORDER BY c.active_at DESC, c.id DESC LIMIT ?2"
            ))?
            .query_map(params![query.partner.as_bytes(), query.limit], read)?
            .collect(),
        Some(after) => db
            .prepare_cached(select_chat!(
                "INDEXED BY chat_inbox CROSS JOIN partner p ON p.id = c.partner \
                 WHERE c.partner = (SELECT id FROM partner WHERE uuid = ?1) AND c.seats > 0 \
                 AND (c.active_at, c.id) < (SELECT active_at, id FROM chat WHERE ref = ?3) \
                 ORDER BY c.active_at DESC, c.id DESC LIMIT ?2"
            ))?
            .query_map(
                params![query.partner.as_bytes(), query.limit, after.as_bytes()],
                read,
            )?
            .collect(),
    }
}

fn mark_seen(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
    cursors: Cursors,
) -> Result<(Cursors, Chat), Fault<ChatError>> {
    let Stored { id, mut chat, .. } = enter(db, who, chat)?;
    let read = cursors.read.min(chat.last_seq);
    // What was seen was delivered.
    let delivered = cursors.delivered.min(chat.last_seq).max(read);
    if let Participant::Customer(holder) = who {
        if let Some(why) = seat::closed(db, id, holder.number)? {
            return refuse(ChatError::SeatClosed(why));
        }
        let (delivered, read) = seat::move_cursors(db, id, holder.number, delivered, read)?;
        return Ok((Cursors { delivered, read }, chat));
    }
    let moved = Cursors {
        delivered: chat.delivered.max(delivered),
        read: chat.read.max(read),
    };
    if moved.read > chat.read {
        chat.unread = unread_beyond(db, id, &chat, moved.read)?;
    }
    (chat.delivered, chat.read) = (moved.delivered, moved.read);
    db.prepare_cached("UPDATE chat SET delivered = ?2, read = ?3, unread = ?4 WHERE id = ?1")?
        .execute(params![
            id,
            stored(moved.delivered),
            stored(moved.read),
            chat.unread
        ])?;
    Ok((moved, chat))
}

/// How many of the customer's messages stand beyond `read`. Of the two stretches that tell, the shorter is counted.
fn unread_beyond(db: &Connection, id: i64, chat: &Chat, read: u64) -> Sql<u32> {
    let count = |above: u64, up_to: u64| -> Sql<u32> {
        db.prepare_cached(
            "SELECT count(*) FROM message WHERE chat = ?1 AND seq > ?2 AND seq <= ?3 AND role = ?4",
        )?
        .query_row(
            params![id, stored(above), stored(up_to), Side::Customer.role()],
            |row| row.get(0),
        )
    };
    if chat.last_seq - read <= read - chat.read {
        count(read, chat.last_seq)
    } else {
        Ok(chat.unread.saturating_sub(count(chat.read, read)?))
    }
}

fn ask_for_link(
    db: &Connection,
    holder: &SeatHolder,
    now: Timestamp,
) -> Result<(Seat, Chat), Fault<ChatError>> {
    let who = Participant::Customer(holder.clone());
    let Stored { id, mut chat, .. } = enter(db, &who, holder.chat)?;
    if let Some(why) = seat::closed(db, id, holder.number)? {
        return refuse(ChatError::SeatClosed(why));
    }
    let seat = seat::ask_for_link(db, id, holder.number, now)?;
    if chat.asked_at.is_none() {
        (chat.asked_at, chat.active_at) = (seat.asked_at, chat.active_at.max(now));
        db.prepare_cached("UPDATE chat SET active_at = ?2 WHERE id = ?1")?
            .execute(params![id, chat.active_at.millis()])?;
    }
    Ok((seat, chat))
}

fn end(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
    now: Timestamp,
) -> Result<Chat, Fault<ChatError>> {
    let Stored { id, mut chat, .. } = enter(db, who, chat)?;
    if let Participant::Customer(holder) = who
        && seat::closed(db, id, holder.number)? == Some(SeatClosed::Superseded)
    {
        return refuse(ChatError::SeatClosed(SeatClosed::Superseded));
    }
    if chat.ended.is_some() {
        return Ok(chat);
    }
    if let Some(live) = chat.live_seat {
        seat::close(db, id, live, SeatClosed::ChatEnded)?;
    }
    db.prepare_cached(
        "UPDATE link SET revoked_at = ?2 WHERE chat = ?1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?2",
    )?
    .execute(params![id, now.millis()])?;
    chat.ended = Some((now, who.side()));
    chat.active_at = chat.active_at.max(now);
    (chat.live_seat, chat.asked_at, chat.waiting_since) = (None, None, None);
    db.prepare_cached(
        "UPDATE chat SET ended_at = ?2, ended_by = ?3, active_at = ?4, live_seat = NULL, waiting_since = NULL WHERE id = ?1",
    )?
    .execute(params![id, now.millis(), who.side().role(), chat.active_at.millis()])?;
    Ok(chat)
}

/// Takes one chat after another apart, its messages first and its own row last, so that a batch can stop anywhere.
fn sweep(db: &Connection, ended_before: Timestamp, limit: u32) -> Sql<u32> {
    let mut left = limit;
    while left > 0 {
        let oldest: Option<i64> = db
            .prepare_cached("SELECT id FROM chat WHERE ended_at IS NOT NULL AND ended_at < ?1 ORDER BY ended_at LIMIT 1")?
            .query_row([ended_before.millis()], |row| row.get(0))
            .optional()?;
        let Some(id) = oldest else { break };
        for statement in [
            "DELETE FROM message WHERE chat = ?1 AND seq IN (SELECT seq FROM message WHERE chat = ?1 ORDER BY seq LIMIT ?2)",
            "DELETE FROM link WHERE id IN (SELECT id FROM link WHERE chat = ?1 LIMIT ?2)",
            "DELETE FROM seat WHERE id IN (SELECT id FROM seat WHERE chat = ?1 LIMIT ?2)",
        ] {
            let removed = db.prepare_cached(statement)?.execute(params![id, left])?;
            left -= u32::try_from(removed).unwrap_or(left).min(left);
        }
        if left > 0 {
            db.prepare_cached("DELETE FROM chat WHERE id = ?1")?
                .execute([id])?;
            left -= 1;
        }
    }
    Ok(limit - left)
}
