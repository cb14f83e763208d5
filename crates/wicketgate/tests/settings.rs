//! A bad setting stops the start with one sentence that names the setting, the value and what would be right.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    process::{Output, Stdio},
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

/// A flag, a bad value, and what is said of it.
const BAD: &[(&str, &str, &str)] = &[
    (
        "--listen",
        "localhost",
        "--listen (WICKETGATE_LISTEN) is `localhost`: it must be an address and a port, like 127.0.0.1:3000 or [::]:3000.",
    ),
    (
        "--listen",
        ":3000",
        "--listen (WICKETGATE_LISTEN) is `:3000`: it must name the address, 127.0.0.1:3000 for this machine alone or 0.0.0.0:3000 for every network.",
    ),
    (
        "--listen",
        "*:8080",
        "--listen (WICKETGATE_LISTEN) is `*:8080`: it must name the address, 127.0.0.1:8080 for this machine alone or 0.0.0.0:8080 for every network.",
    ),
    (
        "--listen",
        "0.0.0.0",
        "--listen (WICKETGATE_LISTEN) is `0.0.0.0`: it lacks the port, as in 0.0.0.0:3000.",
    ),
    (
        "--listen",
        "::",
        "--listen (WICKETGATE_LISTEN) is `::`: it lacks the port, as in [::]:3000.",
    ),
    (
        "--listen",
        "8080",
        "--listen (WICKETGATE_LISTEN) is `8080`: it lacks the address, as in 127.0.0.1:8080.",
    ),
    (
        "--listen",
        "127.0.0.1:99999",
        "--listen (WICKETGATE_LISTEN) is `127.0.0.1:99999`: it must be an address and a port, like 127.0.0.1:3000 or [::]:3000.",
    ),
    (
        "--listen",
        "\"127.0.0.1:3000\"",
        "--listen (WICKETGATE_LISTEN) is `\"127.0.0.1:3000\"`: it must stand without quotes, which count as part of it here.",
    ),
    (
        "--listen",
        " \n",
        "--listen (WICKETGATE_LISTEN) is ``: it must be an address and a port, like 127.0.0.1:3000 or [::]:3000.",
    ),
    (
        "--public-url",
        "https://links.example.org/chat",
        "--public-url (WICKETGATE_PUBLIC_URL) is `https://links.example.org/chat`: it must be like https://links.example.org, with nothing after the host and port.",
    ),
    (
        "--public-url",
        "",
        "--public-url (WICKETGATE_PUBLIC_URL) is ``: it must be like https://links.example.org, with nothing after the host and port.",
    ),
    (
        "--database",
        "sqlite:data/w.db?mode=rwc",
        "--database (WICKETGATE_DATABASE) is `sqlite:data/w.db?mode=rwc`: it must be a path alone, without parameters, like sqlite:path/to/wicketgate.db.",
    ),
    (
        "--database",
        "sqlite:file:w.db",
        "--database (WICKETGATE_DATABASE) is `sqlite:file:w.db`: it must be a path alone, without parameters, like sqlite:path/to/wicketgate.db.",
    ),
    (
        "--database",
        "sqlite::memory:",
        "--database (WICKETGATE_DATABASE) is `sqlite::memory:`: a database in memory would lose everything, so it must name a file, like sqlite:path/to/wicketgate.db.",
    ),
    (
        "--database",
        "sqlite:data/",
        "--database (WICKETGATE_DATABASE) is `sqlite:data/`: it must name a file, not a folder, like sqlite:path/to/wicketgate.db.",
    ),
    (
        "--database",
        "sqlite:~somebody/w.db",
        "--database (WICKETGATE_DATABASE) is `sqlite:~somebody/w.db`: the folder that ~ means is not known here, so it must be a whole path.",
    ),
    (
        "--database",
        "'sqlite:w.db'",
        "--database (WICKETGATE_DATABASE) is `'sqlite:w.db'`: it must stand without quotes, which count as part of it here.",
    ),
    (
        "--trusted-proxy",
        "",
        "--trusted-proxy (WICKETGATE_TRUSTED_PROXY) is ``: it must be an address or a network like 10.0.0.0/8.",
    ),
    (
        "--limits",
        "",
        "--limits (WICKETGATE_LIMITS) is ``: it must be on or off.",
    ),
    (
        "--setup-token",
        "abc",
        "--setup-token (WICKETGATE_SETUP_TOKEN) is `not shown here`: it must have at least 24 characters, drawn at random, so that nobody guesses it.",
    ),
    (
        "--setup-token",
        "",
        "--setup-token (WICKETGATE_SETUP_TOKEN) is `not shown here`: it must have at least 24 characters, drawn at random, so that nobody guesses it.",
    ),
    (
        "--setup-token",
        "'an-otherwise-good-token-in-quotes'",
        "--setup-token (WICKETGATE_SETUP_TOKEN) is `not shown here`: it must stand without quotes, which count as part of it here.",
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
        "--event-days",
        "0",
        "--event-days (WICKETGATE_EVENT_DAYS) is `0`: it must be a whole number of days from 1 to 3650.",
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
];

#[test]
fn each_bad_setting_is_named_with_its_value_and_what_would_be_right() {
    for (flag, value, expected) in BAD {
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
    let help = String::from_utf8(run(&["serve", "--help"]).stdout).unwrap();
    let variables: Vec<_> = help
        .split("[env: WICKETGATE_")
        .skip(1)
        .map(|rest| rest.split(['=', ']']).next().unwrap())
        .collect();
    assert!(variables.len() >= 6, "{variables:?}");
    for variable in variables.into_iter().chain(["NATS"]) {
        let flag = variable.to_lowercase().replace('_', "-");
        let output = program()
            .env(format!("WICKETGATE_{variable}"), OsStr::from_bytes(b"\xff"))
            .output()
            .unwrap();
        assert_eq!(
            sentence(&output),
            format!(
                "wicketgate: --{flag} (WICKETGATE_{variable}) is `not shown here`: it must be text in UTF-8."
            )
        );
    }
    let output = program()
        .env("RUST_LOG", OsStr::from_bytes(b"in\xfffo"))
        .output()
        .unwrap();
    assert!(
        sentence(&output).starts_with("wicketgate: RUST_LOG is `not shown here`: it must be text")
    );
    let output = program()
        .arg("--listen")
        .arg(OsStr::from_bytes(b"\xff"))
        .output()
        .unwrap();
    assert!(sentence(&output).starts_with("wicketgate: The command line must be text"));
}

/// Starts a server by environment variables, waits until it listens, stops it, and gives its log.
fn started(folder: &std::path::Path, settings: &[(&str, &str)]) -> String {
    let mut child = program()
        .current_dir(folder)
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = String::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    for line in lines.by_ref() {
        log.push_str(&line.unwrap());
        log.push('\n');
        if log.contains("\"listening\"") {
            break;
        }
    }
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    // The hint is printed last, and ends with an empty line.
    for _ in 0..7 {
        printed.read_line(&mut log).unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(log.contains("\"listening\""), "{log}");
    log
}

#[test]
fn white_space_and_line_ends_around_a_value_are_not_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = started(
        folder.path(),
        &[
            ("WICKETGATE_LISTEN", "localhost:0\r\n"),
            ("WICKETGATE_PUBLIC_URL", " HTTPS://Links.Example.org/ "),
            ("WICKETGATE_DATABASE", "sqlite:data/w.db\r"),
            ("WICKETGATE_TRUSTED_PROXY", " 10.0.0.0/8 , ::1\n"),
            ("WICKETGATE_RETENTION_DAYS", "7\n"),
            ("WICKETGATE_LIMITS", " on"),
            (
                "WICKETGATE_SETUP_TOKEN",
                "a-token-for-the-tests-that-ends-a-line\n",
            ),
        ],
    );
    assert!(
        log.contains("\"public_url\":\"https://links.example.org\""),
        "{log}"
    );
    assert!(log.contains("\"address\":\"127.0.0.1:"), "{log}");
    assert!(folder.path().join("data/w.db").exists());
}

#[test]
fn a_path_that_begins_at_home_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    started(
        folder.path(),
        &[
            ("WICKETGATE_LISTEN", "127.0.0.1:0"),
            ("WICKETGATE_DATABASE", "sqlite:~/x/w.db"),
            ("HOME", home.to_str().unwrap()),
        ],
    );
    assert!(home.join("x/w.db").exists());
    assert!(!folder.path().join("~").exists());
}

#[test]
fn a_token_that_was_set_is_neither_printed_nor_logged() {
    let folder = tempfile::tempdir().unwrap();
    let token = "wD3kf9qLz0-a-token-that-was-set";
    let log = started(
        folder.path(),
        &[
            ("WICKETGATE_LISTEN", "127.0.0.1:0"),
            ("WICKETGATE_SETUP_TOKEN", token),
            ("RUST_LOG", "trace"),
        ],
    );
    assert!(log.contains("/setup#\n"), "{log}");
    assert!(!log.contains(token), "{log}");
}

#[test]
fn a_variable_that_is_no_setting_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = started(
        folder.path(),
        &[
            ("WICKETGATE_LISTEN", "127.0.0.1:0"),
            ("WICKETGATE_TRUSTED_PROXIES", "10.0.0.0/8"),
            ("WICKETGATE_API_KEY", "wg_x"),
            ("WICKETGATE_SERVER", "http://localhost:3000"),
            // Kubernetes sets these beside a service of that name.
            ("WICKETGATE_PORT", "tcp://10.0.0.1:3000"),
            ("WICKETGATE_PORT_3000_TCP_ADDR", "10.0.0.1"),
            ("WICKETGATE_SERVICE_HOST", "10.0.0.1"),
        ],
    );
    assert!(
        log.contains("WICKETGATE_TRUSTED_PROXIES is set, and there is no such setting; the nearest is WICKETGATE_TRUSTED_PROXY\""),
        "{log}"
    );
    assert_eq!(log.matches("no such setting").count(), 1, "{log}");
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
    use std::io::Read as _;
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
