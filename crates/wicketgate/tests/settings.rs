//! A bad setting stops the start with one sentence that names the setting, the value and what would be right.

use std::{
    fs,
    net::TcpListener,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    process::Output,
};

use crate::support::{Running, free_port, program, run};

/// The one sentence of a start that failed.
fn sentence(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let mut lines = said.lines().filter(|line| !line.starts_with('{'));
    let sentence = lines.next().unwrap().to_owned();
    assert_eq!(lines.next(), None, "{said}");
    sentence
}

#[test]
fn each_bad_setting_is_named_with_its_value_and_what_would_be_right() {
    for (flag, value, expected) in [
        (
            "--listen",
            "localhost",
            "--listen (WICKETGATE_LISTEN) is `localhost`: it must be an address and a port, like 127.0.0.1:3000 or [::]:3000.",
        ),
        (
            "--public-url",
            "http://links.example.org",
            "--public-url (WICKETGATE_PUBLIC_URL) is `http://links.example.org`: it must begin with https:// unless the host is this machine (localhost).",
        ),
        (
            "--public-url",
            "links.example.org",
            "--public-url (WICKETGATE_PUBLIC_URL) is `links.example.org`: it must be like https://links.example.org, with nothing after the host and port.",
        ),
        (
            "--public-url",
            "http://localhost:0",
            "--public-url (WICKETGATE_PUBLIC_URL) is `http://localhost:0`: it must not name the port 0, on which nothing can be reached.",
        ),
        (
            "--database",
            "postgres://user:hunter2@db/x",
            "--database (WICKETGATE_DATABASE) is `postgres://`: this version keeps everything in one file, so it must be like sqlite:path/to/wicketgate.db.",
        ),
        (
            "--database",
            "sqlite:",
            "--database (WICKETGATE_DATABASE) is `sqlite:`: this version keeps everything in one file, so it must be like sqlite:path/to/wicketgate.db.",
        ),
        (
            "--nats",
            "nats://token@broker",
            "--nats (WICKETGATE_NATS) is `nats://`: this version runs as one node and has no use for it, so it must be left out.",
        ),
        (
            "--trusted-proxy",
            "10.0.0.0/8,proxy",
            "--trusted-proxy (WICKETGATE_TRUSTED_PROXY) is `proxy`: it must be an address or a network like 10.0.0.0/8.",
        ),
        (
            "--forwarded-header",
            "X-Forwarded-For:",
            "--forwarded-header (WICKETGATE_FORWARDED_HEADER) is `X-Forwarded-For:`: it must be the name of a header, like x-forwarded-for, forwarded or x-real-ip.",
        ),
        (
            "--hsts",
            "on",
            "--hsts (WICKETGATE_HSTS) is `on`: it must be host, subdomains or off.",
        ),
        (
            "--retention-days",
            "0",
            "--retention-days (WICKETGATE_RETENTION_DAYS) is `0`: it must be a whole number of days from 1 to 3650.",
        ),
        (
            "--retention-days",
            "-1",
            "--retention-days (WICKETGATE_RETENTION_DAYS) is `-1`: it must be a whole number of days from 1 to 3650.",
        ),
        (
            "--retention-days",
            "a month",
            "--retention-days (WICKETGATE_RETENTION_DAYS) is `a month`: it must be a whole number of days from 1 to 3650.",
        ),
        (
            "--limits",
            "no",
            "--limits (WICKETGATE_LIMITS) is `no`: it must be on or off.",
        ),
        (
            "--setup-token",
            "has a space",
            "--setup-token (WICKETGATE_SETUP_TOKEN) is `not shown here`: it must be of letters, digits and signs that can stand in an address, like -._~.",
        ),
    ] {
        let expected = format!("wicketgate: {expected}");
        assert_eq!(sentence(&run(&["serve", flag, value])), expected);
        let variable = format!("WICKETGATE_{}", flag[2..].replace('-', "_").to_uppercase());
        assert_eq!(
            sentence(&program().env(variable, value).output().unwrap()),
            expected
        );
    }
}

#[test]
fn a_setting_that_is_no_text_is_named() {
    let value = std::ffi::OsStr::from_bytes(b"sqlite:\xff");
    let output = program()
        .env("WICKETGATE_DATABASE", value)
        .output()
        .unwrap();
    assert_eq!(
        sentence(&output),
        "wicketgate: --database (WICKETGATE_DATABASE) is `not shown here`: it must be text in UTF-8."
    );
}

