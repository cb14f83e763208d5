//! The parts of the Rust toolchain that a minimal one lacks.

use anyhow::{Result, bail};

use crate::workspace::{Workspace, capture, on_path};

/// Installs the formatter and the linter where they are missing.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if capture(workspace.command("cargo").args([subcommand, "--version"])).is_ok() {
            continue;
        }
        if on_path("rustup").is_none() {
            bail!("this Rust toolchain has no {component}: install it, then run this again");
        }
        workspace.run(
            workspace
                .command("rustup")
                .args(["component", "add", component]),
        )?;
    }
    Ok(())
}
