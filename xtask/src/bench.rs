//! `cargo xtask bench`: builds the binary and the load generators, and measures one by the other.

use anyhow::{Result, bail};

use crate::driven;
use crate::workspace::Workspace;

/// Runs the load generator named first, with the options that follow.
pub(crate) fn run(workspace: &Workspace, measure: &[String]) -> Result<()> {
    match measure.split_first() {
        Some((first, options)) if first == "web" => web(workspace, options),
        _ => server(workspace, measure),
    }
}

/// Measures the pages in the browser; the options are Playwright's, such as `--grep`.
fn web(workspace: &Workspace, options: &[String]) -> Result<()> {
    let mut command = driven::by_chromium(workspace, &["run", "bench", "--"])?;
    command.args(options);
    workspace.run(&mut command)
}

/// Measures the server.
fn server(workspace: &Workspace, measure: &[String]) -> Result<()> {
    let built = workspace
        .command("cargo")
        .args(["build", "--release", "--locked"])
        .args(["-p", "wicketgate", "-p", "wicketgate-bench"])
        .status()?;
    if !built.success() {
        bail!("the build ended with {built}");
    }
    let release = workspace.target().join("release");
    let measured = workspace
        .command(release.join("wicketgate-bench"))
        .arg("--binary")
        .arg(release.join("wicketgate"))
        .args(measure)
        .status()?;
    if !measured.success() {
        bail!("the measurement ended with {measured}");
    }
    Ok(())
}
