//! `wicketgate chat open` and `wicketgate chat attend`: a customer and an agent in a terminal, or a bot in their place.

mod input;
mod lines;
mod people;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use wicketgate_client::{
    Desk, Error, Invitation, Password, Server,
    live::{self, Attention, Event, Live},
};

use crate::{
    chat::{
        input::{Addressing, Latest},
        people::People,
    },
    failure::{Failure, NOT_REDEEMABLE},
    partner::read_password,
    print,
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
                  program ends.\n\nIf the link can't be used, the exit status is 2."
)]
pub(crate) struct Open {
    /// The link, with everything behind the #
    #[arg(value_name = "URL")]
    link: String,
    /// Print one JSON object a line, for programs
    #[arg(long)]
    json: bool,
}

/// `wicketgate chat attend`
#[derive(Debug, Args)]
#[command(
    about = "Sign in and talk to customers, as an agent",
    long_about = "Sign in and talk to customers, as an agent. Every chat is attended, unless --chat names one.\n\n\
                  A line that is typed answers whoever wrote last; `@ID text` names the chat. With --json and without \
                  --chat, a line is {\"chat\": ID, \"text\": …}."
)]
pub(crate) struct Attend {
    /// The server's address
    #[arg(long, value_name = "URL")]
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
        Err(error) if is_json => {
            lines::problem(None, None, &error);
            Err(Failure::told(if error.is_about_link() {
                NOT_REDEEMABLE
            } else {
                1
            }))
        }
        Err(error) => Err(error.into()),
        Ok(Ending::Left) => Ok(()),
        Ok(Ending::Failed) => Err(Failure::told(1)),
    }
}

/// How a conversation came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Everything was said, or the chat is over.
    Left,
    /// Something kept it from going on, which was told.
    Failed,
}

async fn open(command: Open) -> Result<Ending, Error> {
    let invitation = Invitation::look(&command.link).await?;
    if !command.json {
        people::greet_customer(&invitation);
    }
    let customer = invitation.redeem().await?;
    let view = if command.json {
        View::Lines
    } else {
        people::welcome_customer(&customer);
        View::People(People::customer(customer.partner_name()))
    };
    let (live, writer) = live::converse(customer);
    let latest = input::start(writer, Addressing::OnlyOne, command.json);
    Ok(talk(live, latest, view).await)
}

async fn attend(command: Attend) -> Result<Ending, Error> {
    let password = read_password(&command.password_file)
        .map_err(|failure| Error::Invalid(failure.sentence()))?;
    let server = Server::at(&command.server)?;
    let mut desk = Desk::sign_in(&server, &command.email, &Password::entered(&password)).await?;
    desk.renew_if_due().await?;
    let addressing = match (&command.chat, command.json) {
        (Some(_), _) => Addressing::OnlyOne,
        (None, true) => Addressing::ByJson,
        (None, false) => Addressing::ByName,
    };
    let view = if command.json {
        View::Lines
    } else {
        people::welcome_agent(&desk, command.chat.as_deref());
        View::People(People::agent(command.chat.is_none()))
    };
    let history = if command.json || command.chat.is_none() {
        0
    } else {
        HISTORY
    };
    let (live, writer) = live::attend(
        desk,
        Attention {
            chat_id: command.chat,
            history,
        },
    );
    let latest = input::start(writer, addressing, command.json);
    Ok(talk(live, latest, view).await)
}

/// How events are shown.
enum View {
    Lines,
    People(People),
}

async fn talk(mut live: Live, latest: Latest, mut view: View) -> Ending {
    let mut ending = Ending::Left;
    loop {
        let event = tokio::select! {
            event = live.next() => event,
            _ = tokio::signal::ctrl_c() => {
                live.close().await;
                return Ending::Left;
            }
        };
        let Some(event) = event else {
            return ending;
        };
        // Only what comes last can have been the end of it.
        ending = if matches!(
            event,
            Event::Problem {
                chat_id: None,
                cid: None,
                ..
            }
        ) {
            Ending::Failed
        } else {
            Ending::Left
        };
        if let Event::Message(incoming) = &event {
            latest.set(&incoming.chat_id);
        }
        match &mut view {
            View::Lines => lines::show(&event),
            View::People(people) => people.show(&event),
        }
        // What could not be shown has not been seen.
        if print::is_broken() {
            live.close().await;
            return Ending::Failed;
        }
        if let Event::Message(incoming) = &event {
            live.shown(&incoming.chat_id, incoming.seq);
        }
    }
}

/// Tells that a typed line can't be sent.
fn refuse_line(is_json: bool, error: &Error) {
    if is_json {
        lines::problem(None, None, error);
    } else {
        print::faint(&format!("       {}", print::neutral(&error.to_string())));
    }
}
