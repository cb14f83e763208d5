//! The second engine that the pages are tried in: the distribution's own Firefox.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::debian;
use crate::workspace::{Workspace, capture};

/// Names another browser than Debian's.
pub(crate) const VARIABLE: &str = "FIREFOX_PATH";

/// Where the browser is, or will be.
pub(crate) fn path() -> PathBuf {
    env::var_os(VARIABLE).map_or_else(|| PathBuf::from("/usr/bin/firefox-esr"), PathBuf::from)
}

/// Installs the browser, unless it is there or another one is named.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let path = path();
    if !path.is_file() {
        if env::var_os(VARIABLE).is_some() {
            bail!("{VARIABLE} names {}, which is not a file", path.display());
        }
        debian::install(workspace, &["firefox-esr"])?;
    }
    let version = capture(workspace.command(&path).arg("--version"))?;
    println!("{}", version.trim());
    Ok(())
}
