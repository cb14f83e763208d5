//! What takes a whole group of writes with it, and what nothing can be written after.

use rusqlite::{ErrorCode, ffi};
use std::{fmt, path::Path, sync::Arc};

/// What took a whole group with it.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    cause: Arc<dyn std::error::Error + Send + Sync>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The next group may do better.
    Passing,
    /// The system may have dropped what it was to write.
    Unsynced,
    /// The file is no longer where it was.
    Moved,
}

impl Failure {
    pub(super) fn new(error: rusqlite::Error) -> Self {
        let kind = if loses_writes(&error) {
            Kind::Unsynced
        } else {
            Kind::Passing
        };
        let cause = Arc::new(error);
        Self { cause, kind }
    }

    /// The database's file is gone from its place.
    pub(super) fn moved(path: &Path) -> Self {
        Self::of_place(format!(
            "its file {} was moved, replaced or deleted while the server ran; put it back, then start again",
            path.display()
        ))
    }

    /// The database's log is gone from its place.
    pub(super) fn log_moved(path: &Path) -> Self {
        Self::of_place(format!(
            "its log {} was moved, replaced or deleted while the server ran; what it held is in the database now, so start again",
            path.display()
        ))
    }

    fn of_place(sentence: String) -> Self {
        let cause: Box<dyn std::error::Error + Send + Sync> = sentence.into();
        Self {
            cause: cause.into(),
            kind: Kind::Moved,
        }
    }

    /// Whether nothing may be written any more.
    pub(super) fn is_final(&self) -> bool {
        self.kind != Kind::Passing
    }

    /// Whether not even what is written already can be relied on.
    pub(super) fn is_unsynced(&self) -> bool {
        self.kind == Kind::Unsynced
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.cause)
    }
}

/// Anything but a fault of the one statement: a full disk, a failing disk, a damaged file.
pub(super) fn breaks_the_group(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code().is_some_and(|code| {
        !matches!(
            code,
            ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::Unknown
                | ErrorCode::ApiMisuse
        )
    })
}

/// After a failed fsync the system may have dropped the pages and may call the next fsync a success (see "Can
/// Applications Recover from fsync Failures?", USENIX ATC 2020): nothing may be acknowledged any more.
fn loses_writes(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_extended_error_code(),
        Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
    )
}
