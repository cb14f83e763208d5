//! The event log on SQLite: written in the transaction of each change, read in order.

use super::{
    Sqlite,
    rows::{Columns, Sql, closed_code, side, stored},
    writer::Applied,
};
use rusqlite::{Connection, Row, params};
use std::sync::Arc;
use wicketgate_domain::{
    Actor, AgentId, ChatRef, KeyRef, LinkRef, PartnerId, SessionRef, StoreError, Timestamp,
    decide::{Decision, Happened},
    event::{
        AccountChange, Credential, EventSink, EventStore, LinkChange, LogBounds, LogEntry,
        LogRetention, Logged, LoggedEvent, SeatChange, Told,
    },
    seat::{SeatClosed, SeatNumber},
};

#[async_trait::async_trait]
impl EventStore for Sqlite {
    fn hand_to(&self, sink: Arc<dyn EventSink>) {
        self.writer.hand_to(sink);
    }

    async fn log_bounds(&self) -> Result<LogBounds, StoreError> {
        self.point(bounds).await
    }

    async fn events(
        &self,
        partner: PartnerId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError> {
        self.scan(move |db| list(db, partner, after, limit)).await
    }

    async fn sweep_events(&self, keep: LogRetention, limit: u32) -> Result<u32, StoreError> {
        self.write(move |db| sweep(db, keep, limit)).await
    }
}

/// Writes what was decided, and beside it in the log what happened thereby.
pub(super) fn apply<T, W, E>(
    db: &Connection,
    decision: Decision<T, W, E>,
    write: impl FnOnce(W) -> Sql<()>,
) -> Sql<Applied<T, E>> {
    if let Some(decided) = decision.write {
        write(decided)?;
    }
    let told = decision
        .happened
        .map(|happened| append(db, happened))
        .transpose()?;
    Ok(Applied {
        answer: decision.answer,
        told,
    })
}

/// Adds to the log what is kept of it; answers all of it with the numbers that it got.
pub(super) fn append(db: &Connection, happened: Happened) -> Sql<(PartnerId, Vec<Told>)> {
    let Happened {
        partner,
        by,
        at,
        events,
    } = happened;
    let told = events
        .into_iter()
        .map(|event| {
            let logged = match event.to_log() {
                Some(kept) => {
                    let seq = insert(db, partner, by, at, kept)?;
                    Some(Logged { seq, by, at })
                }
                None => None,
            };
            Ok(Told { logged, event })
        })
        .collect::<Sql<Vec<_>>>()?;
    Ok((partner, told))
}

/// How an event stands in columns.
struct Written {
    kind: u8,
    name: Option<[u8; 16]>,
    number: Option<u64>,
}

impl Written {
    const fn of(kind: u8, name: Option<[u8; 16]>, number: Option<u64>) -> Self {
        Self { kind, name, number }
    }
}

fn insert(
    db: &Connection,
    partner: PartnerId,
    by: Actor,
    at: Timestamp,
    event: LoggedEvent,
) -> Sql<u64> {
    let (actor, actor_name, actor_seat) = actor_columns(by);
    let Written { kind, name, number } = columns_of(event);
    db.prepare_cached(
        "INSERT INTO event (at, partner, actor, actor_name, actor_seat, kind, name, number, audit) \
         VALUES (?1, (SELECT id FROM partner WHERE uuid = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .insert(params![
        at.millis(),
        partner.as_bytes(),
        actor,
        actor_name,
        actor_seat,
        kind,
        name,
        number.map(stored),
        event.is_for_audit(),
    ])
    .map(i64::cast_unsigned)
}

const fn actor_columns(by: Actor) -> (u8, Option<[u8; 16]>, Option<u32>) {
    match by {
        Actor::Server => (0, None, None),
        Actor::Agent(agent) => (1, Some(*agent.as_bytes()), None),
        Actor::Key(key) => (2, Some(*key.as_bytes()), None),
        Actor::Customer { chat, seat } => (3, Some(*chat.as_bytes()), Some(seat.0)),
        Actor::Visitor => (4, None, None),
    }
}

fn actor(code: u8, name: Option<[u8; 16]>, seat: Option<u32>) -> Option<Actor> {
    Some(match (code, name, seat) {
        (0, None, None) => Actor::Server,
        (1, Some(agent), None) => Actor::Agent(AgentId::from_bytes(agent)),
        (2, Some(key), None) => Actor::Key(KeyRef::from_bytes(key)),
        (3, Some(chat), Some(seat)) => Actor::Customer {
            chat: ChatRef::from_bytes(chat),
            seat: SeatNumber(seat),
        },
        (4, None, None) => Actor::Visitor,
        _ => return None,
    })
}

const LINKS: [LinkChange; 4] = [
    LinkChange::Created,
    LinkChange::Used,
    LinkChange::Tried,
    LinkChange::Revoked,
];

