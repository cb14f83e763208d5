//! `cargo xtask layers`: every dependency between our crates points inward, and no modules of a crate stand in a circle.
//!
//! The table below is the one of `ARCHITECTURE.md`. A new arrow is a decision about the architecture, so it is first
//! a change to this file.

mod circles;
mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace::{Workspace, capture};

use self::modules::Modules;

/// What one crate may depend on.
struct Row {
    name: &'static str,
    /// Our crates that it may use.
    may_use: &'static [&'static str],
    /// Our crates that its tests may use besides.
    tests_may_use: &'static [&'static str],
    /// Our crates that it must not reach, not even through others.
    never_reaches: &'static [&'static str],
    /// Other people's crates that would make it do what is not its work.
    never_uses: &'static [&'static str],
}

const NOTHING: &[&str] = &[];

/// Input, output, clocks and randomness: what a pure crate has no use for.
const EFFECTS: &[&str] = &[
    "axum",
    "getrandom",
    "hyper",
    "jiff",
    "reqwest",
    "rusqlite",
    "tokio",
];

const ROWS: [Row; 12] = [
    Row {
        name: "wicketgate-text",
        may_use: NOTHING,
        tests_may_use: NOTHING,
        never_reaches: NOTHING,
        never_uses: EFFECTS,
    },
    Row {
        name: "wicketgate-crypto",
        may_use: &["wicketgate-text"],
        tests_may_use: NOTHING,
        never_reaches: NOTHING,
        never_uses: EFFECTS,
    },
    Row {
        name: "wicketgate-domain",
        may_use: &["wicketgate-text"],
        tests_may_use: NOTHING,
        never_reaches: NOTHING,
        never_uses: &[
            "axum",
            "getrandom",
            "http",
            "hyper",
            "jiff",
            "reqwest",
            "rusqlite",
            "serde",
            "serde_json",
            "tokio",
        ],
    },
    Row {
        name: "wicketgate-protocol",
        may_use: &["wicketgate-domain"],
        tests_may_use: NOTHING,
        never_reaches: &["wicketgate-crypto"],
        never_uses: &["axum", "getrandom", "hyper", "reqwest", "rusqlite", "tokio"],
    },
    Row {
        name: "wicketgate-storage",
        may_use: &["wicketgate-domain"],
        tests_may_use: NOTHING,
        never_reaches: &["wicketgate-crypto"],
        never_uses: &["axum", "getrandom", "hyper", "reqwest"],
    },
    Row {
        name: "wicketgate-relay",
        may_use: &["wicketgate-domain"],
        tests_may_use: NOTHING,
        never_reaches: &["wicketgate-crypto"],
        never_uses: &["axum", "hyper", "rusqlite"],
    },
    Row {
        name: "wicketgate-server",
        may_use: &[
            "wicketgate-domain",
            "wicketgate-protocol",
            "wicketgate-relay",
            "wicketgate-storage",
        ],
        tests_may_use: NOTHING,
        never_reaches: &["wicketgate-crypto", "wicketgate-client"],
        never_uses: &["hpke", "rusqlite"],
    },
    Row {
        name: "wicketgate-client",
        may_use: &[
            "wicketgate-crypto",
            "wicketgate-protocol",
            "wicketgate-text",
        ],
        tests_may_use: &["wicketgate-domain", "wicketgate-server"],
        never_reaches: &["wicketgate-storage", "wicketgate-server"],
        never_uses: &["axum", "rusqlite"],
    },
    Row {
        name: "wicketgate-stdout",
        may_use: NOTHING,
        tests_may_use: NOTHING,
        never_reaches: NOTHING,
        never_uses: EFFECTS,
    },
    Row {
        name: "wicketgate",
        may_use: &[
            "wicketgate-client",
            "wicketgate-server",
            "wicketgate-stdout",
            "wicketgate-text",
        ],
        tests_may_use: &[
            "wicketgate-crypto",
            "wicketgate-domain",
            "wicketgate-protocol",
            "wicketgate-storage",
        ],
        never_reaches: NOTHING,
        never_uses: NOTHING,
    },
    Row {
        name: "wicketgate-bench",
        may_use: &["wicketgate-storage"],
        tests_may_use: NOTHING,
        never_reaches: &["wicketgate-server"],
        never_uses: NOTHING,
    },
    Row {
        name: "xtask",
        may_use: NOTHING,
        tests_may_use: NOTHING,
        never_reaches: NOTHING,
        never_uses: NOTHING,
    },
];

/// The part of `cargo metadata` that holds the arrows.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
    #[serde(default)]
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
}

impl Target {
    fn is_program_or_library(&self) -> bool {
        self.kind.iter().any(|kind| kind == "lib" || kind == "bin")
    }
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `dev`, `build`, or nothing for a normal one.
    kind: Option<String>,
}

