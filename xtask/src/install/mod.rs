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

/// Installs one thing, unless it is there.
pub(crate) type Installer = fn(&Workspace) -> Result<()>;

/// What the checks need.
pub(crate) const FOR_CHECKS: [(&str, Installer); 3] = [
    ("Rust parts", rust::install),
    ("tools", tools::install),
    ("web packages", node::install),
];

/// What the tests need beside it.
pub(crate) const FOR_TESTS: [(&str, Installer); 6] = [
    ("Chromium", chromium::install),
    ("Firefox", firefox::install),
    ("WebKit", webkit::install),
    ("proxies", proxies::install),
    ("shell", shell::install),
    ("generators of clients", node::install_clients),
];

/// Installs everything.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    FOR_TESTS
        .iter()
        .chain(&FOR_CHECKS)
        .try_for_each(|(_, install)| install(workspace))
}
