//! `wicketgate chat open` and `wicketgate chat attend`: a customer and an agent in a terminal, or a bot in their place.

mod address;
mod editor;
mod input;
mod json_line;
mod lines;
mod people;
mod screen;
mod state;
mod talk;
mod tally;

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use wicketgate_client::{
    AgentSession, Error, Invitation, Password, Server,
    live::{self, Attention, Live, Memory, Writer},
};

use crate::{
    chat::{
        address::{Addressee, Chats},
        editor::{Editor, Restore},
        input::{Input, Typist},
        people::People,
        screen::Screen,
        state::StateFile,
        talk::{Talk, View},
        tally::Tally,
    },
    failure::{Failure, NOT_REDEEMABLE},
    given, print,
    state::default_folder,
};

/// How many messages that were read before a person sees again when attending one chat.
const HISTORY: u64 = 20;

/// `wicketgate chat …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Open(Open),
    Attend(Attend),
}

/// `wicketgate chat open`
#[derive(Debug, Args)]
#[command(
    about = "Open a link and talk, as its customer",
    long_about = "Open a link and talk, as its customer. This uses the link: it opens once. Nothing is kept when the \
                  program ends.\n\nWith --json, what comes is one JSON object a line; a line of the input is a text, or an \
                  object where it begins with { (docs/bots.md).\n\nThe exit status is 0 only if everything that was read \
                  has arrived.\n\nIf the link can't be used, the exit status is 2."
)]
pub(crate) struct Open {
    /// The link, with everything behind the #
    #[arg(value_name = "URL")]
    link: String,
    /// Print one JSON object a line, for programs
    #[arg(long)]
    json: bool,
    /// How long the end waits for acknowledgements, like 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    wait: Duration,
}

/// `wicketgate chat attend`
#[derive(Debug, Args)]
#[command(
    about = "Sign in and talk to customers, as an agent",
    long_about = "Sign in and talk to customers, as an agent. Every chat is attended, unless --chat names one.\n\n\
                  In a terminal, the prompt shows whom a line goes to: `/to ID` changes it, /chats lists the chats, \
                  /help says more.\n\n\
                  With --json, for bots, a line is {\"chatId\": ID, \"text\": …}, and {\"chatId\": ID, \"seen\": NUMBER} \
                  marks what was dealt with: what was not comes again after a restart. Cursors are kept in --state, for \
                  each --name its own. docs/bots.md describes all of it.\n\n\
                  The exit status is 0 only if everything that was read has arrived."
)]
pub(crate) struct Attend {
    /// The server's address
    #[arg(long, value_name = "URL", env = "WICKETGATE_SERVER")]
    server: String,
    /// What the agent signs in with
    #[arg(long)]
    email: String,
    /// A file with the agent's password on one line
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
    /// Your own name for the only chat to attend [default: all]
    #[arg(long, value_name = "ID")]
    chat: Option<String>,
    /// Print one JSON object a line, for programs
    #[arg(long)]
    json: bool,
    /// What this program is called; each name has cursors of its own
    #[arg(
        long,
        value_name = "NAME",
        default_value = "default",
        requires = "json"
    )]
    name: String,
    /// The folder for the cursors [default: `wicketgate` in `$XDG_STATE_HOME` or `~/.local/state`]
    #[arg(long, value_name = "DIR", requires = "json")]
    state: Option<PathBuf>,
    /// How many messages that were dealt with are shown again, for each chat [default: 20 for a person in one chat]
    #[arg(long, value_name = "N")]
    history: Option<u64>,
    /// How long the end waits for acknowledgements, like 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    wait: Duration,
}

