//! What is committed: nothing of one machine, no secret, no large file.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, capture};

/// A committed file is at most this long, in bytes.
const LARGEST: usize = 500 * 1024;

/// First folders of paths that exist on one machine only.
const MACHINE_FOLDERS: [&str; 6] = ["root", "home", "work", "Users", "farm", "mnt"];

/// Settings that name where packages come from. They belong into a developer's own configuration.
const REGISTRY_SETTINGS: [(&str, &str); 5] = [
    (".npmrc", "registry="),
    (".npmrc", "_authToken"),
    (".cargo/config.toml", "[source"),
    (".cargo/config.toml", "[registries"),
    (".cargo/config.toml", "[registry"),
];

/// How well-known services begin their tokens; at least twenty letters or digits follow.
const TOKEN_PREFIXES: [&str; 6] = ["AKIA", "ghp_", "gho_", "github_pat_", "npm_", "glpat-"];

/// Looks at every file that is committed or would be.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut list = workspace.command("git");
    // The folder may belong to another user than the one who runs the tests, which git would refuse.
    list.args([
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let names = capture(&mut list).context("the files are listed by git")?;
    let mut complaints = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        // A file that was removed but not yet from the index has nothing to complain of.
        let Ok(bytes) = fs::read(workspace.root().join(name)) else {
            continue;
        };
        complaints.extend(complaints_of(name, &bytes));
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    Ok(())
}

fn complaints_of(name: &str, bytes: &[u8]) -> Vec<String> {
    let mut complaints = Vec::new();
    if bytes.len() > LARGEST {
        complaints.push(format!(
            "{name} is {} bytes long, more than {LARGEST}",
            bytes.len()
        ));
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return complaints;
    };
    for (number, line) in (1..).zip(text.lines()) {
        let found = machine_path(line)
            .map(|path| format!("names the machine path {path}"))
            .or_else(|| secret(line).map(|kind| format!("holds {kind}")))
            .or_else(|| registry(name, line).map(|setting| format!("sets {setting}")));
        complaints.extend(found.map(|found| format!("{name}:{number} {found}")));
    }
    complaints
}

/// The start of a path of one machine: `/name/` that begins a path and is not in the middle of another.
fn machine_path(line: &str) -> Option<String> {
    MACHINE_FOLDERS
        .iter()
        .map(|folder| format!("/{folder}/"))
        .find(|path| {
            line.match_indices(path.as_str()).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|letter| letter.is_alphanumeric() || ".-_~}/*".contains(letter))
            })
        })
}

fn secret(line: &str) -> Option<&'static str> {
    let pem = line
        .split_once("-----BEGIN ")
        .and_then(|(_, rest)| rest.split_once("PRIVATE KEY-----"));
    if pem.is_some_and(|(kind, _)| {
        kind.chars()
            .all(|letter| letter.is_ascii_uppercase() || letter == ' ')
    }) {
        return Some("a private key");
    }
    let is_token = |start: &str| {
        start
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .count()
            >= 20
    };
    let mut tokens = TOKEN_PREFIXES.iter().flat_map(|prefix| {
        line.match_indices(prefix)
            .map(|(at, found)| (at, &line[at + found.len()..]))
    });
    tokens
        .any(|(at, rest)| {
            let before = line[..at].chars().next_back();
            // `AKIA` and 16 more is an access key's whole length; base64 has it by chance in the middle of a word.
            let word_starts =
                !before.is_some_and(|letter| letter.is_alphanumeric() || "+/_-".contains(letter));
            word_starts && is_token(rest)
        })
        .then_some("a service's token")
}

fn registry(name: &str, line: &str) -> Option<&'static str> {
    REGISTRY_SETTINGS
        .iter()
        .find(|(file, setting)| name.ends_with(file) && line.trim_start().starts_with(setting))
        .map(|(_, setting)| *setting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(name: &str, text: &str) -> Option<String> {
        complaints_of(name, text.as_bytes()).pop()
    }

    #[test]
    fn paths_of_a_machine_are_found_and_addresses_are_not() {
        let path = ["/", "root", "/x"].concat();
        let found = complaint("a.rs", &format!("one\nlet a = \"{path}\";")).unwrap();
        assert!(
            found.starts_with("a.rs:2 names the machine path"),
            "{found}"
        );
        assert_eq!(
            complaint("a.rs", &format!("https://host.example{path}")),
            None
        );
        assert_eq!(complaint("a.rs", &format!("./here{path}")), None);
    }

    #[test]
    fn secrets_are_found() {
        let key = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
        assert_eq!(
            complaint("key.pem", &key).unwrap(),
            "key.pem:1 holds a private key"
        );
        let token = ["ghp", "_", &"a1".repeat(18)].concat();
        assert!(
            complaint("a.md", &format!("token {token}"))
                .unwrap()
                .contains("token")
        );
        assert_eq!(complaint("a.md", "the prefix ghp_ alone"), None);
    }

    #[test]
    fn settings_of_a_registry_are_found() {
        let found = complaint("web/.npmrc", "registry=https://host.example").unwrap();
        assert_eq!(found, "web/.npmrc:1 sets registry=");
        assert_eq!(
            complaint("web/.npmrc", "omit-lockfile-registry-resolved=true"),
            None
        );
    }

    #[test]
    fn large_files_are_found() {
        assert!(complaints_of("a.png", &vec![0xff; LARGEST]).is_empty());
        assert_eq!(complaints_of("a.png", &vec![0xff; LARGEST + 1]).len(), 1);
    }
}
