//! The bare loop: the same rows into the same tables, with the event rows of each verb, by rusqlite alone, without HTTP,
//! JSON or checks. It tells SQLite what the product tells it, or the comparison would flatter one of them.

use std::{path::Path, time::Instant};

use anyhow::Result;
use rusqlite::{Connection, Transaction, params};

use crate::rates::rate;

/// As in the product: the log is copied into the database when so many of its pages have not been.
const CHECKPOINT_PAGES: i64 = 16_384;

/// Kinds of events as the product writes them: a link made, a link used, a seat opened.
const CREATED: u8 = 0;
const USED: u8 = 1;
const OPENED: u8 = 10;

/// A database with our schema and nobody but this loop on it.
#[derive(Debug)]
pub(crate) struct BareLoop {
    connection: Connection,
    created: u64,
    redeemed: u64,
}

/// What the loop does with one link.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verb {
    /// Makes it, with its chat.
    Create,
    /// Redeems one that was made, with its seat.
    Redeem,
}

impl BareLoop {
    /// Makes the database.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let store = wicketgate_storage::open(&format!("sqlite:{}", path.display())).await?;
        store.close().await;
        drop(store);
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; \
             PRAGMA journal_size_limit = 67108864; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
             PRAGMA cache_size = -16384;",
        )?;
        connection.set_prepared_statement_cache_capacity(128);
        connection.execute(
            "INSERT INTO partner (id, uuid, name, identity, generation, epoch, created_at)
             VALUES (1, x'00', 'Load', x'00', 1, 1, 0)",
            [],
        )?;
        Ok(Self {
            connection,
            created: 0,
            redeemed: 0,
        })
    }

    /// Does that with so many links, in transactions of `group`; answers links a second.
    pub(crate) fn run(&mut self, verb: Verb, links: usize, group: usize) -> Result<f64> {
        let started = Instant::now();
        let mut left = links;
        while left > 0 {
            let size = group.min(left);
            let transaction = self.connection.transaction()?;
            for _ in 0..size {
                match verb {
                    Verb::Create => create(&transaction, self.created)?,
                    Verb::Redeem => redeem(&transaction, self.redeemed)?,
                }
                match verb {
                    Verb::Create => self.created += 1,
                    Verb::Redeem => self.redeemed += 1,
                }
            }
            transaction.commit()?;
            self.checkpoint()?;
            left -= size;
        }
        Ok(rate(links, started))
    }

    fn checkpoint(&self) -> Result<()> {
        let pages = |pragma: &str| {
            self.connection
                .prepare_cached(pragma)?
                .query_row([], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
        };
        let (log, copied) = pages("PRAGMA wal_checkpoint(NOOP)")?;
        if log - copied > CHECKPOINT_PAGES {
            pages("PRAGMA wal_checkpoint(PASSIVE)")?;
        }
        Ok(())
    }
}

/// The hash by which a link is found.
fn id_hash(number: u64) -> Vec<u8> {
    (2..=5).flat_map(|salt| spread(number, salt)).collect()
}

/// The public name of a link, a chat or a session.
fn name(number: u64, salt: u64) -> Vec<u8> {
    [spread(number, salt), spread(number, salt + 1)].concat()
}

fn create(transaction: &Transaction<'_>, number: u64) -> Result<()> {
    let (hash, link) = (id_hash(number), name(number, 6));
    transaction
        .prepare_cached(
            "INSERT INTO chat (ref, partner, chat_id, created_at, active_at) VALUES (?, 1, ?, 0, 0)",
        )?
        .execute(params![name(number, 8), format!("chat-{number:016x}")])?;
    let chat = transaction.last_insert_rowid();
    transaction
        .prepare_cached(
            "INSERT INTO link (id_hash, ref, partner, chat, made_by_key, content, created_at, expires_at)
             VALUES (?, ?, 1, ?, 1, ?, 0, 86400000)",
        )?
        .execute(params![hash, link, chat, hash])?;
    event(transaction, CREATED, &link, None)
}

fn redeem(transaction: &Transaction<'_>, number: u64) -> Result<()> {
    let (hash, link, chat_name) = (id_hash(number), name(number, 6), name(number, 8));
    let (id, chat): (i64, i64) = transaction
        .prepare_cached("SELECT id, chat FROM link WHERE id_hash = ?")?
        .query_row([&hash], |row| Ok((row.get(0)?, row.get(1)?)))?;
    transaction
        .prepare_cached("UPDATE link SET used_at = 1, device = 0, rev = rev + 1 WHERE id = ?")?
        .execute([id])?;
    transaction
        .prepare_cached(
            "INSERT INTO seat (chat, number, token_hash, link_hash, made_by_key, first_seq, opened_at, used_at, device)
             VALUES (?, 1, ?, ?, 1, 1, 1, 1, 0)",
        )?
        .execute(params![chat, [name(number, 10), name(number, 12)].concat(), hash])?;
    transaction
        .prepare_cached(
            "UPDATE chat SET live_seat = 1, seats = 1, active_at = 1, rev = rev + 1 WHERE id = ?",
        )?
        .execute([chat])?;
    event(transaction, USED, &link, None)?;
    event(transaction, OPENED, &chat_name, Some(1))
}

fn event(transaction: &Transaction<'_>, kind: u8, name: &[u8], number: Option<i64>) -> Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO event (at, partner, actor, actor_name, kind, name, number, audit) VALUES (1, 1, 2, ?1, ?2, ?1, ?3, 1)",
        )?
        .execute(params![name, kind, number])?;
    Ok(())
}

/// Eight bytes that lie far from those of the next number, as hashes do (the finaliser of `SplitMix64`).
fn spread(number: u64, salt: u64) -> [u8; 8] {
    let mut x = number
        .wrapping_mul(16)
        .wrapping_add(salt)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)).to_be_bytes()
}
