//! What a developer and CI run: `cargo xtask test` is everything, `cargo xtask ci` the checks alone.
//!
//! One subcommand is one file.

#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who ran it"
)]

mod bench;
mod ci;
mod clients;
mod count;
mod driven;
mod install;
mod layers;
mod locks;
mod report;
mod runner;
mod screens;
mod test;
mod tracked;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, checks and tests Wicketgate.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Installs what is missing, then runs every check and every test
    Test,
    /// Runs the checks alone: formatting, lints, documentation, layers, licences, spelling
    Ci,
    /// Installs what the checks and tests need and this machine lacks
    Install,
    /// Proves that every dependency between our crates points inward, and that no modules stand in a circle
    Layers,
    /// Takes a picture of every page in its states, into target/screens/
    Screens {
        /// Refreshes the pictures of the README and docs/ as well
        #[arg(long)]
        pictures: bool,
    },
    /// Measures the release binary and prints a table for docs/performance.md
    Bench {
        /// What to measure (links, idle, web) and its options
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        measure: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match &arguments.command {
        Command::Test => Ok(test::run(workspace)),
        Command::Ci => Ok(ci::run(&workspace)),
        Command::Install => install::run(&workspace).map(|()| ExitCode::SUCCESS),
        Command::Bench { measure } => bench::run(&workspace, measure).map(|()| ExitCode::SUCCESS),
        Command::Screens { pictures } => {
            screens::run(&workspace, *pictures).map(|()| ExitCode::SUCCESS)
        }
        Command::Layers => layers::run(&workspace).map(|()| ExitCode::SUCCESS),
    }
}
