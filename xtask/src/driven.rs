//! npm scripts that drive the program in a browser.

use std::process::Command;

use anyhow::Result;

use crate::install::{chromium, firefox, node};
use crate::workspace::Workspace;

/// A script of the pages, which is told where the program and the browsers are.
pub(crate) fn by(workspace: &Workspace, script: &[&str]) -> Command {
    let mut command = workspace.npm(script);
    command
        .env(
            "WICKETGATE_BIN",
            workspace.target().join("release/wicketgate"),
        )
        .env(chromium::VARIABLE, chromium::path())
        .env(firefox::VARIABLE, firefox::path());
    command
}

/// The same in Chromium, once the browser, the pages' packages and the program are there.
pub(crate) fn by_chromium(workspace: &Workspace, script: &[&str]) -> Result<Command> {
    chromium::install(workspace)?;
    node::install(workspace)?;
    workspace.run(workspace.command("cargo").args([
        "build",
        "--release",
        "--locked",
        "-p",
        "wicketgate",
    ]))?;
    Ok(by(workspace, script))
}
