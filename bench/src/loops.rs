//! The bare loop: the same rows into the same tables, by rusqlite alone, without HTTP, JSON or checks.

use std::{path::Path, time::Instant};

use anyhow::Result;
use rusqlite::{Connection, Transaction, params};

use crate::rates::rate;

/// A database with our schema and nobody but this loop on it.
#[derive(Debug)]
pub(crate) struct BareLoop {
    connection: Connection,
    next: u64,
}

impl BareLoop {
    /// Makes the database.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let store = wicketgate_storage::open(&format!("sqlite:{}", path.display())).await?;
        store.close().await;
        drop(store);
        let connection = Connection::open(path)?;
        connection.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")?;
        connection.execute(
            "INSERT INTO partner (id, uuid, name, identity, generation, epoch, created_at)
             VALUES (1, x'00', 'Load', x'00', 1, 1, 0)",
            [],
        )?;
        Ok(Self {
            connection,
            next: 0,
        })
    }

    /// Inserts links, each with its chat, in transactions of `group` links; answers links a second.
    pub(crate) fn insert(&mut self, links: usize, group: usize) -> Result<f64> {
        let started = Instant::now();
        let mut left = links;
        while left > 0 {
            let size = group.min(left);
            let transaction = self.connection.transaction()?;
            for _ in 0..size {
                insert_one(&transaction, self.next)?;
                self.next += 1;
            }
            transaction.commit()?;
            left -= size;
        }
        Ok(rate(links, started))
    }
}

fn insert_one(transaction: &Transaction<'_>, number: u64) -> Result<()> {
    let short = spread(number, 1);
    let long = [
        spread(number, 2),
        spread(number, 3),
        spread(number, 4),
        spread(number, 5),
    ]
    .concat();
    transaction
        .prepare_cached(
            "INSERT INTO chat (ref, partner, chat_id, created_at, active_at) VALUES (?, 1, ?, 0, 0)",
        )?
        .execute(params![&long[..16], format!("chat-{number:016x}")])?;
    let chat = transaction.last_insert_rowid();
    transaction
        .prepare_cached(
            "INSERT INTO link (id_hash, ref, partner, chat, made_by_key, content, created_at, expires_at)
             VALUES (?, ?, 1, ?, 1, ?, 0, 86400000)",
        )?
        .execute(params![long, [short, short].concat(), chat, long])?;
    Ok(())
}

/// Eight bytes that lie far from those of the next number, as hashes do (the finaliser of `SplitMix64`).
fn spread(number: u64, salt: u64) -> [u8; 8] {
    let mut x = number
        .wrapping_mul(8)
        .wrapping_add(salt)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)).to_be_bytes()
}