fn columns_of(event: LoggedEvent) -> Written {
    let seat = |number: SeatNumber| Some(u64::from(number.0));
    match event {
        LoggedEvent::Link(change, link) => {
            let kind = match change {
                LinkChange::Created => 0,
                LinkChange::Used => 1,
                LinkChange::Tried => 2,
                LinkChange::Revoked => 3,
            };
            Written::of(kind, Some(*link.as_bytes()), None)
        }
        LoggedEvent::Seat(change, chat, number) => {
            let kind = match change {
                SeatChange::Opened => 10,
                SeatChange::AskedForLink => 11,
            };
            Written::of(kind, Some(*chat.as_bytes()), seat(number))
        }
        LoggedEvent::SeatClosed(why, chat, number) => {
            Written::of(12 + closed_code(why), Some(*chat.as_bytes()), seat(number))
        }
        LoggedEvent::ChatEnded(chat) => Written::of(20, Some(*chat.as_bytes()), None),
        LoggedEvent::Message(chat, seq) => Written::of(21, Some(*chat.as_bytes()), Some(seq)),
        LoggedEvent::Seen(chat, by) => Written::of(22 + by.role(), Some(*chat.as_bytes()), None),
        LoggedEvent::Expelled(credential) => match credential {
            Credential::Session(session) => Written::of(30, Some(*session.as_bytes()), None),
            Credential::Key(key) => Written::of(31, Some(*key.as_bytes()), None),
            // No event names a token, not even by its hash, and none of these is logged.
            Credential::Seat(_) => Written::of(32, None, None),
        },
        LoggedEvent::Account(change) => match change {
            AccountChange::PartnerCreated => Written::of(40, None, None),
            AccountChange::SignedIn(session) => Written::of(41, Some(*session.as_bytes()), None),
            AccountChange::CredentialsReplaced => Written::of(42, None, None),
            AccountChange::KeyringReplaced => Written::of(43, None, None),
            AccountChange::KeyCreated(key) => Written::of(44, Some(*key.as_bytes()), None),
        },
    }
}

fn event(kind: u8, name: Option<[u8; 16]>, number: Option<u64>) -> Option<LoggedEvent> {
    let seat = || number.and_then(|number| Some(SeatNumber(u32::try_from(number).ok()?)));
    let chat = || name.map(ChatRef::from_bytes);
    Some(match kind {
        0..=3 => LoggedEvent::Link(LINKS[usize::from(kind)], LinkRef::from_bytes(name?)),
        10 => LoggedEvent::Seat(SeatChange::Opened, chat()?, seat()?),
        11 => LoggedEvent::Seat(SeatChange::AskedForLink, chat()?, seat()?),
        12 => LoggedEvent::SeatClosed(SeatClosed::Superseded, chat()?, seat()?),
        13 => LoggedEvent::SeatClosed(SeatClosed::ChatEnded, chat()?, seat()?),
        20 => LoggedEvent::ChatEnded(chat()?),
        21 => LoggedEvent::Message(chat()?, number?),
        22 | 23 => LoggedEvent::Seen(chat()?, side(kind - 22)?),
        30 => LoggedEvent::Expelled(Credential::Session(SessionRef::from_bytes(name?))),
        31 => LoggedEvent::Expelled(Credential::Key(KeyRef::from_bytes(name?))),
        40 => LoggedEvent::Account(AccountChange::PartnerCreated),
        41 => LoggedEvent::Account(AccountChange::SignedIn(SessionRef::from_bytes(name?))),
        42 => LoggedEvent::Account(AccountChange::CredentialsReplaced),
        43 => LoggedEvent::Account(AccountChange::KeyringReplaced),
        44 => LoggedEvent::Account(AccountChange::KeyCreated(KeyRef::from_bytes(name?))),
        _ => return None,
    })
}

/// All of one instant. The newest number is kept when the rows are gone, so that none is used again.
fn bounds(db: &Connection) -> Sql<LogBounds> {
    db.prepare_cached(
        "SELECT log_epoch, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0), log_swept FROM server",
    )?
    .query_row([], |row| {
        let mut columns = Columns::of(row);
        Ok(LogBounds {
            epoch: columns.take()?,
            newest: columns.count()?,
            swept: columns.count()?,
        })
    })
}

fn list(db: &Connection, partner: PartnerId, after: u64, limit: u32) -> Sql<Vec<LogEntry>> {
    db.prepare_cached(
        "SELECT seq, at, actor, actor_name, actor_seat, kind, name, number FROM event INDEXED BY event_by_partner \
         WHERE partner = (SELECT id FROM partner WHERE uuid = ?1) AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?
    .query_map(params![partner.as_bytes(), highest(after), limit], read)?
    .collect()
}

/// A number from outside: beyond all that SQLite can count there is nothing.
fn highest(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read(row: &Row<'_>) -> Sql<LogEntry> {
    let mut columns = Columns::of(row);
    let (seq, at) = (columns.count()?, columns.time()?);
    let (code, who, seat) = (columns.take()?, columns.take()?, columns.take()?);
    let (kind, name) = (columns.take()?, columns.take()?);
    let number = columns.maybe(i64::cast_unsigned)?;
    let meaning = actor(code, who, seat).zip(event(kind, name, number));
    let (by, event) = meaning.ok_or_else(super::rows::damaged_row)?;
    Ok(LogEntry { seq, at, by, event })
}

/// Removes the oldest of both kinds. What the audit keeps decides how far back a cursor may reach.
fn sweep(db: &Connection, keep: LogRetention, limit: u32) -> Sql<u32> {
    let mut removed = 0;
    for (audit, before) in [(false, keep.passing_before), (true, keep.audit_before)] {
        let gone = db
            .prepare_cached(
                "DELETE FROM event WHERE seq IN (SELECT seq FROM event INDEXED BY event_by_age \
                 WHERE audit = ?1 AND at < ?2 ORDER BY at LIMIT ?3) RETURNING seq",
            )?
            .query_map(params![audit, before.millis(), limit - removed], |row| {
                Columns::of(row).count()
            })?
            .collect::<Sql<Vec<u64>>>()?;
        if let Some(newest) = gone.iter().max().filter(|_| audit) {
            db.prepare_cached("UPDATE server SET log_swept = max(log_swept, ?1)")?
                .execute([stored(*newest)])?;
        }
        removed += u32::try_from(gone.len())
            .unwrap_or(limit)
            .min(limit - removed);
    }
    Ok(removed)
}

#[cfg(test)]
mod tests;
