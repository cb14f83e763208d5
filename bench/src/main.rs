//! The load generators behind `cargo xtask bench`: each starts the release binary on loopback, works it for a bounded
//! number of calls, and prints a table for `docs/performance.md`.

#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who ran it"
)]

mod caller;
mod idle;
mod links;
mod loops;
mod program;
mod rates;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures Wicketgate.
#[derive(Debug, Parser)]
struct Arguments {
    /// The release binary
    #[arg(long)]
    binary: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Links made and redeemed over HTTP, beside a bare loop on the same database (B1, B2)
    Links {
        /// Rounds, each with all sides in turn
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// Links a round
        #[arg(long, default_value_t = 20_000)]
        links: usize,
    },
    /// What an idle, joined socket costs in resident memory (B5)
    Idle {
        /// Sockets
        #[arg(long, default_value_t = 10_000)]
        sockets: usize,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Links { rounds, links } => links::run(&arguments.binary, rounds, links).await,
        Command::Idle { sockets } => idle::run(&arguments.binary, sockets).await,
    }
}
