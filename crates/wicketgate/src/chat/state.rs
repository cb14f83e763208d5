//! Where a bot's cursors rest: a file for each agent and name, to which each step is appended.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use wicketgate_client::live::{Memory, SealedCursor};

use crate::{failure::Failure, print};

/// The longest name.
const LONGEST_NAME: usize = 64;

/// How long another program of the same name may take to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// After so many appended bytes the file is written anew.
const APPENDED: usize = 4 << 20;

/// The cursors of one program, as long as it runs.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    /// Held, so that no other program moves the same cursors.
    _lock: File,
    cursors: BTreeMap<String, SealedCursor>,
    end: Option<File>,
    appended: usize,
}

impl StateFile {
    /// Takes the file of an agent's program for this one alone.
    pub(super) async fn take(folder: &Path, agent: &str, name: &str) -> Result<Self, Failure> {
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Failure::new(format!(
                "--name must be a name of at most {LONGEST_NAME} bytes."
            )));
        }
        let file = format!("{agent}.{}", escaped(name));
        let failed = |error: &io::Error| {
            Failure::new(format!(
                "The folder {} of --state can't be used: {error}.",
                folder.display()
            ))
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| failed(&error))?;
        let lock = private()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(format!("{file}.lock")))
            .map_err(|error| failed(&error))?;
        Ok(Self {
            path: folder.join(format!("{file}.cursors")),
            _lock: locked(lock, name).await?,
            cursors: BTreeMap::new(),
            end: None,
            appended: 0,
        })
    }

    fn read(&mut self) -> io::Result<bool> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        // What has no end was cut off as it was written: the step before it counts.
        for line in text
            .split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'))
        {
            let cursor: SealedCursor = serde_json::from_str(line).map_err(|error| {
                io::Error::other(format!("{} is damaged ({error})", self.path.display()))
            })?;
            self.cursors.insert(cursor.chat_ref.clone(), cursor);
        }
        Ok(true)
    }

    /// Writes everything into a new file, which then takes the old one's place.
    fn rewrite(&mut self) -> io::Result<()> {
        let next = self.path.with_extension("new");
        let mut file = BufWriter::new(
            private()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&next)?,
        );
        for cursor in self.cursors.values() {
            file.write_all(&line(cursor)?)?;
        }
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&next, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.end = Some(private().append(true).open(&self.path)?);
        self.appended = 0;
        Ok(())
    }
}

impl Memory for StateFile {
    fn load(&mut self) -> io::Result<Option<Vec<SealedCursor>>> {
        if !self.read()? {
            return Ok(None);
        }
        self.rewrite()?;
        Ok(Some(self.cursors.values().cloned().collect()))
    }

    fn begin(&mut self, cursors: &[SealedCursor]) -> io::Result<()> {
        self.cursors = cursors
            .iter()
            .map(|cursor| (cursor.chat_ref.clone(), cursor.clone()))
            .collect();
        self.rewrite()
    }

    fn keep(&mut self, cursor: &SealedCursor) -> io::Result<()> {
        self.cursors.insert(cursor.chat_ref.clone(), cursor.clone());
        if self.end.is_none() || self.appended > APPENDED {
            return self.rewrite();
        }
        let line = line(cursor)?;
        self.appended += line.len();
        // One call, so that a process that is killed leaves a whole line or none.
        let written = self.end.as_mut().map_or(Ok(()), |end| end.write_all(&line));
        if written.is_err() {
            // A full disk may have taken a part of the line: what comes next must not go behind it.
            self.end = None;
        }
        written
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn line(cursor: &SealedCursor) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(cursor)?;
    line.push(b'\n');
    Ok(line)
}

/// A name as a part of a file's name: letters, digits and few signs.
fn escaped(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

async fn locked(lock: File, name: &str) -> Result<File, Failure> {
    if lock.try_lock().is_ok() {
        return Ok(lock);
    }
    print::note(&format!(
        "Another program attends as `{}`: waiting until it has ended.",
        print::neutral(name)
    ));
    let waiting = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock));
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(Ok(Ok(lock))) => Ok(lock),
        Ok(Ok(Err(error))) => Err(Failure::new(format!("The lock can't be had: {error}."))),
        Ok(Err(_)) | Err(_) => Err(Failure::new(format!(
            "Another program attends as `{name}`: end it, or give this one another --name."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(chat: &str, seat: u32) -> SealedCursor {
        SealedCursor {
            chat_ref: chat.to_owned(),
            seat,
            sealed: vec![1, 2, 3].into(),
        }
    }

    async fn file(folder: &Path) -> StateFile {
        StateFile::take(folder, "agent", "a/b ü").await.unwrap()
    }

    #[tokio::test]
    async fn the_newest_step_of_each_chat_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = file(folder.path()).await;
        assert_eq!(first.load().unwrap(), None, "nothing ever began here");
        first.begin(&[cursor("a", 0), cursor("b", 0)]).unwrap();
        first.keep(&cursor("a", 1)).unwrap();
        first.keep(&cursor("a", 2)).unwrap();
        drop(first);
        let mut next = file(folder.path()).await;
        assert_eq!(
            next.load().unwrap().unwrap(),
            [cursor("a", 2), cursor("b", 0)]
        );
    }

    #[tokio::test]
    async fn a_line_that_was_cut_off_does_not_count_and_a_damaged_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = file(folder.path()).await;
        first.begin(&[cursor("a", 1)]).unwrap();
        let path = first.path.clone();
        drop(first);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(br#"{"chatRef":"a","se"#);
        fs::write(&path, &bytes).unwrap();
        let mut next = file(folder.path()).await;
        assert_eq!(next.load().unwrap().unwrap(), [cursor("a", 1)]);
        next.keep(&cursor("a", 2)).unwrap();
        drop(next);
        assert_eq!(
            file(folder.path()).await.load().unwrap().unwrap(),
            [cursor("a", 2)]
        );
        fs::write(&path, "what?\n").unwrap();
        file(folder.path()).await.load().unwrap_err();
    }

    #[tokio::test]
    async fn a_step_that_could_not_be_written_whole_damages_no_later_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = file(folder.path()).await;
        first.begin(&[cursor("a", 1)]).unwrap();
        let path = first.path.clone();
        // As a full disk does it: a part of the line gets there, and then an error.
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(br#"{"chatRef":"a","se"#);
        fs::write(&path, &bytes).unwrap();
        let working = first.end.replace(File::open(&path).unwrap());
        first.keep(&cursor("a", 2)).unwrap_err();
        // There is room again.
        if first.end.is_some() {
            first.end = working;
        }
        first.keep(&cursor("a", 3)).unwrap();
        first.keep(&cursor("b", 1)).unwrap();
        drop(first);
        assert_eq!(
            file(folder.path()).await.load().unwrap().unwrap(),
            [cursor("a", 3), cursor("b", 1)]
        );
    }

    #[tokio::test]
    async fn two_programs_never_move_the_same_cursors() {
        let folder = tempfile::tempdir().unwrap();
        let first = file(folder.path()).await;
        let other = StateFile::take(folder.path(), "agent", "another").await;
        assert!(other.is_ok(), "another name has its own");
        let waiting = StateFile::take(folder.path(), "agent", "a/b ü");
        tokio::pin!(waiting);
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("two have it"),
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
        drop(first);
        waiting.await.unwrap();
    }
}
