//! Chats on SQLite.

use super::{
    Sqlite,
    log::apply,
    rows::{Columns, Sql, side, stored},
    seat,
    writer::Applied,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    ChatRef, Hash, PartnerId, StoreError, Timestamp,
    chat::{Chat, ChatError, ChatQuery, ChatStore, Cursors, Participant},
    decide::{
        chat::{self as decide, AskWrite, EndWrite, SeenFacts, SeenWrite},
        link::ChatForLink,
    },
    seat::{SealedLabel, Seat, SeatClosed, SeatHolder, SeatNumber},
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
        now: Timestamp,
    ) -> Result<Cursors, ChatError> {
        let who = who.clone();
        self.change(move |db| mark_seen(db, &who, chat, cursors, now))
            .await
    }

    async fn ask_for_link(&self, holder: &SeatHolder, now: Timestamp) -> Result<(), ChatError> {
        let who = Participant::Customer(holder.clone());
        self.change(move |db| ask_for_link(db, &who, now)).await
    }

    async fn end_chat(
        &self,
        who: &Participant,
        chat: ChatRef,
        now: Timestamp,
    ) -> Result<Chat, ChatError> {
        let who = who.clone();
        self.change(move |db| end(db, &who, chat, now)).await
    }

    async fn sweep_chats(&self, ended_before: Timestamp, limit: u32) -> Result<u32, StoreError> {
        self.write(move |db| sweep(db, ended_before, limit)).await
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
             (SELECT asked_at FROM seat WHERE chat = c.id AND number = c.live_seat), c.seats, c.unread, c.waiting_since, c.delivered, c.read, c.ended_at, c.ended_by, c.rev, \
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
            rev: columns.count()?,
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

/// The chat of that row.
pub(super) fn by_id(db: &Connection, id: i64) -> Sql<Chat> {
    db.prepare_cached(select_chat!(
        "JOIN partner p ON p.id = c.partner WHERE c.id = ?1"
    ))?
    .query_row([id], |row| Ok(read(row)?.chat))
}

/// The chat that a participant names, if it may.
pub(super) fn enter(db: &Connection, who: &Participant, chat: ChatRef) -> Sql<Option<Stored>> {
    if who.may_enter(chat) {
        find(db, who.partner(), chat)
    } else {
        Ok(None)
    }
}

/// The chat that a link is to open, with its row.
pub(super) fn chat_for_link(
    db: &Connection,
    partner: i64,
    chat: ChatRef,
) -> Sql<Option<(i64, ChatForLink)>> {
    db.prepare_cached(
        "SELECT id, seats, ended_at IS NOT NULL FROM chat WHERE ref = ?1 AND partner = ?2",
    )?
    .query_row(params![chat.as_bytes(), partner], |row| {
        let chat = ChatForLink {
            seats: row.get(1)?,
            ended: row.get(2)?,
        };
        Ok((row.get(0)?, chat))
    })
    .optional()
}

/// Writes whatever can change of a chat but its transcript. When its customer asked stands on the seat.
pub(super) fn update(db: &Connection, id: i64, chat: &Chat) -> Sql<()> {
    let (ended_at, ended_by) = chat.ended.unzip();
    db.prepare_cached(
        "UPDATE chat SET active_at = ?2, last_seq = ?3, live_seat = ?4, seats = ?5, unread = ?6, waiting_since = ?7, \
         delivered = ?8, read = ?9, ended_at = ?10, ended_by = ?11, rev = ?12 WHERE id = ?1",
    )?
    .execute(params![
        id,
        chat.active_at.millis(),
        stored(chat.last_seq),
        chat.live_seat.map(|seat| seat.0),
        chat.seats,
        chat.unread,
        chat.waiting_since.map(Timestamp::millis),
        stored(chat.delivered),
        stored(chat.read),
        ended_at.map(Timestamp::millis),
        ended_by.map(Side::role),
        stored(chat.rev),
    ])?;
    Ok(())
}

/// Writes how far the transcript of the live seat has come.
pub(super) fn set_transcript(db: &Connection, id: i64, transcript: Option<Hash>) -> Sql<()> {
    db.prepare_cached("UPDATE chat SET transcript = ?2 WHERE id = ?1")?
        .execute(params![id, transcript.as_ref().map(Hash::as_bytes)])?;
    Ok(())
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

const NOT_FOUND: ChatError = ChatError::NotFound;

fn mark_seen(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
    cursors: Cursors,
    now: Timestamp,
) -> Sql<Applied<Cursors, ChatError>> {
    let Some(Stored { id, chat, .. }) = enter(db, who, chat)? else {
        return Ok(Applied::answered(Err(NOT_FOUND)));
    };
    let seat = own_seat(db, id, who)?;
    let unread = match who {
        Participant::Agent { .. } => {
            let read = decide::possible(cursors, chat.last_seq).read;
            decide::unread_after(&chat, read, |above, up_to| {
                count_from(db, id, Side::Customer, above, up_to)
            })?
        }
        Participant::Customer(_) => chat.unread,
    };
    let facts = SeenFacts { chat, seat, unread };
    apply(
        db,
        decide::mark_seen(who, cursors, facts, now),
        |write| match write {
            SeenWrite::Chat(chat) => update(db, id, &chat),
            SeenWrite::Seat(seat) => seat::update(db, id, &seat),
        },
    )
}

/// A customer's own seat; none for an agent.
fn own_seat(db: &Connection, chat: i64, who: &Participant) -> Sql<Option<Seat>> {
    who.seat()
        .map_or(Ok(None), |number| seat::find(db, chat, number))
}

/// How many messages of a side stand above one number and up to another.
fn count_from(db: &Connection, id: i64, from: Side, above: u64, up_to: u64) -> Sql<u32> {
    db.prepare_cached(
        "SELECT count(*) FROM message WHERE chat = ?1 AND seq > ?2 AND seq <= ?3 AND role = ?4",
    )?
    .query_row(
        params![id, stored(above), stored(up_to), from.role()],
        |row| row.get(0),
    )
}

fn ask_for_link(db: &Connection, who: &Participant, now: Timestamp) -> Sql<Applied<(), ChatError>> {
    let Participant::Customer(holder) = who else {
        return Ok(Applied::answered(Err(NOT_FOUND)));
    };
    let chat = enter(db, who, holder.chat)?;
    let found = match chat {
        Some(stored) => own_seat(db, stored.id, who)?.map(|seat| (stored, seat)),
        None => None,
    };
    let Some((Stored { id, chat, .. }, seat)) = found else {
        return Ok(Applied::answered(Err(NOT_FOUND)));
    };
    let decision = decide::ask_for_link(who, chat, seat, now);
    apply(db, decision, |AskWrite { seat, chat }| {
        seat::update(db, id, &seat)?;
        update(db, id, &chat)
    })
}

fn end(
    db: &Connection,
    who: &Participant,
    chat: ChatRef,
    now: Timestamp,
) -> Sql<Applied<Chat, ChatError>> {
    let Some(Stored { id, chat, .. }) = enter(db, who, chat)? else {
        return Ok(Applied::answered(Err(NOT_FOUND)));
    };
    let seat = own_seat(db, id, who)?;
    let decision = decide::end(who, chat, seat.as_ref(), now);
    apply(db, decision, |EndWrite { chat, closes, now }| {
        if let Some(live) = closes {
            seat::close(db, id, live, SeatClosed::ChatEnded)?;
        }
        db.prepare_cached(
            "UPDATE link SET revoked_at = ?2, rev = rev + 1 \
             WHERE chat = ?1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?2",
        )?
        .execute(params![id, now.millis()])?;
        update(db, id, &chat)
    })
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
