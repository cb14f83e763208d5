//! `wicketgate link …`: makes end-to-end links from an API key, and lists, shows and revokes them.

mod create;
mod rows;

use clap::Subcommand;

use crate::failure::Failure;

/// `wicketgate link …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make end-to-end links, each of which opens one chat, once
    Create(create::Create),
    /// List links, newest first
    List(rows::List),
    /// Show where a link stands
    Show(rows::Show),
    /// End a link that nobody has used
    Revoke(rows::Revoke),
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(command) => create::run(command).await,
        Command::List(command) => rows::list(command).await,
        Command::Show(command) => rows::show(command).await,
        Command::Revoke(command) => rows::revoke(command).await,
    }
}