/// Reads a length of time.
fn time(text: &str) -> Result<Duration, String> {
    let time: Option<SignedDuration> = text.parse().ok();
    time.and_then(|time| Duration::try_from(time).ok())
        .ok_or_else(|| "it must be a time like 30s or 5m".to_owned())
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let is_json = match &command {
        Command::Open(open) => open.json,
        Command::Attend(attend) => attend.json,
    };
    let result = match command {
        Command::Open(command) => open(command).await,
        Command::Attend(command) => attend(command).await,
    };
    match result {
        Err(Ending::Error(error)) if is_json => {
            lines::failure(&error);
            Err(Failure::told(if error.is_about_link() {
                NOT_REDEEMABLE
            } else {
                1
            }))
        }
        Err(Ending::Error(error)) => Err(error.into()),
        Err(Ending::Failure(failure)) => Err(failure),
        Ok(()) => Ok(()),
    }
}

/// Why a conversation did not end well.
#[derive(Debug)]
enum Ending {
    Error(Error),
    Failure(Failure),
}

impl From<Error> for Ending {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Failure> for Ending {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

async fn open(command: Open) -> Result<(), Ending> {
    let invitation = Invitation::look(&command.link).await?;
    if !command.json {
        people::greet_customer(&invitation);
    }
    print::ready()?;
    let customer = invitation.redeem().await?;
    let (editor, screen, restore) = terminal(command.json);
    let (typist, view) = if command.json {
        (Typist::Program { has_many: false }, View::Lines)
    } else {
        people::welcome_customer(&customer);
        let people = People::customer(customer.partner_name(), screen.clone());
        (
            Typist::Person(Addressee::only(), editor),
            View::People(people, Chats::default()),
        )
    };
    let conversation = live::converse(customer);
    let result = talk(conversation, typist, view, screen, command.wait).await;
    drop(restore);
    Ok(result?)
}

async fn attend(command: Attend) -> Result<(), Ending> {
    let has_many = command.chat.is_none();
    if has_many && !command.json && !io::stdin().is_terminal() {
        return Err(Failure::new(
            "Lines that are no person's typing have to say to which chat they go: name one with --chat, or use --json.",
        )
        .into());
    }
    let password = given::password("--password-file", &command.password_file)
        .map_err(|failure| Error::Invalid(failure.sentence()))?;
    let server = Server::at(&given::code(&command.server))?;
    let mut session =
        AgentSession::sign_in(&server, &command.email, &Password::entered(&password)).await?;
    session.renew_if_due().await?;
    let (editor, screen, restore) = terminal(command.json);
    let (typist, view, memory) = if command.json {
        let folder = command.state.map_or_else(default_folder, Ok)?;
        let file = StateFile::take(&folder, &session.agent_id(), &command.name).await?;
        let memory: Box<dyn Memory> = Box::new(file);
        let memory = Some((command.name, memory));
        (Typist::Program { has_many }, View::Lines, memory)
    } else {
        people::welcome_agent(&session, command.chat.as_deref());
        let chats = Chats::default();
        let addressee = if has_many {
            Addressee::of(chats.clone())
        } else {
            Addressee::only()
        };
        let people = People::agent(has_many, screen.clone());
        (
            Typist::Person(addressee, editor),
            View::People(people, chats),
            None,
        )
    };
    let usual = if command.json || has_many { 0 } else { HISTORY };
    let attention = Attention {
        chat_id: command.chat,
        history: command.history.unwrap_or(usual),
        memory,
    };
    let conversation = live::attend(session, attention)?;
    let result = talk(conversation, typist, view, screen, command.wait).await;
    drop(restore);
    Ok(result?)
}

/// The terminal that a person types at.
fn terminal(is_json: bool) -> (Option<Box<Editor>>, Screen, Option<Restore>) {
    let started = if is_json { None } else { Editor::start() };
    started.map_or_else(
        || (None, Screen::default(), None),
        |(editor, screen, restore)| (Some(Box::new(editor)), screen, Some(restore)),
    )
}

async fn talk(
    (live, writer): (Live, Writer),
    typist: Typist,
    view: View,
    screen: Screen,
    wait: Duration,
) -> Result<(), Failure> {
    let tally = Arc::new(Tally::default());
    let input = Input::new(typist, writer, Arc::clone(&tally), screen);
    let ended = input.start();
    Talk::new(live, view, tally, wait).run(ended).await
}
