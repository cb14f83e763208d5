//! No circle of modules in any crate: whoever reads one module need not read the others that need it.
//!
//! The grain is the folder: the modules at the top of a crate are compared with each other, each with all that is in
//! its folder, and then those inside each folder in the same way. A module and its own children may name each other,
//! for they are one place in the level above; two children that name each other are a circle, also where one of them
//! goes through a name that their parent has of the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::{ModulePath, Modules};

/// The arrows between the modules of one folder, each with one that names the other.
type Level = BTreeMap<String, BTreeMap<String, String>>;

/// A sentence for each circle.
pub(super) fn complaints(package: &str, modules: &Modules) -> Vec<String> {
    let mut complaints = Vec::new();
    for level in levels(modules).values() {
        let mut told = BTreeSet::new();
        for start in level.keys() {
            let Some(circle) = circle_from(level, start) else {
                continue;
            };
            if circle.iter().any(|module| told.contains(module)) {
                continue;
            }
            complaints.push(sentence(package, level, &circle));
            told.extend(circle);
        }
    }
    complaints
}

fn levels(modules: &Modules) -> BTreeMap<ModulePath, Level> {
    let mut levels: BTreeMap<ModulePath, Level> = BTreeMap::new();
    for (from, to) in modules.arrows() {
        let shared = from.iter().zip(&to).take_while(|(from, to)| from == to);
        let shared = shared.count();
        let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) else {
            continue;
        };
        levels
            .entry(from[..shared].to_vec())
            .or_default()
            .entry(one.clone())
            .or_default()
            .entry(other.clone())
            .or_insert_with(|| format!("{} names {}", from.join("::"), to.join("::")));
    }
    levels
}

/// The shortest way from a module back to itself, if there is one.
fn circle_from<'a>(level: &'a Level, start: &'a String) -> Option<Vec<&'a String>> {
    let mut reached = BTreeSet::new();
    let mut waiting = VecDeque::from([vec![start]]);
    while let Some(way) = waiting.pop_front() {
        let named = way.last().and_then(|last| level.get(*last));
        for next in named.into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                return Some(way);
            }
            if reached.insert(next) {
                waiting.push_back([&way[..], &[next]].concat());
            }
        }
    }
    None
}

fn sentence(package: &str, level: &Level, circle: &[&String]) -> String {
    let next = circle.iter().cycle().skip(1);
    let whys: Vec<_> = circle
        .iter()
        .zip(next)
        .filter_map(|(from, to)| level.get(*from)?.get(*to).map(String::as_str))
        .collect();
    format!("{package} has a circle of modules: {}", whys.join(", "))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The complaints about a crate of these files.
    fn complaints_of(files: &[(&str, &str)]) -> Vec<String> {
        let source = |file: &Path| {
            let found = files.iter().find(|(name, _)| Path::new(name) == file);
            found.map(|(_, text)| (*text).to_owned())
        };
        complaints("x", &Modules::read(Path::new("lib.rs"), &source).unwrap())
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn a_planted_circle_is_named_with_both_of_its_arrows() {
        let complaints = complaints_of(&[
            ("lib.rs", "mod app; mod http; mod leaf;"),
            ("app.rs", "use crate::{http::{self, link}, leaf::Leaf};"),
            ("http.rs", "mod link;"),
            ("http/link.rs", "use crate::app::App;"),
            ("leaf.rs", ""),
        ]);
        let circle = "x has a circle of modules: app names http, http::link names app";
        assert_eq!(complaints, [circle]);
    }

    #[test]
    fn a_circle_of_three_is_named_once() {
        let complaints = complaints_of(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use super::c;"),
            ("c.rs", "fn c() { crate::a::a() }"),
        ]);
        let circle = "x has a circle of modules: a names b, b names c, c names a";
        assert_eq!(complaints, [circle]);
    }

    #[test]
    fn modules_inside_a_folder_are_held_to_the_same() {
        let complaints = complaints_of(&[
            ("lib.rs", "pub mod live;"),
            ("live/mod.rs", "mod attend; mod engine; use engine::Engine;"),
            ("live/attend.rs", "use super::engine::Engine;"),
            ("live/engine.rs", "use super::{Line, attend::Attendance};"),
        ]);
        let circle = "x has a circle of modules: live::attend names live::engine, \
                      live::engine names live::attend";
        assert_eq!(complaints, [circle]);
    }

    #[test]
    fn a_module_and_its_own_children_are_no_circle() {
        let complaints = complaints_of(&[
            ("lib.rs", "mod link; pub use link::Link;"),
            ("link.rs", "mod batch; use batch::Batch; struct Link;"),
            ("link/batch.rs", "use super::Link; use crate::Link as Same;"),
        ]);
        assert_eq!(complaints, NONE);
    }

    #[test]
    fn a_name_that_the_parent_has_of_a_sibling_counts_as_the_sibling() {
        let complaints = complaints_of(&[
            ("lib.rs", "mod a; mod b; pub use b::{Inner as Outer};"),
            ("a.rs", "use crate::Outer;"),
            ("b.rs", "use crate::a;"),
        ]);
        assert_eq!(complaints.len(), 1, "{complaints:?}");
    }

    #[test]
    fn paths_count_wherever_they_stand_and_words_do_not() {
        let a = "macro_rules! m { () => { $crate::b::f() } }";
        let complaints = complaints_of(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", a),
            (
                "b.rs",
                "/// As [`crate::a`].\nfn f() { \"crate::a::f\"; } // crate::a::f",
            ),
        ]);
        assert_eq!(complaints, NONE);
        let complaints = complaints_of(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", a),
            ("b.rs", "fn f(x: &crate::a::X) {}"),
        ]);
        assert_eq!(complaints.len(), 1, "{complaints:?}");
    }

    #[test]
    fn what_is_for_tests_alone_does_not_count() {
        let complaints = complaints_of(&[
            ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
            (
                "a.rs",
                "#[cfg(test)]\n#[expect(x)]\nmod tests { use crate::b::B; }",
            ),
            ("b.rs", "use crate::a::A;"),
        ]);
        assert_eq!(complaints, NONE);
    }

    #[test]
    fn a_module_that_is_no_file_is_part_of_its_file() {
        let complaints = complaints_of(&[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "mod inner { use super::A; use super::super::b::B; }",
            ),
            ("b.rs", "use crate::a::A; use ::a::Other; use a::Another;"),
        ]);
        let circle = "x has a circle of modules: a names b, b names a";
        assert_eq!(complaints, [circle]);
    }

    #[test]
    fn a_missing_file_is_an_error() {
        let source = |file: &Path| (file == Path::new("lib.rs")).then(|| "mod a;".to_owned());
        assert!(Modules::read(Path::new("lib.rs"), &source).is_err());
    }
}
