//! Packages of Debian and its relatives.

use anyhow::{Result, bail};

use crate::workspace::{Workspace, capture, on_path};

/// Installs these packages; those that are there already cost nothing.
pub(super) fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    if on_path("apt-get").is_none() {
        bail!("this machine has no apt-get: install {wanted} in its own way, then run this again");
    }
    let mut before = vec!["env", "DEBIAN_FRONTEND=noninteractive"];
    if capture(workspace.command("id").arg("-u"))?.trim() != "0" {
        if on_path("sudo").is_none() {
            bail!("{wanted} must be installed by root: run `apt-get install {wanted}` there");
        }
        before.insert(0, "sudo");
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = workspace.command(before[0]);
        command
            .args(&before[1..])
            .args(["apt-get", "--quiet=2", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments);
        workspace.run(&mut command)
    };
    apt_get(&["update"])?;
    apt_get(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}
