//! The database's file: known by what it is, not by the name that it was reached by.

use crate::open_error::OpenError;
use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The file of one server. The lock ends with the process or the value.
#[derive(Debug)]
pub(super) struct Held {
    path: PathBuf,
    identity: Identity,
    _lock: File,
}

/// What tells a file from every other on this machine.
pub(super) type Identity = (u64, u64);

impl Held {
    /// Takes the file, making it where it lacks, if no other server has it under any name.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let unusable = |cause| OpenError::unusable(path, cause);
        let file = private_file(path).map_err(unusable)?;
        let path_of = path.to_owned();
        let found = file.metadata().map_err(unusable)?;
        // SQLite keeps its log beside the file that a symbolic link leads to, and so do we.
        let real = path.canonicalize().map_err(unusable)?;
        let lock = to_lock(&real, file).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // If it is this very process that has it, closing the file would free what SQLite has locked there.
                std::mem::forget(lock);
                return Err(OpenError::InUse { path: path_of });
            }
            Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
        }
        if has_several_names(&found) {
            return Err(OpenError::SeveralNames { path: path_of });
        }
        Ok(Self {
            path: real,
            identity: identity(&found),
            _lock: lock,
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is still where it was, and nothing else is there. What can't be looked at counts as in its place.
    pub(super) fn is_in_place(&self) -> bool {
        is_at(&self.path, self.identity)
    }

    /// Where SQLite keeps the log of this file.
    pub(super) fn log(&self) -> PathBuf {
        beside(&self.path, "-wal")
    }
}

/// Whether that very file is at the path.
pub(super) fn is_at(path: &Path, known: Identity) -> bool {
    match fs::metadata(path) {
        Ok(found) => identity(&found) == known,
        Err(error) => !matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        ),
    }
}

/// Which file is at the path.
pub(super) fn identity_at(path: &Path) -> Option<Identity> {
    Some(identity(&fs::metadata(path).ok()?))
}

#[cfg(unix)]
fn identity(found: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

/// Where the system does not tell, one file is as good as another.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {
    (0, 0)
}

/// Whether a hard link leads to the file. Its log would be beside one name and be missed under the other.
#[cfg(unix)]
fn has_several_names(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.nlink() > 1
}

#[cfg(not(unix))]
fn has_several_names(_: &Metadata) -> bool {
    false
}

/// What the lock is put on: the file itself, so that it holds under every name. Elsewhere than on Linux it would get
/// into the way of the locks that SQLite puts on parts of the file, so there it is a file beside it.
fn to_lock(real: &Path, file: File) -> io::Result<File> {
    if cfg!(target_os = "linux") {
        return Ok(file);
    }
    private_file(&beside(real, ".lock"))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Opens a file, making it for this user only. SQLite gives its own files beside it the same permissions.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
