//! Seats on SQLite: made by a redemption, kept as long as their chat.

use super::rows::{Columns, Sql, closed, closed_code, device, device_code, stored};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    ChatRef, Hash, PartnerId, Timestamp,
    decide::link::{OpenSeat, SeatRedemption},
    message::transcript_start,
    seat::{Handshake, SEAT_IDLE_DAYS, Seat, SeatClosed, SeatHolder, SeatNumber},
};

/// The redemption that made a seat by this link.
pub(super) fn by_link(db: &Connection, link_hash: Hash) -> Sql<Option<SeatRedemption>> {
    db.prepare_cached(
        "SELECT claim_hash, handshake_epoch, handshake_enc, closed, number, first_seq, replaced FROM seat WHERE link_hash = ?1",
    )?
    .query_row([link_hash.as_bytes()], |row| {
        let mut columns = Columns::of(row);
        Ok(SeatRedemption {
            claim: columns.maybe_hash()?,
            handshake: handshake(&mut columns)?,
            closed: columns.maybe_parse(closed)?,
            number: columns.map(SeatNumber)?,
            first_seq: columns.count()?,
            replaced: columns.maybe(SeatNumber)?,
        })
    })
    .optional()
}

/// Stores a seat that is opened, and closes the one before it.
pub(super) fn insert(db: &Connection, chat: i64, opened: &OpenSeat) -> Sql<()> {
    if let Some(replaced) = opened.replaced {
        close(db, chat, replaced, SeatClosed::Superseded)?;
    }
    let seat = &opened.seat;
    let handshake = seat.handshake.as_ref();
    db.prepare_cached(
        "INSERT INTO seat (chat, number, token_hash, link_hash, claim_hash, made_by_key, vault, handshake_epoch, handshake_enc, \
         first_seq, replaced, opened_at, used_at, device, rev) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14)",
    )?
    .execute(params![
        chat,
        seat.number.0,
        opened.token_hash.as_bytes(),
        seat.link_hash.as_bytes(),
        opened.claim_hash.as_ref().map(Hash::as_bytes),
        seat.made_by_key,
        seat.vault,
        handshake.map(|handshake| handshake.epoch),
        handshake.map(|handshake| &handshake.enc),
        stored(seat.first_seq),
        opened.replaced.map(|replaced| replaced.0),
        seat.opened_at.millis(),
        device_code(seat.device),
        stored(seat.rev),
    ])?;
    Ok(())
}

/// Closes a seat for good.
pub(super) fn close(db: &Connection, chat: i64, number: SeatNumber, why: SeatClosed) -> Sql<()> {
    db.prepare_cached(
        "UPDATE seat SET closed = ?3, rev = rev + 1 WHERE chat = ?1 AND number = ?2",
    )?
    .execute(params![chat, number.0, closed_code(why)])?;
    Ok(())
}

/// Writes what a customer changes of the own seat.
pub(super) fn update(db: &Connection, chat: i64, seat: &Seat) -> Sql<()> {
    db.prepare_cached(
        "UPDATE seat SET delivered = ?3, read = ?4, asked_at = ?5, rev = ?6 WHERE chat = ?1 AND number = ?2",
    )?
    .execute(params![
        chat,
        seat.number.0,
        stored(seat.delivered),
        stored(seat.read),
        seat.asked_at.map(Timestamp::millis),
        stored(seat.rev),
    ])?;
    Ok(())
}

/// Where a seat's messages begin, and what its transcript begins with.
pub(super) struct Start {
    pub(super) first_seq: u64,
    pub(super) transcript: Option<Hash>,
}

/// The start of that seat, if there is one.
pub(super) fn start(
    db: &Connection,
    chat: i64,
    chat_ref: ChatRef,
    number: SeatNumber,
) -> Sql<Option<Start>> {
    db.prepare_cached("SELECT first_seq, handshake_enc FROM seat WHERE chat = ?1 AND number = ?2")?
        .query_row(params![chat, number.0], |row| {
            let mut columns = Columns::of(row);
            let first_seq = columns.count()?;
            let transcript =
                columns.maybe(|enc: Vec<u8>| transcript_start(chat_ref, number, &enc))?;
            Ok(Start {
                first_seq,
                transcript,
            })
        })
        .optional()
}

