//! `cargo xtask ci`: the checks alone, the quick ones first.

use std::process::ExitCode;

use anyhow::Result;

use crate::report::Report;
use crate::workspace::Workspace;
use crate::{install, layers, locks, tracked};

/// Installs what the checks need, runs them all and tells how each ended.
pub(crate) fn run(workspace: &Workspace) -> ExitCode {
    let mut report = Report::start(None);
    install(workspace, &mut report, &install::FOR_CHECKS);
    checks(workspace, &mut report);
    report.finish()
}

/// Installs all of these, also after one failed.
pub(crate) fn install(
    workspace: &Workspace,
    report: &mut Report,
    wanted: &[(&str, install::Installer)],
) {
    for (name, install) in wanted {
        report.check(&format!("install: {name}"), || install(workspace));
    }
}

/// Runs every check, also after one failed.
pub(crate) fn checks(workspace: &Workspace, report: &mut Report) {
    report.check("check: layers", || layers::run(workspace));
    report.check("check: lock files", || locks::check(workspace));
    report.check("check: tracked files", || tracked::check(workspace));
    report.check("check: spelling", || tool(workspace, "typos", &[]));
    report.check("check: formatting", || {
        cargo(workspace, &["fmt", "--all", "--check"])
    });
    report.check("check: licences and sources", || {
        let arguments = ["--locked", "check", "bans", "licenses", "sources"];
        tool(workspace, "cargo-deny", &arguments)
    });
    report.check("check: unused dependencies", || {
        tool(workspace, "cargo-shear", &["--locked"])
    });
    report.check("check: web", || {
        workspace.run(&mut workspace.npm(&["run", "check"]))
    });
    report.check("check: lints", || {
        let arguments = [
            "clippy",
            "--release",
            "--locked",
            "--workspace",
            "--all-targets",
        ];
        cargo(
            workspace,
            &[&arguments[..], &["--", "-D", "warnings"]].concat(),
        )
    });
    report.check("check: documentation", || documentation(workspace));
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    workspace.run(workspace.command("cargo").args(arguments))
}

fn tool(workspace: &Workspace, name: &str, arguments: &[&str]) -> Result<()> {
    workspace.run(
        workspace
            .command(install::tools::path(workspace, name))
            .args(arguments),
    )
}

fn documentation(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.command("cargo");
    command
        .args(["doc", "--release", "--locked", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    workspace.run(&mut command)
}
