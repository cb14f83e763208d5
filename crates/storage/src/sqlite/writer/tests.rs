//! What the writer does when a change, the program or the disk fails.

use super::*;
use futures_util::{FutureExt as _, future::join_all};
use rusqlite::ffi;
use std::path::Path;

struct Place {
    writer: Writer,
    folder: tempfile::TempDir,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let held = Held::take(&path).unwrap();
    let connection = super::super::connection::open_for_writing(&path, held.path()).unwrap();
    connection
        .execute_batch("CREATE TABLE note (number INTEGER PRIMARY KEY, body BLOB) STRICT")
        .unwrap();
    Place {
        writer: Writer::start(connection, held).unwrap(),
        folder,
    }
}

impl Place {
    async fn run<T: Send + 'static>(
        &self,
        mut change: impl FnMut(&Connection) -> Sql<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let change = move |db: &Connection| change(db).map(|value| Applied::answered(Ok(value)));
        self.writer.call(change).await
    }

    async fn note(&self, number: i64, bytes: usize) -> Result<(), StoreError> {
        self.run(move |db| insert(db, number, bytes)).await
    }

    /// What is in the file, for whoever reads it now.
    fn stored(&self) -> Vec<i64> {
        let file = Connection::open(self.path()).unwrap();
        let mut numbers = file
            .prepare("SELECT number FROM note ORDER BY number")
            .unwrap();
        numbers
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Sql<_>>()
            .unwrap()
    }

    fn path(&self) -> Box<Path> {
        self.folder.path().join("w.db").into()
    }
}

fn insert(db: &Connection, number: i64, bytes: usize) -> Sql<()> {
    db.prepare_cached("INSERT INTO note VALUES (?1, zeroblob(?2))")?
        .execute((number, i64::try_from(bytes).unwrap()))?;
    Ok(())
}

/// Keeps the writer busy until the sender is dropped, so that what comes after falls into one group.
fn hold(writer: &Writer) -> std::sync::mpsc::Sender<()> {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (begin, busy) = std::sync::mpsc::channel();
    writer.note(move |_| {
        let _ = begin.send(());
        let _ = held.recv();
        Ok(())
    });
    busy.recv().unwrap();
    release
}

#[tokio::test]
async fn a_change_that_fails_takes_back_its_own_writes_alone() {
    let place = place();
    let release = hold(&place.writer);
    // A refusal is an answer like any other: what was noted with it stands.
    let refused = place.writer.call(|db| {
        insert(db, 10, 1)?;
        Ok(Applied::answered(Err::<(), _>(StoreError::new("no"))))
    });
    let clashes = place.run(|db| {
        insert(db, 11, 1)?;
        insert(db, 1, 1)
    });
    let panics = place.run(|db| {
        insert(db, 12, 1)?;
        assert!(db.is_autocommit(), "a fault of the program");
        Ok(())
    });
    let all = async {
        tokio::join!(
            place.note(1, 1),
            refused,
            place.note(2, 1),
            clashes,
            panics,
            place.note(3, 1)
        )
    };
    let released = async { drop(release) };
    let ((first, refused, second, clashes, panicked, third), ()) = tokio::join!(all, released);
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the store is unavailable: no"
    );
    assert!(clashes.unwrap_err().to_string().contains("UNIQUE"));
    assert!(
        panicked
            .unwrap_err()
            .to_string()
            .contains("fault of the program")
    );
    assert_eq!(place.stored(), [1, 2, 3, 10]);
    assert!(place.note(4, 1).await.is_ok(), "the writer goes on");
}

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_heals() {
    let place = place();
    place.note(1, 1).await.unwrap();
    let limit = |pages: i64| {
        place.run(move |db| {
            db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| {
                row.get::<_, i64>(0)
            })
        })
    };
    let small = place
        .run(|db| db.query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0)))
        .await
        .unwrap();
    assert_eq!(limit(small + 4).await.unwrap(), small + 4);

    let release = hold(&place.writer);
    let group = async { tokio::join!(place.note(2, 1), place.note(3, 1 << 20), place.note(4, 1)) };
    let ((before, large, after), ()) = tokio::join!(group, async { drop(release) });
    for failed in [before, large, after] {
        assert!(failed.unwrap_err().to_string().contains("full"));
    }
    assert_eq!(
        place.stored(),
        [1],
        "nothing of the group is there, for none of it was acknowledged"
    );

    place.note(5, 1).await.unwrap();
    assert!(
        place.note(6, 1 << 20).await.is_err(),
        "there still is no room for this"
    );
    limit(1 << 20).await.unwrap();
    place.note(6, 1 << 20).await.unwrap();
    assert_eq!(place.stored(), [1, 5, 6]);
    assert!(place.writer.failed().now_or_never().is_none());
}

#[tokio::test]
async fn a_failed_fsync_ends_all_writing() {
    let place = place();
    place.note(1, 1).await.unwrap();
    let failing = place.run(|db| {
        insert(db, 2, 1)?;
        Err::<(), _>(rusqlite::Error::SqliteFailure(
            ffi::Error::new(ffi::SQLITE_IOERR_FSYNC),
            None,
        ))
    });
    assert!(failing.await.is_err());
    let failure = place.writer.failed().now_or_never().unwrap();
    assert!(place.note(3, 1).await.is_err());
    assert!(
        place
            .note(4, 1)
            .await
            .unwrap_err()
            .to_string()
            .contains(&failure.to_string())
    );
    assert_eq!(place.stored(), [1]);
}

#[tokio::test]
async fn another_error_of_the_disk_fails_one_group_only() {
    let place = place();
    let failing = place.run(|db| {
        insert(db, 1, 1)?;
        Err::<(), _>(rusqlite::Error::SqliteFailure(
            ffi::Error::new(ffi::SQLITE_IOERR_WRITE),
            None,
        ))
    });
    assert!(failing.await.is_err());
    place.note(2, 1).await.unwrap();
    assert_eq!(place.stored(), [2]);
}

#[tokio::test]
async fn a_full_queue_refuses_instead_of_growing() {
    let place = place();
    let release = hold(&place.writer);
    let crowd = join_all(
        (0..i64::try_from(QUEUE + GROUP + 10).unwrap()).map(|number| place.note(number, 1)),
    );
    let (answers, ()) = tokio::join!(crowd, async { drop(release) });
    let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(
        (QUEUE - 1..=QUEUE + GROUP).contains(&accepted),
        "{accepted}"
    );
    let refused = answers.into_iter().find_map(Result::err).unwrap();
    assert!(refused.to_string().contains("too many writes wait"));
    assert_eq!(
        place.stored().len(),
        accepted,
        "what was accepted was done, and nothing else"
    );
}

#[tokio::test]
async fn the_log_is_copied_into_the_database_as_it_grows() {
    let place = place();
    let (group, groups) = (1 << 20, 160);
    for number in 0..groups {
        place.note(number, group).await.unwrap();
    }
    let log = std::fs::metadata(format!("{}-wal", place.path().display()))
        .unwrap()
        .len();
    let longest = u64::try_from(CHECKPOINT_PAGES).unwrap() * 4096 + (4 << 20);
    assert!(
        log < longest,
        "{log} bytes for {} written",
        group * usize::try_from(groups).unwrap()
    );
}

#[tokio::test]
async fn what_was_accepted_is_done_before_closing() {
    let place = place();
    let release = hold(&place.writer);
    let accepted = join_all((0..100).map(|number| place.note(number, 1)));
    let (answers, (), ()) = tokio::join!(accepted, place.writer.close(), async { drop(release) });
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(place.stored().len(), 100);
    assert!(place.note(100, 1).await.is_err());
}

mod group;
