//! Output that can't be written: no command that prints something succeeds without having printed it.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use wicketgate_client::Server;

use crate::support::{PASSWORD, Partner, Running, SETUP_TOKEN, Terminal, free_port, open, program};

/// What standard output may be when nothing that is written to it arrives.
#[derive(Debug, Clone, Copy)]
enum Nowhere {
    /// A full disk.
    Full,
    /// Closed before the program began.
    Closed,
    /// A pipe whose reader has left.
    Left,
}

const EVERYWHERE: [Nowhere; 3] = [Nowhere::Full, Nowhere::Closed, Nowhere::Left];

/// Runs the program to its end with such an output.
fn run_into(output: Nowhere, words: &[&str]) -> Output {
    let mut command = match output {
        Nowhere::Closed => {
            let mut shell = Command::new("sh");
            let program = program();
            shell.args(["-c", r#"exec "$@" >&-"#, "sh"]);
            shell.arg(program.get_program());
            for (name, value) in program.get_envs() {
                match value {
                    Some(value) => shell.env(name, value),
                    None => shell.env_remove(name),
                };
            }
            shell
        }
        Nowhere::Full | Nowhere::Left => program(),
    };
    match output {
        Nowhere::Full => {
            let full = File::options().write(true).open("/dev/full").unwrap();
            command.stdout(full);
        }
        Nowhere::Left => {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            command.stdout(writer);
        }
        Nowhere::Closed => {}
    }
    command
        .args(words)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
}

/// Checks that the program says what is wrong, and does not succeed.
#[track_caller]
fn is_told(output: Nowhere, words: &[&str]) -> String {
    let ended = run_into(output, words);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{output:?} {words:?}: {said}");
    assert!(
        said.starts_with("wicketgate: Standard output can't be written to"),
        "{output:?} {words:?}: {said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn what_is_asked_for_is_printed_or_the_program_fails() {
    for output in EVERYWHERE {
        for words in [
            &["--version"][..],
            &["--help"],
            &["help"],
            &["help", "partner", "create"],
            &["serve", "--help"],
            &["link", "create", "--help"],
        ] {
            is_told(output, words);
        }
    }
    let thrown_away = File::options().read(true).write(true).open("/dev/null");
    let status = program()
        .arg("--version")
        .stdout(thrown_away.unwrap())
        .status();
    assert!(status.unwrap().success(), "who throws it away may do so");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_set_up_whose_secrets_would_be_lost() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let password_file = folder.path().join("password");
    fs::write(&password_file, PASSWORD).unwrap();
    let (url, password_file) = (server.url(), password_file.display().to_string());
    let words = [
        "partner",
        "create",
        "--server",
        &url,
        "--setup-token",
        SETUP_TOKEN,
        "--name",
        "Otter & Sons",
        "--email",
        "ana@example.org",
        "--password-file",
        &password_file,
    ];
    let is_set_up = async || Server::at(&url).unwrap().is_set_up().await.unwrap();
    for output in EVERYWHERE {
        for flags in [&[][..], &["--json"]] {
            let said = is_told(output, &[&words, flags].concat());
            assert!(said.contains("nothing was done"), "{said}");
        }
    }
    let there_already = password_file.as_str();
    let full = "/dev/full/new";
    for file in [there_already, full] {
        let mut command = program();
        let ended = command.args(words).args(["--output", file]).output();
        let ended = ended.unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("nothing was done"), "{said}");
    }
    assert_eq!(fs::read_to_string(there_already).unwrap(), PASSWORD);
    assert!(!is_set_up().await);

    let kept = folder.path().join("kept");
    let file = kept.to_str().unwrap();
    let by_environment = |token| {
        let mut command = program();
        command.args(
            words
                .iter()
                .filter(|word| **word != "--setup-token" && **word != SETUP_TOKEN),
        );
        command.args(["--json", "--output", file]);
        command.env("WICKETGATE_SETUP_TOKEN", token);
        command
    };
    let refused = by_environment("another token that nobody printed")
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(!kept.exists(), "a refusal leaves no file behind");

    let made = by_environment(SETUP_TOKEN).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    assert!(made.stdout.is_empty());
    let written: Value = serde_json::from_slice(&fs::read(&kept).unwrap()).unwrap();
    assert!(written["apiKey"].as_str().unwrap().starts_with("wg_"));
    assert!(written["recoveryCode"].is_string());
    let permissions = fs::metadata(&kept).unwrap().permissions();
    assert_eq!(permissions.mode() & 0o777, 0o600);
    assert!(is_set_up().await);
}

/// Runs the program with an output that is a file and takes nothing, as on a full disk, which no look beforehand shows.
fn run_into_full_file(folder: &Path, words: &[&str]) -> Output {
    let script = r#"trap '' XFSZ; ulimit -f 0; out=$1; shift; exec "$@" > "$out""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(folder.join("out"));
    shell.arg(program().get_program()).args(words);
    shell.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_and_could_not_be_shown_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let password_file = folder.path().join("password");
    fs::write(&password_file, PASSWORD).unwrap();
    let (url, file) = (server.url(), password_file.display().to_string());
    let words = [
        "partner",
        "create",
        "--server",
        &url,
        "--setup-token",
        SETUP_TOKEN,
    ];
    let account = [
        "--name",
        "Ada",
        "--email",
        "ada@example.org",
        "--password-file",
        &file,
    ];
    let words = [&words[..], &account, &["--json"]].concat();

    let kept = folder.path().join("kept");
    let with_file = [&words[..], &["--output", kept.to_str().unwrap()]].concat();
    let refused = run_into_full_file(folder.path(), &with_file);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("so nothing was done"), "{said}");
    assert!(!kept.exists());
    assert!(!Server::at(&url).unwrap().is_set_up().await.unwrap());

    let lost = run_into_full_file(folder.path(), &words);
    let said = String::from_utf8(lost.stderr).unwrap();
    assert_eq!(lost.status.code(), Some(1), "{said}");
    assert!(
        said.contains("Ada is set up, but its API key and recovery code were not shown"),
        "{said}"
    );

    // It is as the sentence says: the password signs in.
    let attend = [
        "chat",
        "attend",
        "--server",
        &url,
        "--email",
        "ada@example.org",
        "--json",
    ];
    let mut agent = Terminal::start(&[&attend[..], &["--password-file", &file]].concat());
    agent.wait_for(&json!({ "event": "ready" }));
    let made = program()
        .args([
            "partner",
            "create",
            "--server",
            &url,
            "--setup-token",
            SETUP_TOKEN,
        ])
        .args([
            "--name",
            "Bob",
            "--email",
            "bob@example.org",
            "--password-file",
            &file,
            "--json",
        ])
        .output()
        .unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let key = made["apiKey"].as_str().unwrap();
    let link = ["link", "create", "--server", &url, "--api-key", key];
    let lost = run_into_full_file(folder.path(), &link);
    let said = String::from_utf8(lost.stderr).unwrap();
    assert_eq!(lost.status.code(), Some(1), "{said}");
    let (_, end) = said.split_once("`wicketgate link revoke ").unwrap();
    let revoke = ["link", "revoke", end.split('`').next().unwrap(), "--json"];
    let revoked = program().args(revoke).args(&link[2..]).output().unwrap();
    let revoked: Value = serde_json::from_slice(&revoked.stdout).unwrap();
    assert_eq!(revoked["state"], "revoked");
}

#[test]
fn no_link_is_made_whose_address_would_be_lost() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let (url, key) = (server.url(), partner.api_key.as_str());
    let words = ["link", "create", "--server", &url, "--api-key", key];
    for output in EVERYWHERE {
        for flags in [&[][..], &["--json"], &["--qr"]] {
            let said = is_told(output, &[&words, flags].concat());
            assert!(said.contains("nothing was done"), "{said}");
        }
    }
}

#[test]
fn a_conversation_that_nobody_reads_ends_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let link = partner.link(&["--chat", "t1"]);
    let mut customer = open(&link).ready();
    let (url, file) = (server.url(), partner.password_file.display().to_string());
    let mut agent = program()
        .args([
            "chat",
            "attend",
            "--server",
            &url,
            "--email",
            &partner.email,
        ])
        .args(["--password-file", &file, "--chat", "t1", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(agent.stdout.take().unwrap());
    let mut event = String::new();
    while !event.contains("\"ready\"") {
        event.clear();
        assert_ne!(
            output.read_line(&mut event).unwrap(),
            0,
            "it is ready first"
        );
    }
    drop(output);
    customer.say("is anybody there?");
    customer.wait_for(&json!({ "event": "status", "status": "sent" }));
    let status = agent.wait().unwrap();
    let mut said = String::new();
    let mut errors = agent.stderr.take().unwrap();
    errors.read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("nobody reads it any more"), "{said}");
}
