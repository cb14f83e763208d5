//! `cargo xtask install`: what the checks and tests need and a fresh machine lacks.

pub(crate) mod chromium;
mod debian;
pub(crate) mod firefox;
pub(crate) mod node;
pub(crate) mod proxies;
pub(crate) mod rust;
mod shell;
pub(crate) mod tools;
pub(crate) mod webkit;

use anyhow::Result;

use crate::workspace::Workspace;

/// Installs everything.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    chromium::install(workspace)?;
    firefox::install(workspace)?;
    webkit::install(workspace)?;
    proxies::install(workspace)?;
    shell::install(workspace)?;
    for_checks(workspace)
}

/// Installs what the checks alone need.
pub(crate) fn for_checks(workspace: &Workspace) -> Result<()> {
    rust::install(workspace)?;
    tools::install(workspace)?;
    node::install(workspace)
}
