//! Opening, locking, versions and what a restart finds.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use rusqlite::Connection;
use std::{fs, path::PathBuf, sync::Arc};
use wicketgate_domain::Store;
use wicketgate_storage::{OpenError, open};

struct Place {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            file: folder.path().join("wicketgate.db"),
            folder,
        }
    }

    async fn open(&self) -> Result<Arc<dyn Store>, OpenError> {
        open(&format!("sqlite:{}", self.file.display())).await
    }

    /// The sentence with which the file is refused, which must name it.
    async fn refusal(&self) -> String {
        let sentence = self.open().await.unwrap_err().to_string();
        assert!(
            sentence.contains(&self.file.display().to_string()),
            "{sentence}"
        );
        assert!(!sentence.contains('\n'), "{sentence}");
        sentence
    }

    /// How many files and folders are in the place.
    fn count(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let place = Place::new();
    let store = place.open().await.unwrap();
    assert_eq!(store.server_secret([1; 32]).await.unwrap(), [1; 32]);
    // Without closing: dropping finishes what was accepted and frees the file.
    drop(store);
    let store = place.open().await.unwrap();
    assert_eq!(store.server_secret([2; 32]).await.unwrap(), [1; 32]);
    store.close().await;
}

#[tokio::test]
async fn a_copy_of_the_files_in_mid_life_has_everything_acknowledged() {
    let place = Place::new();
    let store = place.open().await.unwrap();
    store.server_secret([1; 32]).await.unwrap();
    // What a killed process leaves: the database and the log as they are at this instant.
    let copy = Place::new();
    for suffix in ["", "-wal"] {
        let path = |file: &PathBuf| format!("{}{suffix}", file.display());
        fs::copy(path(&place.file), path(&copy.file)).unwrap();
    }
    let revived = copy.open().await.unwrap();
    assert_eq!(revived.server_secret([2; 32]).await.unwrap(), [1; 32]);
    store.close().await;
}

#[tokio::test]
async fn closing_empties_the_log() {
    let place = Place::new();
    let store = place.open().await.unwrap();
    store.server_secret([1; 32]).await.unwrap();
    store.close().await;
    let log = fs::metadata(format!("{}-wal", place.file.display())).map_or(0, |log| log.len());
    assert_eq!(log, 0);
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_is_gone() {
    let place = Place::new();
    let first = place.open().await.unwrap();
    assert!(
        place
            .refusal()
            .await
            .contains("in use by another server: stop that one")
    );
    first.ready().await.unwrap();
    drop(first);
    place.open().await.unwrap();
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched() {
    let place = Place::new();
    drop(place.open().await.unwrap());
    let file = Connection::open(&place.file).unwrap();
    file.execute("INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (999, 'future', '', '1')", [])
        .unwrap();
    file.execute("UPDATE server SET beat = 77", []).unwrap();
    drop(file);
    let sentence = place.refusal().await;
    assert!(
        sentence.contains("newer version (format 999, this one knows 1): run that version"),
        "{sentence}"
    );
    let file = Connection::open(&place.file).unwrap();
    assert_eq!(
        file.query_row("SELECT beat FROM server", [], |row| row.get::<_, i64>(0))
            .unwrap(),
        77
    );
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_refused_untouched() {
    let text = Place::new();
    fs::write(
        &text.file,
        "a letter to my grandmother, long enough to be looked at as a header of a file",
    )
    .unwrap();
    assert!(
        text.refusal()
            .await
            .contains("is not a database of this program")
    );
    assert!(
        fs::read_to_string(&text.file)
            .unwrap()
            .starts_with("a letter")
    );
    assert_eq!(text.count(), 1, "nothing was made beside it");

    let other = Place::new();
    let file = Connection::open(&other.file).unwrap();
    file.execute_batch("CREATE TABLE recipe (name TEXT)")
        .unwrap();
    drop(file);
    assert!(
        other
            .refusal()
            .await
            .contains("is not a database of this program")
    );
    assert_eq!(other.count(), 1, "nothing was made beside it");
    let file = Connection::open(&other.file).unwrap();
    assert_eq!(
        file.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row
            .get::<_, i64>(0))
            .unwrap(),
        1
    );
    assert_eq!(
        file.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0))
            .unwrap(),
        "delete"
    );
}

#[tokio::test]
async fn a_folder_in_the_place_of_the_file_is_refused() {
    let place = Place::new();
    fs::create_dir(&place.file).unwrap();
    let sentence = place.refusal().await;
    assert!(
        sentence.contains("can't be opened (is a directory)"),
        "{sentence}"
    );
    assert_eq!(place.count(), 1, "nothing was made beside it");
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_in_the_place_of_the_file_is_refused() {
    let place = Place::new();
    std::os::unix::fs::symlink("/dev/null", &place.file).unwrap();
    assert!(place.refusal().await.contains("can't be opened"));
    assert_eq!(place.count(), 1, "nothing was made beside it");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    fs::write(&place.file, "").unwrap();
    let address = format!("sqlite:{}/deeper/w.db", place.file.display());
    let sentence = open(&address).await.unwrap_err().to_string();
    assert!(sentence.contains("can't be made"), "{sentence}");
    assert!(
        sentence.contains(&format!("{}/deeper", place.file.display())),
        "{sentence}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn folder_and_files_are_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("made/for");
    let store = open(&format!("sqlite:{}", data.join("w.db").display()))
        .await
        .unwrap();
    store.ready().await.unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.clone()), 0o700);
    let files: Vec<_> = fs::read_dir(&data)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(
        files.len() >= 4,
        "database, log, its index and the lock: {files:?}"
    );
    for file in files {
        assert_eq!(mode(file.clone()), 0o600, "{}", file.display());
    }
}
