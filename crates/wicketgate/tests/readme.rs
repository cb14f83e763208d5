//! The README's calls, run by a shell as they stand there.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Partner, Running, free_port, open, program};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");

/// The blocks of shell under a heading, one after another.
fn blocks(heading: &str) -> Vec<String> {
    let text = std::fs::read_to_string(README).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut blocks = Vec::new();
    for part in section.split("\n```sh\n").skip(1) {
        blocks.push(part.split("\n```").next().unwrap().to_owned());
    }
    blocks
}

/// Runs a script as the README's reader would, against a server of the test.
fn run_script(script: &str, server: &Running, partner: &Partner) -> String {
    let script = script.replace("http://localhost:3000", &server.url());
    let binary = program();
    let folder = std::path::Path::new(binary.get_program()).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("sh")
        .args(["-euc", &script])
        .env("PATH", format!("{}:{path}", folder.display()))
        .env("WICKETGATE_API_KEY", &partner.api_key)
        .env_remove("WICKETGATE_SERVER")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_two_calls_do_what_the_readme_says() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let mut partner = Partner::create(&server, folder.path());
    let blocks = blocks("Two calls");
    let [make, validate] = blocks.as_slice() else {
        panic!("{} blocks", blocks.len())
    };
    // The second call twice, as it says.
    let script = [make, validate, validate]
        .map(String::as_str)
        .join("\necho\n");
    let printed = run_script(&script, &server, &partner);
    let (link, answers) = printed.split_once('\n').unwrap();
    assert!(link.contains("#2."), "{link}");
    let answers: Vec<Value> = serde_json::Deserializer::from_str(answers)
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let [door, opened, used] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    assert_eq!(
        (&door["state"], &door["kind"]),
        (&json!("valid"), &json!("plain"))
    );
    assert_eq!(
        (&opened["success"], &opened["chatId"]),
        (&json!(true), &json!("order-4711"))
    );
    assert_eq!(
        (&used["state"], &used["error"]),
        (&json!("used"), &json!("Link has already been used"))
    );

    // A link that leads to other keys than the API key names is not handed out.
    let (before, _) = partner.api_key.rsplit_once('.').unwrap();
    partner.api_key = format!("{before}.{}", "A".repeat(22));
    let guarded = make.replace("&& echo", "|| echo other keys; echo");
    let printed = run_script(&guarded, &server, &partner);
    assert!(printed.starts_with("other keys"), "{printed}");
}

#[test]
fn the_terminal_does_what_the_readme_says() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(folder.path(), free_port());
    let partner = Partner::create(&server, folder.path());
    let addresses = folder.path().join("addresses");
    let script = blocks("In a terminal")[0]
        .replace("> addresses", &format!("> '{}'", addresses.display()))
        .replace(
            "\"$ref\"",
            "\"$(wicketgate link list --json | head -n 1 | jq -r .ref)\"",
        );
    let printed = run_script(&script, &server, &partner);
    assert!(printed.contains('█'), "a code");
    assert_eq!(printed.matches("valid until").count(), 501);
    assert_eq!(printed.matches("revoked at").count(), 1);
    let addresses = std::fs::read_to_string(addresses).unwrap();
    assert_eq!(addresses.lines().count(), 500);
    let first = json!({ "secureUrl": addresses.lines().next().unwrap() });
    assert_eq!(open(&first).ready().end(), Some(0));
}