#[test]
fn help_names_only_settings_that_have_a_use() {
    let help = String::from_utf8(run(&["serve", "--help"]).stdout).unwrap();
    assert!(
        help.contains("--database") && !help.contains("--nats"),
        "{help}"
    );
}

#[test]
fn a_bad_log_level_is_named() {
    let output = program().env("RUST_LOG", "=loud=").output().unwrap();
    assert!(sentence(&output).starts_with("wicketgate: RUST_LOG is `=loud=`: it must be"));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let output = program()
        .current_dir(&folder)
        .args(["serve", "--listen", &address])
        .output()
        .unwrap();
    let expected = format!(
        "wicketgate: --listen (WICKETGATE_LISTEN) is `{address}`, and that can't be listened on: another program listens there; stop it, or choose another port."
    );
    assert_eq!(sentence(&output), expected);
    assert!(
        !folder.path().join("wicketgate-data").exists(),
        "nothing was begun"
    );
}

fn refused_database(path: &std::path::Path) -> String {
    let database = format!("sqlite:{}", path.display());
    sentence(&run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        &database,
    ]))
}

#[test]
fn a_file_that_is_no_database_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    fs::write(
        &path,
        "Dear Ana, this is a letter and no database. ".repeat(100),
    )
    .unwrap();
    let before = fs::read(&path).unwrap();
    let said = refused_database(&path);
    assert!(
        said.contains("letter.txt is not a database of this program"),
        "{said}"
    );
    assert!(
        said.starts_with("wicketgate: --database (WICKETGATE_DATABASE): "),
        "{said}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_database_of_a_newer_version_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    assert_eq!(server.stop(), Some(0));
    let path = folder.path().join("wicketgate.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute("UPDATE refinery_schema_history SET version = 999", [])
        .unwrap();
    drop(database);
    let said = refused_database(&path);
    assert!(
        said.contains("was written by a newer version (format 999, this one knows "),
        "{said}"
    );
}

#[test]
fn a_database_has_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let _first = Running::start(folder.path(), free_port());
    let said = refused_database(&folder.path().join("wicketgate.db"));
    assert!(said.contains("is in use by another server"), "{said}");
}

#[test]
fn the_default_folder_is_private_and_the_set_up_address_is_printed_last_and_not_logged() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let folder = tempfile::tempdir().unwrap();
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let mut child = program()
            .current_dir(&folder)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .find(|line| line.as_ref().unwrap().contains("/setup#"))
            .unwrap()
            .unwrap();
        let (url, token) = address.trim().split_once("/setup#").unwrap();
        assert!(url.starts_with("http://localhost:"), "{url}");
        assert_eq!(token.len(), 32);
        tokens.push(token.to_owned());
        child.kill().unwrap();
        let mut log = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        child.wait().unwrap();
        assert!(
            log.contains("\"listening\"") && !log.contains(token),
            "{log}"
        );
    }
    assert_ne!(tokens[0], tokens[1], "each start prints another");
    let mode = fs::metadata(folder.path().join("wicketgate-data"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_goes_on_when_nothing_can_be_printed() {
    use std::io::{BufRead as _, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let mut child = program()
        .current_dir(&folder)
        .args(["--listen", "127.0.0.1:0"])
        .stdout(
            fs::OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .unwrap(),
        )
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(log.any(|line| line.unwrap().contains("\"listening\"")));
    let id = child.id().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(told.unwrap().success());
    assert!(
        log.any(|line| line.unwrap().contains("stopping")),
        "it ended before it was told to"
    );
    assert!(child.wait().unwrap().success());
}

#[test]
fn help_and_version() {
    let version = run(&["--version"]);
    assert_eq!(
        String::from_utf8_lossy(&version.stdout),
        concat!("wicketgate ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for words in [
        &["--help"][..],
        &["serve", "--help"],
        &["link", "create", "--help"],
        &["chat", "attend", "--help"],
    ] {
        let help = run(words);
        assert!(help.status.success());
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(help.contains("Usage: wicketgate"), "{help}");
    }
    for (words, said) in [
        (&["serve", "--help"][..], "It needs no configuration"),
        (&["chat", "open", "--help"], "the exit status is 2"),
    ] {
        let help = run(words);
        assert!(String::from_utf8_lossy(&help.stdout).contains(said));
    }
}
