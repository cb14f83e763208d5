//! The connections that read.

use super::rows::Sql;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wicketgate_domain::StoreError;

/// A pool of connections that read.
#[derive(Debug)]
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
    size: u32,
}

impl Readers {
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        let size = u32::try_from(connections.len()).unwrap_or(u32::MAX);
        Self {
            idle: Arc::new(Mutex::new(connections)),
            permits,
            size,
        }
    }

    /// Looks up a row or two where the caller runs: it takes microseconds, less than a change of threads would.
    pub(super) async fn point<T>(
        &self,
        read: impl FnOnce(&Connection) -> Sql<T>,
    ) -> Result<T, StoreError> {
        self.lease().await?.run(read)
    }

    /// Reads many rows on a thread that may block.
    pub(super) async fn scan<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Sql<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let lease = self.lease().await?;
        tokio::task::spawn_blocking(move || lease.run(read))
            .await
            .map_err(StoreError::new)?
    }

    /// Waits for the reads that go on, and lets no other begin.
    pub(super) async fn close(&self) {
        if let Ok(_all) = self.permits.acquire_many(self.size).await {
            self.permits.close();
            idle(&self.idle).clear();
        }
    }

    async fn lease(&self) -> Result<Lease, StoreError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::new("the store is closed"))?;
        let connection = idle(&self.idle).pop();
        Ok(Lease {
            connection,
            idle: Arc::clone(&self.idle),
            _permit: permit,
        })
    }
}

fn idle(connections: &Mutex<Vec<Connection>>) -> MutexGuard<'_, Vec<Connection>> {
    connections.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection on loan: it goes back even when the reading panics.
struct Lease {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    fn run<T>(&self, read: impl FnOnce(&Connection) -> Sql<T>) -> Result<T, StoreError> {
        let connection = self
            .connection
            .as_ref()
            .ok_or_else(|| StoreError::new("the store is closed"))?;
        read(connection).map_err(StoreError::new)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // The permit is given back after this, so that whoever gets it finds the connection.
        idle(&self.idle).extend(self.connection.take());
    }
}
