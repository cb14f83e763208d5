//! What other people's tools make of the API: its linter, the clients that they generate, and a fuzzer.

use anyhow::Result;

use crate::count::Runner;
use crate::install::{node, tools};
use crate::report::Tested;
use crate::runner::{exists, tested};
use crate::workspace::Workspace;

/// Runs an npm script of the clients' folder against the program.
pub(crate) fn run(workspace: &Workspace, script: &str) -> Result<Tested> {
    let program = workspace.target().join("release/wicketgate");
    exists(&program)?;
    node::install_clients(workspace)?;
    let mut command = workspace.command("npm");
    command
        .args(["run", "--silent", script])
        .current_dir(workspace.clients())
        .env("WICKETGATE_BIN", program)
        .env("WICKETGATE_TOOLS", tools::folder(workspace));
    tested(workspace, Runner::NodeTest, &mut command)
}