impl Dependency {
    fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// Reads the arrows from Cargo and fails with a sentence for each that should not be.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.command("cargo");
    command.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
    let metadata: Metadata =
        serde_json::from_str(&capture(&mut command)?).context("cargo metadata changed its form")?;
    let mut complaints = complaints(&metadata);
    for package in &metadata.packages {
        for target in package
            .targets
            .iter()
            .filter(|target| target.is_program_or_library())
        {
            let modules = Modules::read(&target.src_path, &modules::on_disk)?;
            complaints.extend(circles::complaints(&package.name, &modules));
        }
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    println!(
        "{} crates, every arrow points inward, no circle of modules",
        metadata.packages.len()
    );
    Ok(())
}

fn complaints(metadata: &Metadata) -> Vec<String> {
    let ours: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut complaints = Vec::new();
    for package in &metadata.packages {
        let Some(row) = ROWS.iter().find(|row| row.name == package.name) else {
            complaints.push(format!(
                "{} has no row in the table of layers",
                package.name
            ));
            continue;
        };
        for dependency in &package.dependencies {
            complaints.extend(direct_complaint(
                row,
                dependency,
                ours.contains(dependency.name.as_str()),
            ));
        }
        for (reached, path) in reach(metadata, row.name) {
            if row.never_reaches.contains(&reached) {
                complaints.push(format!(
                    "{} must not reach {reached}, but does: {}",
                    row.name,
                    path.join(" -> ")
                ));
            }
        }
    }
    complaints
}

fn direct_complaint(row: &Row, dependency: &Dependency, is_ours: bool) -> Option<String> {
    let used = dependency.name.as_str();
    if !is_ours {
        let is_bad = !dependency.is_for_tests() && row.never_uses.contains(&used);
        return is_bad.then(|| {
            format!(
                "{} must not use {used}: that is another layer's work",
                row.name
            )
        });
    }
    let in_tests = dependency.is_for_tests();
    if row.may_use.contains(&used) || in_tests && row.tests_may_use.contains(&used) {
        return None;
    }
    let who = if in_tests { "the tests of " } else { "" };
    Some(format!("{who}{} must not depend on {used}", row.name))
}

/// What a crate reaches by normal and build dependencies, each with a way there.
fn reach<'a>(metadata: &'a Metadata, from: &'a str) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut reached = BTreeMap::new();
    let mut waiting = vec![vec![from]];
    while let Some(path) = waiting.pop() {
        let last = path.last().copied().unwrap_or(from);
        let package = metadata
            .packages
            .iter()
            .find(|package| package.name == last);
        for dependency in package
            .into_iter()
            .flat_map(|package| &package.dependencies)
        {
            let name = dependency.name.as_str();
            if dependency.is_for_tests() || reached.contains_key(name) {
                continue;
            }
            let path = [&path[..], &[name]].concat();
            reached.insert(name, path.clone());
            waiting.push(path);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Complaints about crates with these arrows: from, to, kind.
    fn complaints_of(arrows: &[(&str, &str, Option<&str>)]) -> Vec<String> {
        let packages: Vec<_> = ROWS
            .iter()
            .map(|row| {
                let dependencies: Vec<_> = arrows
                    .iter()
                    .filter(|(from, ..)| *from == row.name)
                    .map(|(_, to, kind)| json!({ "name": to, "kind": kind }))
                    .collect();
                json!({ "name": row.name, "dependencies": dependencies })
            })
            .collect();
        complaints(&serde_json::from_value(json!({ "packages": packages })).unwrap())
    }

    #[test]
    fn arrows_inward_are_fine() {
        let arrows = [
            ("wicketgate", "wicketgate-server", None),
            ("wicketgate", "wicketgate-client", None),
            ("wicketgate-client", "wicketgate-crypto", None),
            ("wicketgate-client", "wicketgate-server", Some("dev")),
            ("wicketgate-server", "wicketgate-storage", None),
            ("wicketgate-storage", "wicketgate-domain", None),
            ("wicketgate-domain", "proptest", Some("dev")),
        ];
        assert_eq!(complaints_of(&arrows), NOTHING);
    }

    #[test]
    fn an_arrow_outward_is_named() {
        let build = complaints_of(&[("wicketgate-domain", "wicketgate-protocol", Some("build"))]);
        assert_eq!(
            build,
            ["wicketgate-domain must not depend on wicketgate-protocol"]
        );
        let tests = complaints_of(&[("wicketgate-server", "wicketgate-crypto", Some("dev"))]);
        assert_eq!(
            tests,
            ["the tests of wicketgate-server must not depend on wicketgate-crypto"]
        );
    }

    #[test]
    fn a_way_around_is_named_whole() {
        let complaints = complaints_of(&[
            ("wicketgate-server", "wicketgate-relay", None),
            ("wicketgate-relay", "wicketgate-crypto", None),
        ]);
        let way = "wicketgate-server must not reach wicketgate-crypto, but does: \
                   wicketgate-server -> wicketgate-relay -> wicketgate-crypto";
        assert!(complaints.contains(&way.to_owned()), "{complaints:?}");
    }

    #[test]
    fn a_way_through_tests_is_none() {
        let arrows = [
            ("wicketgate-client", "wicketgate-server", Some("dev")),
            ("wicketgate-server", "wicketgate-storage", None),
        ];
        assert_eq!(complaints_of(&arrows), NOTHING);
    }

    #[test]
    fn a_pure_crate_stays_pure() {
        let complaints = complaints_of(&[("wicketgate-crypto", "getrandom", None)]);
        assert_eq!(
            complaints,
            ["wicketgate-crypto must not use getrandom: that is another layer's work"]
        );
        assert_eq!(
            complaints_of(&[("wicketgate-crypto", "tokio", Some("dev"))]),
            NOTHING
        );
    }

    #[test]
    fn a_crate_without_a_row_is_named() {
        let metadata = json!({ "packages": [{ "name": "wicketgate-new", "dependencies": [] }] });
        let complaints = complaints(&serde_json::from_value(metadata).unwrap());
        assert_eq!(
            complaints,
            ["wicketgate-new has no row in the table of layers"]
        );
    }
}
