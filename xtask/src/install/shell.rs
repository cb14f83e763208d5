//! Programs that tests call: curl and jq, as the README's examples do, and openssl for certificates.

use anyhow::Result;

use super::debian;
use crate::workspace::{Workspace, on_path};

const PROGRAMS: [&str; 3] = ["curl", "jq", "openssl"];

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
