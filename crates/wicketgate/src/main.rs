//! The program: `wicketgate serve` and what a terminal can do with a server, one file a subcommand.

mod assets;
mod chat;
mod failure;
mod link;
mod listen;
mod logs;
mod partner;
mod print;
mod serve;
mod settings;
mod stop;

use std::{ffi::OsString, process::ExitCode};

use clap::{Parser, Subcommand, error::ErrorKind};

use crate::failure::Failure;

/// One-time links into end-to-end encrypted chats.
#[derive(Debug, Parser)]
#[command(
    name = "wicketgate",
    version,
    about = "One-time links into end-to-end encrypted chats.",
    after_help = "Without a command it serves: `wicketgate` is `wicketgate serve`.\n\
                  Each command says more about itself: `wicketgate link create --help`.",
    subcommand_required = true,
    max_term_width = 100
)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(settings::Arguments),
    /// Set up an organisation
    #[command(subcommand)]
    Partner(partner::Command),
    /// Make links
    #[command(subcommand)]
    Link(link::Command),
    /// Talk from a terminal
    #[command(subcommand)]
    Chat(chat::Command),
}

fn main() -> ExitCode {
    let program = match Program::try_parse_from(arguments(std::env::args_os().collect())) {
        Ok(program) => program,
        Err(error) => return not_a_command(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return Failure::new(format!("The system gives no threads ({error}).")).report();
        }
    };
    let result = runtime.block_on(async {
        match program.command {
            Command::Serve(arguments) => serve::run(arguments).await,
            Command::Partner(command) => partner::run(command).await,
            Command::Link(command) => link::run(command).await,
            Command::Chat(command) => chat::run(command).await,
        }
    });
    // A thread may still wait for a line of standard input, which never comes.
    runtime.shutdown_background();
    end(result)
}

/// The one way in which every command ends: it has succeeded only if what it printed has arrived.
fn end(result: Result<(), Failure>) -> ExitCode {
    match (result, print::written()) {
        (Ok(()), Ok(())) => ExitCode::SUCCESS,
        (Err(failure), Ok(())) | (Ok(()), Err(failure)) => failure.report(),
        (Err(failure), Err(unwritten)) => {
            unwritten.report();
            failure.report()
        }
    }
}

/// What is no command: a question for help or the version, or a mistake, which has status 2 as everywhere.
fn not_a_command(error: &clap::Error) -> ExitCode {
    if let Some(failure) = settings::not_text()
        && error.kind() == ErrorKind::InvalidUtf8
    {
        return failure.report();
    }
    let text = error.render().to_string();
    if error.use_stderr() {
        print::note(text.trim_end());
        return ExitCode::from(MISTAKEN);
    }
    print::write(&text);
    end(Ok(()))
}

/// The exit status of a command line that makes no sense.
const MISTAKEN: u8 = 2;

/// Adds the command that may be left out.
fn arguments(mut given: Vec<OsString>) -> Vec<OsString> {
    const OWN: [&str; 4] = ["-h", "--help", "-V", "--version"];
    let is_left_out = given.get(1).is_none_or(|first| {
        let first = first.to_string_lossy();
        first.starts_with('-') && !OWN.contains(&first.as_ref())
    });
    if is_left_out {
        given.insert(given.len().min(1), "serve".into());
    }
    given
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Program::command().debug_assert();
    }

    #[test]
    fn serving_needs_no_command() {
        let with = |given: &[&str]| arguments(given.iter().map(OsString::from).collect());
        assert_eq!(with(&["wicketgate"]), ["wicketgate", "serve"]);
        assert_eq!(
            with(&["wicketgate", "--limits", "off"]),
            ["wicketgate", "serve", "--limits", "off"]
        );
        assert_eq!(with(&["wicketgate", "--help"]), ["wicketgate", "--help"]);
        assert_eq!(
            with(&["wicketgate", "chat", "open"]),
            ["wicketgate", "chat", "open"]
        );
    }
}
