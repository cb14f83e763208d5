//! The store on SQLite: one file, one writer, a few readers.

mod chat;
mod connection;
mod file;
mod key;
mod link;
mod log;
mod message;
mod partner;
mod reader;
mod rows;
mod seat;
mod session;
mod writer;

use crate::open_error::OpenError;
use file::Held;
use reader::Readers;
use rows::Sql;
use rusqlite::Connection;
use std::{path::Path, time::Duration};
use tokio::time::sleep;
use wicketgate_domain::{Store, StoreError};
use writer::{Applied, Writer};

/// How many reads go on at a time.
const READERS: usize = 4;

/// A store on one SQLite file.
///
/// The fields are dropped in this order: the writer, which also holds the lock, is the last to let go of the file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    readers: Readers,
    writer: Writer,
}

/// How often the file is looked for while nobody writes.
const LOOKS: Duration = Duration::from_secs(1);

impl Sqlite {
    /// Opens the file, making it where it lacks. Blocks.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        connection::make_folder(path)?;
        connection::look(path)?;
        let held = Held::take(path)?;
        let writing = connection::open_for_writing(path, held.path())?;
        let unusable = |cause: rusqlite::Error| OpenError::unusable(path, cause);
        let reading = (0..READERS)
            .map(|_| connection::open_for_reading(held.path()))
            .collect::<Sql<Vec<_>>>()
            .map_err(unusable)?;
        let writer =
            Writer::start(writing, held).map_err(|cause| OpenError::unusable(path, cause))?;
        Ok(Self {
            readers: Readers::new(reading),
            writer,
        })
    }

    /// Loads, decides and applies in one atomic step, and answers when it is durable. May be run more than once.
    async fn change<T, E>(
        &self,
        change: impl FnMut(&Connection) -> Sql<Applied<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.call(change).await
    }

    /// Makes one atomic change that needs no decision. May be run more than once.
    async fn write<T: Send + 'static>(
        &self,
        mut write: impl FnMut(&Connection) -> Sql<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.change(move |db| Ok(Applied::answered(Ok(write(db)?))))
            .await
    }

    /// Looks up a row or two.
    async fn point<T>(&self, read: impl FnOnce(&Connection) -> Sql<T>) -> Result<T, StoreError> {
        self.readers.point(read).await
    }

    /// Reads many rows.
    async fn scan<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Sql<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.scan(read).await
    }
}

#[async_trait::async_trait]
impl Store for Sqlite {
    async fn ready(&self) -> Result<(), StoreError> {
        self.point(|db| {
            db.prepare_cached("SELECT beat FROM server")?
                .query_row([], |_| Ok(()))
        })
        .await?;
        self.write(|db| {
            db.prepare_cached("UPDATE server SET beat = beat + 1")?
                .execute([])
                .map(|_| ())
        })
        .await
    }

    async fn failed(&self) -> StoreError {
        loop {
            tokio::select! {
                failure = self.writer.failed() => return failure,
                () = sleep(LOOKS) => self.writer.look(),
            }
        }
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
