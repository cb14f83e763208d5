//! API keys on SQLite.

use super::{
    Sqlite,
    chat::NOTED_EVERY,
    log::apply,
    rows::{Columns, Sql},
    writer::Applied,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wicketgate_domain::{
    Actor, Hash, KeyRef, PartnerId, StoreError, Timestamp,
    decide::key as decide,
    key::{ApiKey, KeyError, KeyStore, Scope},
    text::KeyName,
};

#[async_trait::async_trait]
impl KeyStore for Sqlite {
    async fn create_key(&self, key: ApiKey, secret_hash: Hash, by: Actor) -> Result<(), KeyError> {
        self.change(move |db| create(db, &key, secret_hash, by))
            .await
    }

    async fn key_caller(
        &self,
        id: &str,
        secret_hash: Hash,
        now: Timestamp,
    ) -> Result<Option<ApiKey>, StoreError> {
        let Some((key, stored_hash)) = self.point(|db| live(db, id)).await? else {
            return Ok(None);
        };
        if stored_hash != secret_hash {
            return Ok(None);
        }
        if key
            .used_at
            .is_none_or(|used_at| used_at.plus_millis(NOTED_EVERY) <= now)
        {
            let key_ref = key.key_ref;
            self.writer.note(move |db| note_use(db, key_ref, now));
        }
        Ok(Some(key))
    }

    async fn keys(&self, partner: PartnerId) -> Result<Vec<ApiKey>, StoreError> {
        self.scan(move |db| list(db, partner)).await
    }

    async fn revoke_key(
        &self,
        partner: PartnerId,
        key: KeyRef,
        by: Actor,
        now: Timestamp,
    ) -> Result<ApiKey, KeyError> {
        self.change(move |db| revoke(db, partner, key, by, now))
            .await
    }
}

macro_rules! select_key {
    ($rest:literal) => {
        concat!(
            "SELECT k.ref, k.key_id, p.uuid, k.name, k.scopes, k.created_at, k.used_at, k.revoked_at, k.secret_hash \
             FROM api_key k JOIN partner p ON p.id = k.partner ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Sql<(ApiKey, Hash)> {
    let mut columns = Columns::of(row);
    let key = ApiKey {
        key_ref: columns.map(KeyRef::from_bytes)?,
        id: columns.take()?,
        partner: columns.map(PartnerId::from_bytes)?,
        name: columns.parse(|text: String| KeyName::parse(&text).ok())?,
        scopes: columns
            .parse(|names: String| names.split_whitespace().map(Scope::named).collect())?,
        created_at: columns.time()?,
        used_at: columns.maybe_time()?,
        revoked_at: columns.maybe_time()?,
    };
    Ok((key, columns.hash()?))
}

fn create(
    db: &Connection,
    key: &ApiKey,
    secret_hash: Hash,
    by: Actor,
) -> Sql<Applied<(), KeyError>> {
    let partner: i64 = db
        .prepare_cached("SELECT id FROM partner WHERE uuid = ?1")?
        .query_row([key.partner.as_bytes()], |row| row.get(0))?;
    let live: u32 = db
        .prepare_cached("SELECT count(*) FROM api_key WHERE partner = ?1 AND revoked_at IS NULL")?
        .query_row([partner], |row| row.get(0))?;
    apply(db, decide::create(key.clone(), live, by), |key| {
        insert(db, partner, &key, secret_hash)
    })
}

fn insert(db: &Connection, partner: i64, key: &ApiKey, secret_hash: Hash) -> Sql<()> {
    let scopes = key
        .scopes
        .iter()
        .map(|scope| scope.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    db.prepare_cached(
        "INSERT INTO api_key (ref, key_id, secret_hash, partner, name, scopes, created_at, used_at, revoked_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        key.key_ref.as_bytes(),
        key.id,
        secret_hash.as_bytes(),
        partner,
        key.name.as_str(),
        scopes,
        key.created_at.millis(),
        key.used_at.map(Timestamp::millis),
        key.revoked_at.map(Timestamp::millis),
    ])?;
    Ok(())
}

fn live(db: &Connection, id: &str) -> Sql<Option<(ApiKey, Hash)>> {
    db.prepare_cached(select_key!("WHERE k.key_id = ?1 AND k.revoked_at IS NULL"))?
        .query_row([id], read)
        .optional()
}

fn note_use(db: &Connection, key: KeyRef, now: Timestamp) -> Sql<()> {
    db.prepare_cached(
        "UPDATE api_key SET used_at = max(coalesce(used_at, ?2), ?2) WHERE ref = ?1",
    )?
    .execute(params![key.as_bytes(), now.millis()])?;
    Ok(())
}

fn list(db: &Connection, partner: PartnerId) -> Sql<Vec<ApiKey>> {
    db.prepare_cached(select_key!("WHERE p.uuid = ?1 ORDER BY k.id DESC"))?
        .query_map([partner.as_bytes()], |row| Ok(read(row)?.0))?
        .collect()
}

fn revoke(
    db: &Connection,
    partner: PartnerId,
    key: KeyRef,
    by: Actor,
    now: Timestamp,
) -> Sql<Applied<ApiKey, KeyError>> {
    let found = db
        .prepare_cached(select_key!("WHERE k.ref = ?1 AND p.uuid = ?2"))?
        .query_row([key.as_bytes(), partner.as_bytes()], read)
        .optional()?;
    let Some((found, _)) = found else {
        return Ok(Applied::answered(Err(KeyError::NotFound)));
    };
    apply(db, decide::revoke(found, by, now), |revoked| {
        db.prepare_cached("UPDATE api_key SET revoked_at = ?2 WHERE ref = ?1")?
            .execute(params![
                revoked.key_ref.as_bytes(),
                revoked.revoked_at.map(Timestamp::millis)
            ])?;
        Ok(())
    })
}
