//! The program: `wicketgate serve` and what a terminal can do with a server, one file a subcommand.

mod access;
mod assets;
mod chat;
mod failure;
mod given;
mod link;
mod listen;
mod logs;
mod partner;
mod print;
mod serve;
mod settings;
mod state;
mod stop;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};

use crate::{access::Calling, failure::Failure};

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
    Partner(Calling<partner::Command>),
    /// Make, list, show and revoke links
    Link(Calling<link::Command>),
    /// Talk from a terminal
    Chat(Calling<chat::Command>),
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
            let failure = Failure::new(format!("The system gives no threads ({error})."));
            return print::failure(failure);
        }
    };
    let result = runtime.block_on(async {
        match program.command {
            Command::Serve(arguments) => serve::run(arguments).await,
            Command::Partner(calling) => partner::run(calling.command()?).await,
            Command::Link(calling) => link::run(calling.command()?).await,
            Command::Chat(calling) => chat::run(calling.command()?).await,
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
        (Err(failure), Ok(())) | (Ok(()), Err(failure)) => print::failure(failure),
        (Err(failure), Err(unwritten)) => {
            print::failure(unwritten);
            print::failure(failure)
        }
    }
}

/// What is no command: a question for help or the version, or a mistake, which has status 2 as everywhere.
fn not_a_command(error: &clap::Error) -> ExitCode {
    if error.kind() == ErrorKind::InvalidUtf8 {
        let failure = settings::not_text()
            .unwrap_or_else(|| Failure::new("The command line must be text in UTF-8."));
        return print::failure(failure);
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

/// The name of every environment variable that one of the commands reads.
fn variables() -> Vec<String> {
    fn collect(command: &clap::Command, names: &mut Vec<String>) {
        let shown = command
            .get_arguments()
            .filter(|argument| !argument.is_hide_set());
        let own = shown.filter_map(|argument| argument.get_env());
        names.extend(own.map(|name| name.to_string_lossy().into_owned()));
        for command in command.get_subcommands() {
            collect(command, names);
        }
    }
    let mut names = Vec::new();
    collect(&Program::command(), &mut names);
    names.sort_unstable();
    names.dedup();
    names
}

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
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Program::command().debug_assert();
    }

    /// Every command with the words that lead to it.
    fn every(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        let path = format!("{path} {}", command.get_name());
        found.push((path.trim().to_owned(), command.clone()));
        for inner in command.get_subcommands() {
            if inner.get_name() != "help" {
                every(inner, &path, found);
            }
        }
    }

    #[test]
    fn the_help_of_every_command_is_complete_and_fits() {
        let mut program = Program::command().term_width(80);
        program.build();
        let mut commands = Vec::new();
        every(&program, "", &mut commands);
        assert!(commands.len() >= 11, "{commands:?}");
        for (path, mut command) in commands {
            assert!(command.get_about().is_some(), "{path} says what it does");
            let help = command.render_long_help().to_string();
            let brief = command.render_help().to_string();
            for argument in command.get_arguments().filter(|one| !one.is_hide_set()) {
                let name = argument.get_id();
                let said = argument.get_help().map(ToString::to_string);
                assert!(said.is_some_and(|said| said.len() > 3), "{path} {name}");
                let shown = match argument.get_long() {
                    Some(long) => format!("--{long}"),
                    None => format!("<{}>", argument.get_value_names().unwrap()[0]),
                };
                assert!(
                    help.contains(&shown) && brief.contains(&shown),
                    "{path} {shown}"
                );
                let environment = argument.get_env().map(|name| name.to_str().unwrap());
                assert!(
                    environment.is_none_or(|name| help.contains(name)),
                    "{path} {name}"
                );
            }
            // The usage is one line however long it is; terminals break it.
            let lines = help.lines().chain(brief.lines());
            for line in lines.filter(|line| !line.starts_with("Usage: ")) {
                assert!(line.chars().count() <= 80, "{path}: {line}");
            }
        }
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

    #[test]
    fn the_handbook_lists_every_setting_with_its_default() {
        const HANDBOOK: &str = include_str!("../../../docs/operations.md");
        let mut rows: Vec<_> = HANDBOOK
            .lines()
            .filter(|line| line.starts_with('|') && line.contains("| `--"))
            .collect();
        let program = Program::command();
        let serve = program.find_subcommand("serve").unwrap();
        for setting in serve
            .get_arguments()
            .filter(|setting| !setting.is_hide_set())
        {
            let (Some(flag), Some(variable)) = (setting.get_long(), setting.get_env()) else {
                continue;
            };
            let names = format!("| `--{flag}` | `{}` |", variable.to_str().unwrap());
            let found = rows.iter().position(|row| row.contains(&names));
            let row = rows.remove(found.unwrap_or_else(|| panic!("no row holds {names}")));
            for default in setting.get_default_values() {
                let default = default.to_str().unwrap();
                let told = row.rsplit_once(names.as_str()).unwrap().1.replace('`', "");
                assert!(told.contains(default), "{row}: {default}");
            }
        }
        assert_eq!(rows, Vec::<&str>::new(), "settings that there are not");
    }

    #[test]
    fn a_setting_that_there_is_not_is_told_with_the_nearest() {
        let known = variables();
        for (wrong, right) in [
            ("LISTN", "LISTEN"),
            ("PUBLICURL", "PUBLIC_URL"),
            ("DB", "DATABASE"),
            ("TRUSTED_PROXIES", "TRUSTED_PROXY"),
            ("TOKEN", "SETUP_TOKEN"),
            ("RETENTION", "RETENTION_DAYS"),
            ("KEY", "API_KEY"),
        ] {
            let sentence = settings::unknown_sentence(&format!("WICKETGATE_{wrong}"), &known);
            assert_eq!(
                sentence,
                format!(
                    "WICKETGATE_{wrong} is set, and there is no such setting; the nearest is WICKETGATE_{right}"
                )
            );
        }
    }
}
