//! Runs other people's test runners, and counts what they ran.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::count::Runner;
use crate::report::Tested;
use crate::workspace::{Workspace, succeeded};

/// Runs a test runner. One that ends well without a word of its tests has failed: nothing shows that any ran.
pub(crate) fn tested(
    workspace: &Workspace,
    runner: Runner,
    command: &mut Command,
) -> Result<Tested> {
    let said = workspace.run_and_keep(command)?;
    let failure = succeeded(command, said.status).err();
    match (runner.count(&said.text), failure) {
        (Some(count), failure) => Ok(Tested {
            count,
            failure: failure.map(|error| error.to_string()),
        }),
        (None, Some(failure)) => Err(failure),
        (None, None) => bail!("it ended without saying how many tests it ran"),
    }
}

/// Passes where there is such a file.
pub(crate) fn exists(path: &Path) -> Result<()> {
    path.metadata()
        .map(drop)
        .with_context(|| format!("{} is missing", path.display()))
}
