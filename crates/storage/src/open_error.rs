//! Why a database could not be opened.

use rusqlite::ffi::{SQLITE_FULL, SQLITE_IOERR_SHMSIZE};
use std::path::{Path, PathBuf};

/// Why a database could not be opened: one sentence that says what would be right.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is of no known kind. It is not repeated, since it may hold a password.
    #[error("the database address is of no known kind: write sqlite:path/to/file.db")]
    UnknownAddress,
    /// PostgreSQL is not served yet.
    #[error("postgres:// is not supported by this version: write sqlite:path/to/file.db")]
    Postgres,
    /// The folder of the database is not there and can't be made.
    #[error("the folder {} of the database can't be made ({cause}): name a place that this user may write to", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is there, but can't be used.
    #[error("the database {} can't be opened ({cause}): it must be a file that this user may read and write", .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system or SQLite said.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The disk is full.
    #[error("the database {} can't be opened because there is no room left on its disk: make room, then start again", .path.display())]
    NoRoom {
        /// The file.
        path: PathBuf,
    },
    /// Another server has it.
    #[error("the database {} is in use by another server: stop that one, or name another file", .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Another name leads to the same file.
    #[error(
        "the database {} has a second name on its disk (a hard link), under which its newest rows would be missing: remove one of the names",
        .path.display()
    )]
    SeveralNames {
        /// The file.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("{} is not a database of this program: name another file, or a new one", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A later version wrote it.
    #[error(
        "the database {} was written by a newer version (format {found}, this one knows {known}): run that version or a later one",
        .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its tables.
        found: i32,
        /// The newest version that this program knows.
        known: i32,
    },
}

impl OpenError {
    pub(crate) fn unusable(
        path: &Path,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let (path, cause) = (path.to_owned(), cause.into());
        if is_full(cause.as_ref()) {
            Self::NoRoom { path }
        } else {
            Self::Unusable { path, cause }
        }
    }
}

/// Whether a full disk is at the bottom of an error.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.into_iter().any(|cause| {
        let by_sqlite = cause
            .downcast_ref()
            .and_then(rusqlite::Error::sqlite_error)
            // The second is the log's index that can't be made as long as it has to be.
            .is_some_and(|said| matches!(said.extended_code, SQLITE_FULL | SQLITE_IOERR_SHMSIZE));
        let by_system = cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|said| matches!(said.kind(), StorageFull | QuotaExceeded));
        by_sqlite || by_system
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_said() {
        let sqlite = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        let path = Path::new("w.db");
        for full in [
            OpenError::unusable(path, sqlite(SQLITE_FULL)),
            OpenError::unusable(path, sqlite(SQLITE_IOERR_SHMSIZE)),
            OpenError::unusable(path, std::io::Error::from(std::io::ErrorKind::StorageFull)),
            // As the making of the tables says it: at the bottom of something else.
            OpenError::unusable(
                path,
                wicketgate_domain::StoreError::new(sqlite(SQLITE_FULL)),
            ),
        ] {
            assert_eq!(
                full.to_string(),
                "the database w.db can't be opened because there is no room left on its disk: make room, then start again"
            );
        }
        let other = OpenError::unusable(path, sqlite(rusqlite::ffi::SQLITE_IOERR));
        assert!(matches!(other, OpenError::Unusable { .. }), "{other}");
    }
}
