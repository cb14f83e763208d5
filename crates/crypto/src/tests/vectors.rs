//! The vectors that both implementations share: each side writes a file and checks both files in every run.

mod check;
mod shape;

pub(crate) use shape::*;

use std::path::{Path, PathBuf};

use super::generate::generate;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name)
}

/// Reads a file that both implementations share.
pub(crate) fn read<Shape: serde::de::DeserializeOwned>(name: &str) -> Shape {
    let text = std::fs::read_to_string(path(name))
        .unwrap_or_else(|error| panic!("vectors/{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("vectors/{name}: {error}"))
}

#[test]
fn the_file_is_what_this_implementation_makes() {
    let made = format!("{}\n", serde_json::to_string_pretty(&generate()).unwrap());
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(path("rust.json"), &made).unwrap();
    }
    let kept = std::fs::read_to_string(path("rust.json")).unwrap();
    assert!(
        kept == made,
        "vectors/rust.json differs: run with UPDATE_VECTORS=1 if the protocol was meant to change"
    );
}

#[test]
fn this_implementation_reads_its_own_vectors() {
    read::<Vectors>("rust.json").check();
}

#[test]
fn this_implementation_reads_the_vectors_of_the_web() {
    read::<Vectors>("web.json").check();
}
