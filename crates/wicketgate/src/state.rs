//! What the program remembers on this machine from one run to the next.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    process,
};

use wicketgate_client::RepeatSecret;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The file of the secret that repeatable calls draw from.
const REPEAT_SECRET: &str = "repeat.secret";

/// Where programs keep what they remember, unless told otherwise
/// (<https://specifications.freedesktop.org/basedir-spec/latest/>).
///
/// # Errors
/// A sentence, where the user has no such folder.
pub(crate) fn default_folder() -> Result<PathBuf, Failure> {
    let absolute = |name: &str| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    absolute("XDG_STATE_HOME")
        .or_else(|| Some(absolute("HOME")?.join(".local/state")))
        .map(|folder| folder.join("wicketgate"))
        .ok_or_else(|| {
            Failure::new("Neither XDG_STATE_HOME nor HOME names a folder: name one with --state.")
        })
}

/// The secret of this machine that repeatable calls draw from; made if there is none yet.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn repeat_secret(folder: Option<&Path>) -> Result<RepeatSecret, Failure> {
    let folder = folder.map_or_else(default_folder, |folder| Ok(folder.to_owned()))?;
    let path = folder.join(REPEAT_SECRET);
    read_or_make(&folder, &path).map_err(|error| {
        Failure::new(format!(
            "`{}`, which --idempotency-key needs, can't be used: {error}.",
            path.display()
        ))
    })
}

fn read_or_make(folder: &Path, path: &Path) -> io::Result<RepeatSecret> {
    match read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(folder, path)?;
            read(path)
        }
        result => result,
    }
}

fn read(path: &Path) -> io::Result<RepeatSecret> {
    let bytes = Zeroizing::new(fs::read(path)?);
    RepeatSecret::try_from(bytes.as_slice())
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it holds something else"))
}

/// Makes the secret whole before it has its name, so that of two programs that do so at once both read the same one.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let unnamed = folder.join(format!("{REPEAT_SECRET}.{}", process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let secret = Zeroizing::new(wicketgate_server::random::<32>().map_err(io::Error::other)?);
    let mut file = options.open(&unnamed)?;
    file.write_all(secret.as_slice())?;
    file.sync_all()?;
    let named = fs::hard_link(&unnamed, path);
    fs::remove_file(&unnamed)?;
    match named {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}
