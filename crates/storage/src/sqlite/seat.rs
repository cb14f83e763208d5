//! Seats on SQLite: made by a redemption, kept as long as their chat.

use super::{
    rows::{Columns, Sql, device, device_code, ended, ended_code, stored},
    writer::Fault,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    ChatRef, Hash, PartnerId, Timestamp,
    chat::ChatError,
    link::{Link, LinkKind, Redemption},
    message::transcript_start,
    seat::{Handshake, SEAT_IDLE_DAYS, Seat, SeatClosed, SeatGrant, SeatHolder, SeatNumber},
};

/// What a seat keeps of the redemption that made it.
pub(super) struct Origin {
    pub(super) claim: Option<Hash>,
    pub(super) handshake: Option<Handshake>,
    pub(super) closed: Option<SeatClosed>,
    number: SeatNumber,
    first_seq: u64,
    replaced: Option<SeatNumber>,
}

impl Origin {
    /// What redeeming the link gave, once more.
    pub(super) fn grant(&self, link: &Link) -> SeatGrant {
        SeatGrant {
            chat: link.chat,
            chat_id: link.chat_id.clone(),
            partner: link.partner,
            number: self.number,
            first_seq: self.first_seq,
            replaced: self.replaced,
        }
    }
}

/// The seat that this link made.
pub(super) fn by_link(db: &Connection, link_hash: Hash) -> Sql<Option<Origin>> {
    db.prepare_cached(
        "SELECT claim_hash, handshake_epoch, handshake_enc, closed, number, first_seq, replaced FROM seat WHERE link_hash = ?1",
    )?
    .query_row([link_hash.as_bytes()], |row| {
        let mut columns = Columns::of(row);
        Ok(Origin {
            claim: columns.maybe_hash()?,
            handshake: handshake(&mut columns)?,
            closed: columns.maybe_parse(ended)?,
            number: columns.map(SeatNumber)?,
            first_seq: columns.count()?,
            replaced: columns.maybe(SeatNumber)?,
        })
    })
    .optional()
}

/// Opens the next seat of a chat and closes the one before it.
pub(super) fn open(
    db: &Connection,
    chat: i64,
    link: &Link,
    redemption: &Redemption,
) -> Sql<SeatGrant> {
    let (live, seats, last_seq): (Option<u32>, u32, i64) = db
        .prepare_cached("SELECT live_seat, seats, last_seq FROM chat WHERE id = ?1")?
        .query_row([chat], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if let Some(live) = live {
        close(db, chat, SeatNumber(live), SeatClosed::Superseded)?;
    }
    let number = SeatNumber(seats + 1);
    let first_seq = last_seq + 1;
    let vault = match &link.kind {
        LinkKind::Plain => None,
        LinkKind::Sealed(sealed) => Some(&sealed.vault),
    };
    let handshake = redemption.handshake.as_ref();
    db.prepare_cached(
        "INSERT INTO seat (chat, number, token_hash, link_hash, claim_hash, made_by_key, vault, handshake_epoch, handshake_enc, \
         first_seq, replaced, opened_at, used_at, device) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13)",
    )?
    .execute(params![
        chat,
        number.0,
        redemption.token_hash.as_bytes(),
        redemption.id_hash.as_bytes(),
        redemption.claim_hash.as_ref().map(Hash::as_bytes),
        link.made_by_key,
        vault,
        handshake.map(|handshake| handshake.epoch),
        handshake.map(|handshake| &handshake.enc),
        first_seq,
        live,
        redemption.now.millis(),
        device_code(redemption.device),
    ])?;
    let transcript = handshake.map(|handshake| transcript_start(link.chat, number, &handshake.enc));
    db.prepare_cached(
        "UPDATE chat SET live_seat = ?2, seats = ?2, transcript = ?3, active_at = max(active_at, ?4) WHERE id = ?1",
    )?
    .execute(params![chat, number.0, transcript.as_ref().map(Hash::as_bytes), redemption.now.millis()])?;
    Ok(SeatGrant {
        chat: link.chat,
        chat_id: link.chat_id.clone(),
        partner: link.partner,
        number,
        first_seq: first_seq.cast_unsigned(),
        replaced: live.map(SeatNumber),
    })
}

/// Closes a seat for good.
pub(super) fn close(db: &Connection, chat: i64, number: SeatNumber, why: SeatClosed) -> Sql<()> {
    db.prepare_cached("UPDATE seat SET closed = ?3 WHERE chat = ?1 AND number = ?2")?
        .execute(params![chat, number.0, ended_code(why)])?;
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

/// Why the customer's seat is closed, if it is.
pub(super) fn closed(
    db: &Connection,
    chat: i64,
    number: SeatNumber,
) -> Result<Option<SeatClosed>, Fault<ChatError>> {
    db.prepare_cached("SELECT closed FROM seat WHERE chat = ?1 AND number = ?2")?
        .query_row(params![chat, number.0], |row| {
            Columns::of(row).maybe_parse(ended)
        })
        .optional()?
        .ok_or(Fault::Refused(ChatError::NotFound))
}

macro_rules! select_seat {
    ($rest:literal) => {
        concat!(
            "SELECT c.ref, s.number, s.handshake_epoch, s.handshake_enc, s.vault, s.link_hash, s.made_by_key, s.first_seq, s.opened_at, \
             s.closed, s.asked_at, s.device, s.delivered, s.read FROM chat c JOIN seat s ON s.chat = c.id ",
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

/// Notes that the customer asks for a new link, unless that was noted before; answers the seat.
pub(super) fn ask_for_link(
    db: &Connection,
    chat: i64,
    number: SeatNumber,
    now: Timestamp,
) -> Sql<Seat> {
    db.prepare_cached(
        "UPDATE seat SET asked_at = coalesce(asked_at, ?3) WHERE chat = ?1 AND number = ?2",
    )?
    .execute(params![chat, number.0, now.millis()])?;
    db.prepare_cached(select_seat!("WHERE c.id = ?1 AND s.number = ?2"))?
        .query_row(params![chat, number.0], read)
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
        closed: columns.maybe_parse(ended)?,
        asked_at: columns.maybe_time()?,
        device: columns.parse(device)?,
        delivered: columns.count()?,
        read: columns.count()?,
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
            closed: columns.maybe_parse(ended)?,
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

/// Moves a customer's cursors; answers where they now stand.
pub(super) fn move_cursors(
    db: &Connection,
    chat: i64,
    number: SeatNumber,
    delivered: u64,
    read: u64,
) -> Sql<(u64, u64)> {
    db.prepare_cached(
        "UPDATE seat SET delivered = max(delivered, ?3), read = max(read, ?4) WHERE chat = ?1 AND number = ?2 RETURNING delivered, read",
    )?
    .query_row(params![chat, number.0, stored(delivered), stored(read)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.count()?, columns.count()?))
    })
}
