//! The one thread that writes: it commits everything that waits as one group, hands on what happened, then answers all of
//! it.
//!
//! Nobody waits for a timer. A group is what queued up while the last one was being made durable, so a lone caller gets
//! a commit of its own and a crowd shares one.

mod failure;

use super::{
    file::{self, Held, Identity},
    rows::Sql,
};
use failure::{Failure, breaks_the_group};
use rusqlite::Connection;
use std::{
    fmt, io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, RwLock},
    thread::JoinHandle,
};
use tokio::sync::{mpsc, oneshot, watch};
use wicketgate_domain::{
    PartnerId, StoreError,
    event::{EventSink, Told},
};

/// The most changes that share a commit.
const GROUP: usize = 512;

/// The most changes that wait; beyond it callers are told to come back.
const QUEUE: usize = 4096;

/// The log is copied into the database when this many of its pages have not been: 64 MiB. A longer log means fewer
/// copies of the pages that every group changes; reading so much of it after a crash takes some 20 ms.
const CHECKPOINT_PAGES: i64 = 16_384;

/// A log of this many pages is started anew even if readers have to be waited for: 256 MiB.
const LONGEST_LOG: i64 = 65_536;

/// What came of a change: what its caller is answered, and what is handed on, once it is durable.
pub(super) struct Applied<T, E> {
    pub(super) answer: Result<T, E>,
    pub(super) told: Option<(PartnerId, Vec<Told>)>,
}

impl<T, E> Applied<T, E> {
    /// A change, or the absence of one, of which nobody but the caller hears.
    pub(super) const fn answered(answer: Result<T, E>) -> Self {
        Self { answer, told: None }
    }
}

/// Who is handed what was committed.
pub(super) type Sinks = Arc<RwLock<Vec<Arc<dyn EventSink>>>>;

/// The way to the thread that writes.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Order>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    lost: watch::Receiver<Option<Failure>>,
    sinks: Sinks,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    pub(super) fn start(connection: Connection, held: Held) -> io::Result<Self> {
        let (queue, orders) = mpsc::channel(QUEUE);
        let (lost, seen) = watch::channel(None);
        let sinks = Sinks::default();
        let worker = WriterThread {
            connection,
            log: None,
            held,
            orders,
            lost,
            sinks: Arc::clone(&sinks),
        };
        let thread = std::thread::Builder::new()
            .name("storage-writer".into())
            .spawn(move || worker.work())?;
        Ok(Self {
            queue: Some(queue),
            thread: Mutex::new(Some(thread)),
            lost: seen,
            sinks,
        })
    }

    /// From now on that sink is handed what is committed.
    pub(super) fn hand_to(&self, sink: Arc<dyn EventSink>) {
        self.sinks
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sink);
    }

    /// Makes a change and answers when it is durable. The change may be made more than once, until its group stands.
    pub(super) async fn call<T, E>(
        &self,
        change: impl FnMut(&Connection) -> Sql<Applied<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Pending {
            change,
            outcome: None,
            told: None,
            reply,
        })?;
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::new("the store is closed").into()))
    }

    /// Makes a change that nobody waits for, and that may be lost.
    pub(super) fn note(&self, mut change: impl FnMut(&Connection) -> Sql<()> + Send + 'static) {
        let (reply, _) = oneshot::channel::<Result<(), StoreError>>();
        let change = move |db: &Connection| change(db).map(|()| Applied::answered(Ok(())));
        // A full queue drops it: whatever was to be noted will be noted at the next use.
        drop(self.enqueue(Pending {
            change,
            outcome: None,
            told: None,
            reply,
        }));
    }

    /// Has the thread look whether the file is still in its place. A full queue needs no asking.
    pub(super) fn look(&self) {
        if let Some(queue) = &self.queue {
            // Where the thread is gone, nothing is written.
            let _ = queue.try_send(Order::Look);
        }
    }

    fn enqueue(&self, change: impl Change + 'static) -> Result<(), StoreError> {
        let queue = self
            .queue
            .as_ref()
            .ok_or_else(|| StoreError::new("the store is closed"))?;
        queue
            .try_send(Order::Change(Box::new(change)))
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => StoreError::new("too many writes wait"),
                mpsc::error::TrySendError::Closed(_) => StoreError::new("the store is closed"),
            })
    }

    /// Answers when nothing will ever be written again, because a write that was to be durable may be lost.
    pub(super) async fn failed(&self) -> StoreError {
        let mut lost = self.lost.clone();
        let failure = match lost.wait_for(Option::is_some).await {
            Ok(failure) => failure.clone(),
            Err(_) => None,
        };
        match failure {
            Some(failure) => StoreError::new(failure),
            None => std::future::pending().await,
        }
    }

    /// Finishes what waits, empties the log and lets go of the file.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if let Some(queue) = &self.queue
            && queue.send(Order::Close(done)).await.is_ok()
        {
            // An error means that the thread is gone, which is what was asked for.
            drop(closed.await);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            drop(thread.join());
        }
    }
}

