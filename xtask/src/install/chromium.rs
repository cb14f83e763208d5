//! The browser that the end-to-end tests drive: the distribution's own Chromium.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::debian;
use crate::workspace::{Workspace, capture};

/// Names another browser than Debian's.
pub(crate) const VARIABLE: &str = "CHROMIUM_PATH";

/// Beside the browser: what drives it, then Latin, Greek, Cyrillic and Arabic letters, and Chinese, Japanese and Korean
/// ones. Without them a page's texts are boxes.
const PACKAGES: [&str; 4] = [
    "chromium",
    "chromium-driver",
    "fonts-dejavu-core",
    "fonts-droid-fallback",
];

/// Where the driver lies once the packages are in.
const DRIVER: &str = "/usr/bin/chromedriver";

/// Where one of the fonts lies once the packages are in.
const FONT: &str = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf";

/// Where the browser is, or will be.
pub(crate) fn path() -> PathBuf {
    env::var_os(VARIABLE).map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from)
}

/// Installs the browser and its fonts, unless they are there or another browser is named.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let path = path();
    let named = env::var_os(VARIABLE).is_some();
    if named && !path.is_file() {
        bail!("{VARIABLE} names {}, which is not a file", path.display());
    }
    let is_complete = [&path, Path::new(DRIVER), Path::new(FONT)]
        .iter()
        .all(|file| file.is_file());
    if !named && !is_complete {
        debian::install(workspace, &PACKAGES)?;
    }
    let version = capture(workspace.command(&path).arg("--version"))?;
    println!("{}", version.trim());
    Ok(())
}
