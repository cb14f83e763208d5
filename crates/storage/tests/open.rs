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
async fn the_log_is_the_same_one_after_a_restart() {
    let (place, other) = (Place::new(), Place::new());
    let store = place.open().await.unwrap();
    let before = store.log_bounds().await.unwrap();
    drop(store);
    let store = place.open().await.unwrap();
    assert_eq!(store.log_bounds().await.unwrap(), before);
    let elsewhere = other.open().await.unwrap().log_bounds().await.unwrap();
    assert_ne!(elsewhere.epoch, before.epoch, "each database has its own");
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

#[cfg(unix)]
#[tokio::test]
async fn a_second_server_is_refused_by_whatever_name_it_comes() {
    let place = Place::new();
    let first = place.open().await.unwrap();
    first.server_secret([1; 32]).await.unwrap();
    let at = |name: &str| place.folder.path().join(name);
    std::os::unix::fs::symlink(&place.file, at("symbolic.db")).unwrap();
    fs::hard_link(&place.file, at("hard.db")).unwrap();
    std::os::unix::fs::symlink(place.folder.path(), at("folder")).unwrap();
    for name in ["symbolic.db", "hard.db", "folder/wicketgate.db"] {
        let refused = open(&format!("sqlite:{}", at(name).display())).await;
        let sentence = refused.unwrap_err().to_string();
        assert!(
            sentence.contains("is in use by another server"),
            "{sentence}"
        );
        first.ready().await.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_leads_to_the_one_database_and_its_log() {
    let place = Place::new();
    let store = place.open().await.unwrap();
    store.server_secret([1; 32]).await.unwrap();
    // What a killed process leaves: the log still holds everything.
    let killed = Place::new();
    for suffix in ["", "-wal"] {
        let path = |file: &PathBuf| format!("{}{suffix}", file.display());
        fs::copy(path(&place.file), path(&killed.file)).unwrap();
    }
    let link = killed.folder.path().join("link.db");
    std::os::unix::fs::symlink(&killed.file, &link).unwrap();
    let revived = open(&format!("sqlite:{}", link.display())).await.unwrap();
    assert_eq!(revived.server_secret([2; 32]).await.unwrap(), [1; 32]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_with_two_names_is_refused_because_its_log_has_one() {
    let place = Place::new();
    drop(place.open().await.unwrap());
    let other = place.folder.path().join("other.db");
    fs::hard_link(&place.file, &other).unwrap();
    assert!(
        place
            .refusal()
            .await
            .contains("has a second name on its disk")
    );
    fs::remove_file(other).unwrap();
    place.open().await.unwrap();
}

/// Does something to a running server's files, and answers what it says and whether it acknowledged a write after that.
#[cfg(unix)]
async fn disturbed(place: &Place, disturb: impl FnOnce()) -> (String, bool) {
    let store = place.open().await.unwrap();
    store.server_secret([1; 32]).await.unwrap();
    let failed = store.failed();
    disturb();
    let acknowledged = store.ready().await.is_ok();
    let failure = failed.await.to_string();
    store.close().await;
    (failure, acknowledged)
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_leaves_its_place_stops_acknowledging() {
    for act in ["delete", "move", "replace", "move the folder"] {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data");
        let file = folder.join("wicketgate.db");
        let store = open(&format!("sqlite:{}", file.display())).await.unwrap();
        store.server_secret([1; 32]).await.unwrap();
        match act {
            "delete" => fs::remove_file(&file).unwrap(),
            "move" => fs::rename(&file, outer.path().join("elsewhere.db")).unwrap(),
            "replace" => {
                fs::write(folder.join("new"), "").unwrap();
                fs::rename(folder.join("new"), &file).unwrap();
            }
            _ => fs::rename(&folder, outer.path().join("elsewhere")).unwrap(),
        }
        assert!(store.ready().await.is_err(), "{act}");
        let said = store.failed().await.to_string();
        assert!(
            said.contains("was moved, replaced or deleted while the server ran"),
            "{act}: {said}"
        );
        assert!(
            said.contains("wicketgate.db") && !said.contains("-wal"),
            "{act}: {said}"
        );
        store.close().await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_at_rest_notices_that_its_file_is_gone() {
    let place = Place::new();
    let store = place.open().await.unwrap();
    fs::remove_file(&place.file).unwrap();
    let said = store.failed().await.to_string();
    assert!(said.contains("was moved, replaced or deleted"), "{said}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_is_deleted_takes_nothing_with_it() {
    let place = Place::new();
    let log = format!("{}-wal", place.file.display());
    let (said, acknowledged) = disturbed(&place, || fs::remove_file(&log).unwrap()).await;
    assert!(
        said.contains("wicketgate.db-wal was moved, replaced or deleted"),
        "{said}"
    );
    assert!(!acknowledged);
    let store = place.open().await.unwrap();
    assert_eq!(store.server_secret([2; 32]).await.unwrap(), [1; 32]);
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
    assert!(files.len() >= 3, "database, log and its index: {files:?}");
    for file in files {
        assert_eq!(mode(file.clone()), 0o600, "{}", file.display());
    }
}