#[derive(Debug)]
enum Order {
    Change(Box<dyn Change>),
    Look,
    Close(oneshot::Sender<()>),
}

/// A change on its way through a group.
trait Change: Send {
    /// Makes it. It may be asked to again, when another change of its group failed.
    fn make(&mut self, connection: &Connection) -> Made;

    /// Notes that it is left out of its group, because the program failed at it.
    fn leave_out(&mut self);

    /// Hands on what happened by it, now that the group is durable.
    fn hand_on(&mut self, sinks: &[Arc<dyn EventSink>]);

    /// Tells its caller, now that the group is durable or has failed.
    fn answer(self: Box<Self>, group: Result<(), &Failure>);
}

impl fmt::Debug for dyn Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change")
    }
}

/// What came of a change.
enum Made {
    /// It stands, whether it wrote anything or not.
    Kept,
    /// The database refused a part of it; what it wrote before is to be taken back.
    Failed,
    /// The database failed in a way that takes the whole group with it.
    Broken(rusqlite::Error),
}

struct Pending<F, T, E> {
    change: F,
    outcome: Option<Result<T, E>>,
    told: Option<(PartnerId, Vec<Told>)>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Change for Pending<F, T, E>
where
    F: FnMut(&Connection) -> Sql<Applied<T, E>> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn make(&mut self, connection: &Connection) -> Made {
        match (self.change)(connection) {
            Ok(applied) => {
                (self.outcome, self.told) = (Some(applied.answer), applied.told);
                Made::Kept
            }
            Err(error) if breaks_the_group(&error) => Made::Broken(error),
            Err(error) => {
                self.outcome = Some(Err(StoreError::new(error).into()));
                self.told = None;
                Made::Failed
            }
        }
    }

    fn leave_out(&mut self) {
        (self.outcome, self.told) = (None, None);
    }

    fn hand_on(&mut self, sinks: &[Arc<dyn EventSink>]) {
        if let Some((partner, told)) = self.told.take() {
            for sink in sinks {
                sink.committed(partner, &told);
            }
        }
    }

    fn answer(self: Box<Self>, group: Result<(), &Failure>) {
        let outcome = match (group, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => {
                Err(StoreError::new("the change stopped with a fault of the program").into())
            }
            // A refusal too may rest on another change of the group, so it is no answer either.
            (Err(failure), _) => Err(StoreError::new(failure.clone()).into()),
        };
        // Whoever asked may have gone away.
        drop(self.reply.send(outcome));
    }
}

/// What the thread works with.
struct WriterThread {
    connection: Connection,
    /// Which file the log is, once there is one.
    log: Option<Identity>,
    /// Let go after the connection.
    held: Held,
    orders: mpsc::Receiver<Order>,
    lost: watch::Sender<Option<Failure>>,
    sinks: Sinks,
}

impl WriterThread {
    fn work(mut self) {
        let mut orders = Vec::with_capacity(GROUP);
        let mut group = Vec::with_capacity(GROUP);
        while self.orders.blocking_recv_many(&mut orders, GROUP) > 0 {
            let (mut closed, mut look) = (None, false);
            for order in orders.drain(..) {
                match order {
                    Order::Change(change) => group.push(change),
                    Order::Look => look = true,
                    Order::Close(done) => closed = Some(done),
                }
            }
            self.settle(&mut group);
            if look && self.lost.borrow().is_none() {
                // Whoever waits for it hears of a failure.
                let _ = self.check_place();
            }
            if let Some(done) = closed {
                self.orders.close();
                self.finish();
                // Whoever closed may have gone away.
                let _ = done.send(());
                return;
            }
        }
        self.finish();
    }

