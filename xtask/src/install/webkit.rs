//! The third engine that the pages are tried in, which is Safari's: the distribution's own `WebKit`.

use std::path::Path;

use anyhow::Result;

use super::debian;
use crate::workspace::{Workspace, capture, on_path};

/// The driver, what the tests' own browser is made of, and a screen for it.
const PACKAGES: [&str; 4] = [
    "webkit2gtk-driver",
    "gir1.2-webkit2-4.1",
    "python3-gi",
    "xvfb",
];

const DRIVER: &str = "/usr/bin/WebKitWebDriver";

/// The distribution's own, which its modules are for.
const PYTHON: &str = "/usr/bin/python3";

/// Says which version there is, or fails.
const VERSION: &str = "import gi; gi.require_version('WebKit2', '4.1'); \
    from gi.repository import WebKit2 as its; \
    print(f'WebKitGTK {its.MAJOR_VERSION}.{its.MINOR_VERSION}.{its.MICRO_VERSION}')";

/// Installs the engine, unless it is there.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let version = || capture(workspace.command(PYTHON).args(["-c", VERSION]));
    let is_complete = Path::new(DRIVER).is_file() && on_path("Xvfb").is_some() && version().is_ok();
    if !is_complete {
        debian::install(workspace, &PACKAGES)?;
    }
    println!("{}", version()?.trim());
    Ok(())
}
