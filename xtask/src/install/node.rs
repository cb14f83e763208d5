//! Node and the pages' packages.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, capture};

/// The oldest Node that the pages' build runs on, as major and minor version.
const OLDEST: (u32, u32) = (20, 19);

/// Checks Node's version and installs the pages' packages where the lock file has changed since the last time.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    packages(workspace, &workspace.web())
}

/// The same for the packages that the generated clients' tests need.
pub(crate) fn install_clients(workspace: &Workspace) -> Result<()> {
    packages(workspace, &workspace.clients())
}

fn packages(workspace: &Workspace, folder: &Path) -> Result<()> {
    check_version(workspace)?;
    let lock_file = folder.join("package-lock.json");
    let held =
        File::open(&lock_file).with_context(|| format!("cannot read {}", lock_file.display()))?;
    // The binary's build script installs the same packages under the same lock.
    held.lock()?;
    let wanted = fs::read(&lock_file)?;
    let stamp = folder.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = workspace.command("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder);
    workspace.run(&mut npm)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

fn check_version(workspace: &Workspace) -> Result<()> {
    let (major, minor) = OLDEST;
    let said = capture(workspace.command("node").arg("--version"))
        .with_context(|| format!("Node {major}.{minor} or newer has to be installed"))?;
    let version = parse(&said).with_context(|| format!("`node --version` said {said:?}"))?;
    if version < OLDEST {
        bail!(
            "this is Node {}: {major}.{minor} or newer has to be installed",
            said.trim()
        );
    }
    Ok(())
}

/// Major and minor version of an answer such as `v20.19.4`.
fn parse(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(parse("v20.19.4\n"), Some((20, 19)));
        assert!(parse("v20.9.0").unwrap() < OLDEST);
        assert!(parse("v100.0.0").unwrap() > OLDEST);
        assert_eq!(parse("20.19.4"), None);
        assert_eq!(parse("v20"), None);
    }
}