macro_rules! select_seat {
    ($rest:literal) => {
        concat!(
            "SELECT c.ref, s.number, s.handshake_epoch, s.handshake_enc, s.vault, s.link_hash, s.made_by_key, s.first_seq, s.opened_at, \
             s.closed, s.asked_at, s.device, s.delivered, s.read, s.rev FROM chat c JOIN seat s ON s.chat = c.id ",
            $rest
        )
    };
}

/// Every seat of a chat, oldest first.
pub(super) fn list(db: &Connection, partner: PartnerId, chat: ChatRef) -> Sql<Vec<Seat>> {
    db.prepare_cached(select_seat!(
        "JOIN partner p ON p.id = c.partner WHERE c.ref = ?1 AND p.uuid = ?2 ORDER BY s.number"
    ))?
    .query_map([chat.as_bytes(), partner.as_bytes()], read)?
    .collect()
}

/// One seat of a chat.
pub(super) fn find(db: &Connection, chat: i64, number: SeatNumber) -> Sql<Option<Seat>> {
    db.prepare_cached(select_seat!("WHERE c.id = ?1 AND s.number = ?2"))?
        .query_row(params![chat, number.0], read)
        .optional()
}

fn read(row: &Row<'_>) -> Sql<Seat> {
    let mut columns = Columns::of(row);
    Ok(Seat {
        chat: columns.map(ChatRef::from_bytes)?,
        number: columns.map(SeatNumber)?,
        handshake: handshake(&mut columns)?,
        vault: columns.take()?,
        link_hash: columns.hash()?,
        made_by_key: columns.take()?,
        first_seq: columns.count()?,
        opened_at: columns.time()?,
        closed: columns.maybe_parse(closed)?,
        asked_at: columns.maybe_time()?,
        device: columns.parse(device)?,
        delivered: columns.count()?,
        read: columns.count()?,
        rev: columns.count()?,
    })
}

fn handshake(columns: &mut Columns<'_>) -> Sql<Option<Handshake>> {
    let (epoch, enc) = (columns.take()?, columns.take()?);
    Ok(match (epoch, enc) {
        (Some(epoch), Some(enc)) => Some(Handshake { epoch, enc }),
        _ => None,
    })
}

/// Who holds the newest seat with that token, and when it was last used.
///
/// The same claim on two links makes two seats with the same token; its holder is asked for the newer.
pub(super) fn holder(
    db: &Connection,
    token_hash: Hash,
    now: Timestamp,
) -> Sql<Option<(SeatHolder, Timestamp)>> {
    db.prepare_cached(
        "SELECT p.uuid, c.ref, s.number, s.closed, s.used_at FROM seat s JOIN chat c ON c.id = s.chat \
         JOIN partner p ON p.id = c.partner WHERE s.token_hash = ?1 AND s.used_at > ?2 ORDER BY s.id DESC LIMIT 1",
    )?
    .query_row(params![token_hash.as_bytes(), now.minus_days(SEAT_IDLE_DAYS).millis()], |row| {
        let mut columns = Columns::of(row);
        let holder = SeatHolder {
            partner: columns.map(PartnerId::from_bytes)?,
            chat: columns.map(ChatRef::from_bytes)?,
            number: columns.map(SeatNumber)?,
            closed: columns.maybe_parse(closed)?,
        };
        Ok((holder, columns.time()?))
    })
    .optional()
}

/// Notes that the holder of this token was here.
pub(super) fn note_use(db: &Connection, token_hash: Hash, now: Timestamp) -> Sql<()> {
    db.prepare_cached("UPDATE seat SET used_at = max(used_at, ?2) WHERE token_hash = ?1")?
        .execute(params![token_hash.as_bytes(), now.millis()])?;
    Ok(())
}
