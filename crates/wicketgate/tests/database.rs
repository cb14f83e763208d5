//! One database, one server, by whatever name; and what happens when its file goes.

use std::{fs, os::unix::fs::symlink, path::Path};

use crate::support::{Running, free_port, run};

fn refusal(path: &Path) -> String {
    let database = format!("sqlite:{}", path.display());
    let output = run(&["serve", "--listen", "127.0.0.1:0", "--database", &database]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    said.lines().last().unwrap().to_owned()
}

#[test]
fn a_second_server_is_refused_by_every_name_of_the_database() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("data");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("wicketgate.db");
    let server = Running::start(&folder, free_port());
    let at = |name: &str| outer.path().join(name);
    symlink(&file, at("link.db")).unwrap();
    symlink(&folder, at("folder")).unwrap();
    fs::hard_link(&file, at("hard.db")).unwrap();
    for name in [
        "data/wicketgate.db",
        "data/../data/./wicketgate.db",
        "link.db",
        "folder/wicketgate.db",
        "hard.db",
    ] {
        let said = refusal(&at(name));
        assert!(
            said.contains("is in use by another server"),
            "{name}: {said}"
        );
    }
    // Who tidies up what looks like a leftover opens no way in.
    for found in fs::read_dir(&folder).unwrap() {
        let found = found.unwrap().path();
        if found.extension().is_some_and(|kind| kind == "lock") {
            fs::remove_file(found).unwrap();
        }
    }
    assert!(refusal(&file).contains("is in use by another server"));
    fs::remove_file(at("hard.db")).unwrap();
    let log = server.kill();
    assert!(!log.contains("ERROR"), "{log}");
    // A killed server holds nothing.
    let server = Running::start(&folder, free_port());
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_server_whose_database_is_deleted_ends_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(folder.path(), free_port());
    fs::remove_file(folder.path().join("wicketgate.db")).unwrap();
    assert_eq!(server.wait(), Some(1));
    server.until_logged("wicketgate.db was moved, replaced or deleted while the server ran; put it back, then start again.");
}
