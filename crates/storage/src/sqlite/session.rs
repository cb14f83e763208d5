//! Sign-in sessions on SQLite.

use super::{
    Sqlite,
    chat::NOTED_EVERY,
    log::append,
    rows::{Columns, Sql, device, device_code},
    writer::Applied,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    AgentId, Hash, PartnerId, SessionRef, StoreError, Timestamp,
    decide::partner as decide,
    session::{SESSION_IDLE_DAYS, SESSION_LONGEST_DAYS, Session, SessionStore},
};

#[async_trait::async_trait]
impl SessionStore for Sqlite {
    async fn create_session(&self, session: Session, token_hash: Hash) -> Result<(), StoreError> {
        self.change(move |db| {
            create(db, &session, token_hash)?;
            Ok(Applied {
                answer: Ok(()),
                told: Some(append(db, decide::signed_in(&session))?),
            })
        })
        .await
    }

    async fn session(
        &self,
        token_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let Some(session) = self.point(|db| by_token(db, token_hash, now)).await? else {
            return Ok(None);
        };
        if session.used_at.plus_millis(NOTED_EVERY) <= now {
            self.writer.note(move |db| note_use(db, token_hash, now));
        }
        Ok(Some(session))
    }

    async fn sessions(&self, agent: AgentId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        self.scan(move |db| list(db, agent, now)).await
    }

    async fn end_session(
        &self,
        agent: AgentId,
        session: SessionRef,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change(move |db| {
            let ended = all(db, agent)?
                .into_iter()
                .find(|own| own.session_ref == session);
            let Some(ended) = ended else {
                return Ok(Applied::answered(Ok(false)));
            };
            end(db, session)?;
            Ok(Applied {
                answer: Ok(true),
                told: Some(append(db, decide::session_ended(&ended, now))?),
            })
        })
        .await
    }

    async fn sweep_sessions(&self, now: Timestamp, limit: u32) -> Result<u32, StoreError> {
        self.write(move |db| sweep(db, now, limit)).await
    }
}

macro_rules! select_session {
    ($rest:literal) => {
        concat!(
            "SELECT s.ref, p.uuid, a.uuid, s.created_at, s.used_at, s.device FROM session s \
             JOIN agent a ON a.id = s.agent JOIN partner p ON p.id = a.partner ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Sql<Session> {
    let mut columns = Columns::of(row);
    Ok(Session {
        session_ref: columns.map(SessionRef::from_bytes)?,
        partner: columns.map(PartnerId::from_bytes)?,
        agent: columns.map(AgentId::from_bytes)?,
        created_at: columns.time()?,
        used_at: columns.time()?,
        device: columns.parse(device)?,
    })
}

fn create(db: &Connection, session: &Session, token_hash: Hash) -> Sql<()> {
    let agent: i64 = db
        .prepare_cached("SELECT a.id FROM agent a JOIN partner p ON p.id = a.partner WHERE a.uuid = ?1 AND p.uuid = ?2")?
        .query_row([session.agent.as_bytes(), session.partner.as_bytes()], |row| row.get(0))?;
    db.prepare_cached("INSERT INTO session (ref, token_hash, agent, created_at, used_at, device) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            session.session_ref.as_bytes(),
            token_hash.as_bytes(),
            agent,
            session.created_at.millis(),
            session.used_at.millis(),
            device_code(session.device),
        ])?;
    Ok(())
}

/// A session is live when it was used after the first and made after the second of these.
fn horizons(now: Timestamp) -> (i64, i64) {
    (
        now.minus_days(SESSION_IDLE_DAYS).millis(),
        now.minus_days(SESSION_LONGEST_DAYS).millis(),
    )
}

fn by_token(db: &Connection, token_hash: Hash, now: Timestamp) -> Sql<Option<Session>> {
    let (used_after, created_after) = horizons(now);
    db.prepare_cached(select_session!(
        "WHERE s.token_hash = ?1 AND s.used_at > ?2 AND s.created_at > ?3"
    ))?
    .query_row(
        params![token_hash.as_bytes(), used_after, created_after],
        read,
    )
    .optional()
}

fn note_use(db: &Connection, token_hash: Hash, now: Timestamp) -> Sql<()> {
    db.prepare_cached("UPDATE session SET used_at = max(used_at, ?2) WHERE token_hash = ?1")?
        .execute(params![token_hash.as_bytes(), now.millis()])?;
    Ok(())
}

fn list(db: &Connection, agent: AgentId, now: Timestamp) -> Sql<Vec<Session>> {
    let (used_after, created_after) = horizons(now);
    db.prepare_cached(select_session!(
        "WHERE a.uuid = ?1 AND s.used_at > ?2 AND s.created_at > ?3 ORDER BY s.id DESC"
    ))?
    .query_map(params![agent.as_bytes(), used_after, created_after], read)?
    .collect()
}

/// Every session of an agent, those that have run out and are not swept yet included.
pub(super) fn all(db: &Connection, agent: AgentId) -> Sql<Vec<Session>> {
    db.prepare_cached(select_session!("WHERE a.uuid = ?1 ORDER BY s.id DESC"))?
        .query_map([agent.as_bytes()], read)?
        .collect()
}

/// Ends a session.
pub(super) fn end(db: &Connection, session: SessionRef) -> Sql<()> {
    db.prepare_cached("DELETE FROM session WHERE ref = ?1")?
        .execute([session.as_bytes()])?;
    Ok(())
}

fn sweep(db: &Connection, now: Timestamp, limit: u32) -> Sql<u32> {
    let (used_after, created_after) = horizons(now);
    let removed = db
        .prepare_cached(
            "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE used_at <= ?1 \
             UNION SELECT id FROM session WHERE created_at <= ?2 LIMIT ?3)",
        )?
        .execute(params![used_after, created_after, limit])?;
    Ok(u32::try_from(removed).unwrap_or(u32::MAX))
}
