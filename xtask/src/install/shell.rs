//! What the README's examples call, and the test that runs them: curl and jq.

use anyhow::Result;

use super::debian;
use crate::workspace::{Workspace, on_path};

const PROGRAMS: [&str; 2] = ["curl", "jq"];

/// Installs those that are missing.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let missing: Vec<_> = PROGRAMS
        .into_iter()
        .filter(|program| on_path(program).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(workspace, &missing)
}
