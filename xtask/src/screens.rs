//! `cargo xtask screens`: pictures of every page in its states, for the eye, in `target/screens/`.

use std::fs;

use anyhow::{Context, Result};

use crate::install;
use crate::workspace::Workspace;

/// Builds the binary, drives it through every state and takes the pictures; with `pictures` also the ones in `docs/`.
pub(crate) fn run(workspace: &Workspace, pictures: bool) -> Result<()> {
    install::chromium::install(workspace)?;
    install::node::install(workspace)?;
    workspace.run(workspace.command("cargo").args([
        "build",
        "--release",
        "--locked",
        "-p",
        "wicketgate",
    ]))?;
    let folder = workspace.target().join("screens");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let mut command = workspace.npm(&["run", "screens"]);
    if !pictures {
        command.args(["--", "pages"]);
    }
    command
        .env("SCREENS_FOLDER", &folder)
        .env(
            "WICKETGATE_BIN",
            workspace.target().join("release/wicketgate"),
        )
        .env(install::chromium::VARIABLE, install::chromium::path());
    workspace.run(&mut command)?;
    println!("The pictures are in {}", folder.display());
    Ok(())
}
