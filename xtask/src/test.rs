//! `cargo xtask test`: installs what is missing, then runs every check and every test.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::count::Runner;
use crate::report::{Report, Tested};
use crate::runner::{exists, tested};
use crate::workspace::Workspace;
use crate::{ci, clients, driven, install};

/// The whole may take this long on two cores.
const LIMIT: Duration = Duration::from_mins(39);

/// Runs every part, also after one failed, and tells how each ended.
pub(crate) fn run(workspace: Workspace) -> ExitCode {
    let mut report = Report::start(Some(LIMIT));
    let workspace = workspace.until(Instant::now() + LIMIT);
    ci::install(&workspace, &mut report, &install::FOR_TESTS);
    ci::install(&workspace, &mut report, &install::FOR_CHECKS);
    ci::checks(&workspace, &mut report);
    report.tests("tests: Rust", || rust(&workspace));
    report.tests("tests: documentation", || documentation(&workspace));
    report.tests("tests: web", || web(&workspace));
    let built = report.check("build: release", || {
        workspace.run(
            workspace
                .command("cargo")
                .args(["build", "--release", "--locked"]),
        )
    });
    for (name, script) in [
        ("tests: end to end, Chromium", "e2e"),
        ("tests: Chromium, Firefox, WebKit", "engines"),
        ("tests: through nginx, Caddy and HAProxy", "proxies"),
    ] {
        report.tests(name, || {
            if !built {
                bail!("there is no program to test");
            }
            in_browsers(&workspace, script)
        });
    }
    for (name, script) in [
        ("tests: generated clients", "clients"),
        ("tests: the API's fuzz", "fuzz"),
    ] {
        report.tests(name, || {
            if !built {
                bail!("there is no program to test");
            }
            clients::run(&workspace, script)
        });
    }
    report.finish()
}

fn rust(workspace: &Workspace) -> Result<Tested> {
    let mut command = workspace.command(install::tools::path(workspace, "cargo-nextest"));
    command.args(["nextest", "run", "--release", "--locked", "--workspace"]);
    tested(workspace, Runner::Nextest, &mut command)
}

fn documentation(workspace: &Workspace) -> Result<Tested> {
    let mut command = workspace.command("cargo");
    command.args(["test", "--doc", "--release", "--locked", "--workspace"]);
    tested(workspace, Runner::Doctest, &mut command)
}

fn web(workspace: &Workspace) -> Result<Tested> {
    tested(workspace, Runner::Vitest, &mut workspace.npm(&["test"]))
}

/// Runs the tests of this npm script against the program, in the browsers that are installed or named.
fn in_browsers(workspace: &Workspace, script: &str) -> Result<Tested> {
    exists(&workspace.target().join("release/wicketgate"))?;
    let mut command = driven::by(workspace, &["run", script]);
    tested(workspace, Runner::Playwright, &mut command)
}
