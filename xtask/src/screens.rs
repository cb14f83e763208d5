//! `cargo xtask screens`: pictures of every page in its states, for the eye, in `target/screens/`.

use std::fs;

use anyhow::{Context, Result};

use crate::driven;
use crate::workspace::Workspace;

/// Builds the binary, drives it through every state and takes the pictures; with `pictures` also the ones in `docs/`.
pub(crate) fn run(workspace: &Workspace, pictures: bool) -> Result<()> {
    let mut command = driven::by_chromium(workspace, &["run", "screens"])?;
    let folder = workspace.target().join("screens");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    if !pictures {
        command.args(["--", "pages"]);
    }
    command.env("SCREENS_FOLDER", &folder);
    workspace.run(&mut command)?;
    println!("The pictures are in {}", folder.display());
    Ok(())
}