    /// Makes a group durable, answers it, and then tidies up the log, so that nobody waits for that.
    fn settle(&mut self, group: &mut Vec<Box<dyn Change>>) {
        if group.is_empty() {
            return;
        }
        // Not borrowed across the match: failing writes to it.
        let lost = self.lost.borrow().clone();
        let result = match lost {
            Some(failure) => Err(failure),
            None => match self.commit(group) {
                // What is written to a file that nobody can find is not durable.
                Ok(()) => self.check_place(),
                Err(error) => Err(self.fail(error)),
            },
        };
        if result.is_ok() {
            let sinks = self.sinks.read().unwrap_or_else(PoisonError::into_inner);
            for change in &mut *group {
                change.hand_on(&sinks);
            }
        }
        for change in group.drain(..) {
            change.answer(result.as_ref().copied());
        }
        if result.is_ok()
            && let Err(error) = self.checkpoint()
        {
            self.fail(error);
        }
    }

    /// Makes every change in one transaction. A change that fails after it has written something can't be taken back
    /// alone, so the group is made anew without it: that is rare, and costs the others nothing while it does not happen.
    fn commit(&self, group: &mut [Box<dyn Change>]) -> Sql<()> {
        let mut left_out = vec![false; group.len()];
        while let Some(failed) = self.try_commit(group, &left_out)? {
            left_out[failed] = true;
            self.run("ROLLBACK")?;
        }
        Ok(())
    }

    /// Commits the group, or answers the place of a change that spoils it, with the transaction still open.
    fn try_commit(&self, group: &mut [Box<dyn Change>], left_out: &[bool]) -> Sql<Option<usize>> {
        self.run("BEGIN IMMEDIATE")?;
        for (place, change) in group.iter_mut().enumerate() {
            if left_out[place] {
                continue;
            }
            let written = self.connection.total_changes();
            let made = catch_unwind(AssertUnwindSafe(|| change.make(&self.connection)));
            match made {
                Ok(Made::Kept) => continue,
                Ok(Made::Broken(error)) => return Err(error),
                Ok(Made::Failed) => {}
                Err(_) => {
                    tracing::error!("a change panicked; it is left out, and the others go on");
                    change.leave_out();
                }
            }
            if self.connection.total_changes() != written {
                return Ok(Some(place));
            }
        }
        self.run("COMMIT")?;
        Ok(None)
    }

    fn run(&self, statement: &str) -> Sql<()> {
        self.connection
            .prepare_cached(statement)?
            .execute([])
            .map(|_| ())
    }

    /// Takes back what a failed group left, and remembers when no later one can be trusted.
    fn fail(&self, error: rusqlite::Error) -> Failure {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed group of writes could not be rolled back");
        }
        let failure = Failure::new(error);
        if failure.is_final() {
            tracing::error!(error = %failure, "the disk lost a write: nothing more is written until a restart");
            self.lost.send_replace(Some(failure.clone()));
        } else {
            tracing::warn!(error = %failure, "a group of writes failed; the next one tries again");
        }
        failure
    }

    /// Fails for good when the database or its log is no longer where whoever starts next would look for it.
    fn check_place(&mut self) -> Result<(), Failure> {
        let log = self.held.log();
        self.log = self.log.or_else(|| file::identity_at(&log));
        let failure = if !self.held.is_in_place() {
            Failure::moved(self.held.path())
        } else if self.log.is_some_and(|known| !file::is_at(&log, known)) {
            Failure::log_moved(&log)
        } else {
            return Ok(());
        };
        tracing::error!(error = %failure, "nothing more is written until a restart");
        self.lost.send_replace(Some(failure.clone()));
        Err(failure)
    }

    /// Copies the log into the database when it has grown.
    fn checkpoint(&self) -> Sql<()> {
        let (log, copied) = self.run_log("PRAGMA wal_checkpoint(NOOP)")?;
        if log > LONGEST_LOG {
            self.run_log("PRAGMA wal_checkpoint(RESTART)")?;
        } else if log - copied > CHECKPOINT_PAGES {
            self.run_log("PRAGMA wal_checkpoint(PASSIVE)")?;
        }
        Ok(())
    }

    /// Runs a checkpoint; answers how many pages the log has and how many of them the database has too.
    fn run_log(&self, pragma: &str) -> Sql<(i64, i64)> {
        self.connection
            .prepare_cached(pragma)?
            .query_row([], |row| Ok((row.get(1)?, row.get(2)?)))
    }

    fn finish(self) {
        let unsynced = self
            .lost
            .borrow()
            .as_ref()
            .is_some_and(Failure::is_unsynced);
        if unsynced {
            // Dropping the connection would make SQLite try again. The process is about to exit.
            std::mem::forget(self.connection);
        } else if let Err(error) = self.run_log("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "the log could not be emptied at the end; the next start reads it");
        }
    }
}

#[cfg(test)]
mod tests;
