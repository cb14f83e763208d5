//! What the system's signals do to a running server.

use std::{
    fs::OpenOptions,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use crate::support::{Running, free_port, program};

/// Whether the server answers.
fn answers(port: u16) -> bool {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.starts_with("HTTP/1.1 200 ")
}

#[test]
fn three_signals_stop_a_server_gracefully() {
    for signal in ["HUP", "TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Running::start(folder.path(), free_port());
        server.signal(signal);
        assert_eq!(server.wait(), Some(0), "{signal}: {}", server.log());
        server.until_logged(&format!("\"signal\":\"SIG{signal}\""));
        server.until_logged("stopping: finishing what was begun");
        let log = folder.path().join("wicketgate.db-wal");
        let left = log.metadata().map_or(0, |log| log.len());
        assert_eq!(left, 0, "{signal}: the database was closed");
    }
}

#[test]
fn signals_without_a_meaning_are_heard_and_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    for signal in ["USR1", "USR2", "USR1"] {
        server.signal(signal);
        server.until_logged(&format!("\"signal\":\"SIG{signal}\""));
        assert!(answers(server.port()), "{signal}");
    }
    for signal in ["PIPE", "WINCH", "CONT"] {
        server.signal(signal);
        assert!(answers(server.port()), "{signal}");
    }
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_second_request_stops_a_server_at_once() {
    for (first, second) in [("TERM", "TERM"), ("HUP", "INT")] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Running::start(folder.path(), free_port());
        // What was begun and does not end keeps a server from stopping for ten seconds.
        let mut half = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        let head = "POST /api/links/door HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
        half.write_all(head.as_bytes()).unwrap();
        assert!(
            answers(server.port()),
            "the first half was read before this"
        );
        server.signal(first);
        server.until_logged("stopping: finishing what was begun");
        server.signal(second);
        assert_eq!(server.wait(), Some(130), "{}", server.log());
    }
}

#[test]
fn a_server_that_shall_outlive_its_terminal_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("nohup");
    command.arg(program().get_program()).stdin(Stdio::null());
    let server = Running::begin(command, folder.path(), free_port(), &[]);
    server.until_logged("\"listening\"");
    server.signal("HUP");
    assert!(answers(server.port()));
    server.signal("USR1");
    server.until_logged("SIGUSR1");
    assert!(!server.log().contains("SIGHUP"), "{}", server.log());
    assert_eq!(server.stop(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_whose_log_has_no_room_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut child = program()
        .current_dir(&folder)
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .env("RUST_LOG", "debug")
        .stdout(Stdio::piped())
        .stderr(OpenOptions::new().write(true).open("/dev/full").unwrap())
        .spawn()
        .unwrap();
    let mut hints = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    // The set-up address is printed last.
    while !line.contains("/setup#") {
        assert!(std::io::BufRead::read_line(&mut hints, &mut line).unwrap() > 0);
    }
    for _ in 0..3 {
        assert!(answers(port));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").arg(id).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
