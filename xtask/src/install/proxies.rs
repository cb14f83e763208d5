//! The proxies that the tests put in front of the program: the distribution's own.

use std::path::Path;

use anyhow::Result;

use super::debian;
use crate::workspace::Workspace;

/// Each program and the package that it comes in.
const PROXIES: [(&str, &str); 3] = [
    ("/usr/sbin/nginx", "nginx-light"),
    ("/usr/bin/caddy", "caddy"),
    ("/usr/sbin/haproxy", "haproxy"),
];

/// Installs those that are missing.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let missing: Vec<&str> = PROXIES
        .iter()
        .filter(|(program, _)| !Path::new(program).is_file())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(workspace, &missing)
}
