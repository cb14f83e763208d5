//! What is handed over in files and variables: an editor's additions are no part of it.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};

use crate::support::{PASSWORD, Partner, Running, SETUP_TOKEN, Terminal, free_port, program, run};

fn create(server: &Running, password_file: &Path, flags: &[&str]) -> Output {
    let (url, file) = (server.url(), password_file.display().to_string());
    let words = ["partner", "create", "--server", &url, "--name", "Ada"];
    let account = ["--email", "ada@example.org", "--password-file", &file];
    let mut command = program();
    // As the address of the set-up page is copied: with a line end, and what a messenger puts in.
    command.env(
        "WICKETGATE_SETUP_TOKEN",
        format!("\u{feff}{SETUP_TOKEN}\u{200b}\r\n"),
    );
    command
        .args(words)
        .args(account)
        .args(["--json"])
        .args(flags);
    command.output().unwrap()
}

#[test]
fn a_password_is_the_same_from_whatever_file_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let file = folder.path().join("from an editor");
    fs::write(&file, format!("\u{feff}{PASSWORD}\r\n")).unwrap();
    let made = create(&server, &file, &[]);
    assert!(made.status.success(), "{made:?}");
    let other = folder.path().join("by echo");
    for content in [
        PASSWORD.to_owned(),
        format!("{PASSWORD}\n\n"),
        format!("\u{200e}{PASSWORD}\r"),
    ] {
        fs::write(&other, &content).unwrap();
        let (url, other) = (server.url(), other.display().to_string());
        let words = [
            "chat",
            "attend",
            "--server",
            &url,
            "--email",
            "ada@example.org",
            "--json",
        ];
        let mut agent = Terminal::start(&[&words[..], &["--password-file", &other]].concat());
        agent.wait_for(&json!({ "event": "ready" }));
    }
    for (content, cause) in [
        (&b"s\0e\0v\0e\0n\0 \0o\0t\0t\0e\0r\0s\0"[..], "it is UTF-16"),
        (b"\n", "nothing is in it"),
        (b"seven lively otters\njuggle eggs", "more than one line"),
    ] {
        fs::write(&other, content).unwrap();
        let refused = create(&server, &other, &[]);
        assert_eq!(refused.status.code(), Some(1));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            said.contains("--password-file") && said.contains(cause),
            "{said}"
        );
    }
}

#[test]
fn an_api_key_comes_from_a_flag_a_variable_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let (key, url) = (partner.api_key.as_str(), server.url());
    let file = folder.path().join("key");
    // As a mail program breaks it and a text editor saves it.
    let (before, after) = key.split_at(20);
    fs::write(&file, format!("\u{feff}{before}{after}\u{ad}\r\n")).unwrap();
    let file = file.display().to_string();
    let words = ["link", "create", "--json"];
    for (variable, flags) in [
        (None, vec!["--api-key", key]),
        (None, vec!["--api-key-file", &file]),
        (Some(key.to_owned()), vec![]),
        (Some(format!(" {key}\u{2060}\n")), vec![]),
        (Some("another".to_owned()), vec!["--api-key-file", &file]),
    ] {
        let mut command = program();
        command
            .args(words)
            .args(&flags)
            .args(["--server", &format!("{url}\u{200b}")]);
        if let Some(variable) = variable {
            command.env("WICKETGATE_API_KEY", variable);
        }
        let made = command.output().unwrap();
        assert!(made.status.success(), "{flags:?}: {made:?}");
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        assert!(made["secureUrl"].as_str().unwrap().starts_with(&url));
    }
    let none = run(&["link", "create", "--server", &url]);
    assert_eq!(none.status.code(), Some(2));
    let said = String::from_utf8(none.stderr).unwrap();
    assert!(said.contains("--api-key"), "{said}");
}

#[test]
fn the_first_key_leads_nobody_into_a_chat_that_has_a_customer() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let password_file = folder.path().join("password");
    fs::write(&password_file, PASSWORD).unwrap();
    for (email, flags, may_reopen) in [
        ("least@example.org", &[][..], false),
        ("more@example.org", &["--scope", "links:existing"], true),
    ] {
        let (url, file) = (server.url(), password_file.display().to_string());
        let words = [
            "partner",
            "create",
            "--server",
            &url,
            "--setup-token",
            SETUP_TOKEN,
            "--name",
            "Ada",
            "--email",
            email,
            "--password-file",
            &file,
            "--json",
        ];
        let made = run(&[&words[..], flags].concat());
        assert!(made.status.success(), "{made:?}");
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let key = made["apiKey"].as_str().unwrap();
        let link = || {
            run(&[
                "link",
                "create",
                "--server",
                &url,
                "--api-key",
                key,
                "--chat",
                "a",
                "--json",
            ])
        };
        let first: Value = serde_json::from_slice(&link().stdout).unwrap();
        assert_eq!(crate::support::open(&first).ready().end(), Some(0));
        let second = link();
        assert_eq!(second.status.success(), may_reopen, "{second:?}");
    }
}

#[test]
fn an_agent_takes_the_server_from_a_flag_or_a_variable_as_it_was_copied() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let file = partner.password_file.display().to_string();
    let words = ["chat", "attend", "--json", "--email", &partner.email];
    let words = [&words[..], &["--password-file", &file]].concat();
    let copied = format!("\u{feff}{}\u{200b}\r\n", server.url());
    for (flags, variables) in [
        (vec!["--server", &copied], vec![]),
        (vec![], vec![("WICKETGATE_SERVER", copied.as_str())]),
    ] {
        let mut agent = Terminal::start_with(&[&words[..], &flags].concat(), &variables);
        agent.wait_for(&json!({ "event": "ready" }));
        assert_eq!(agent.end(), Some(0));
    }
}
