//! `wicketgate partner create`: sets up an organisation from a terminal, with every key made here.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde::Serialize;
use wicketgate_client::{ApiKey, Founding, Server, chosen_password};
use zeroize::Zeroizing;

use crate::{access, failure::Failure, given, print};

/// What the first API key of a partner may do unless more is asked for: no link leads to a chat that has a customer.
const SCOPES: [&str; 2] = ["links:write", "links:read"];

/// What the first API key of a partner is called.
const KEY_NAME: &str = "First key";

/// More bytes than the key and the code ever take with all that is said of them.
const LONGEST_OUTPUT: usize = 4 * 1_024;

/// `wicketgate partner …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up an organisation with its first agent, and make it an API key
    Create(Create),
}

/// `wicketgate partner create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The server's address
    #[arg(long, value_name = "URL", env = "WICKETGATE_SERVER")]
    server: String,
    /// The part behind the # of the set-up address that the server printed
    #[arg(
        long,
        value_name = "TOKEN",
        env = "WICKETGATE_SETUP_TOKEN",
        hide_env_values = true
    )]
    setup_token: String,
    /// The organisation's name, as customers see it
    #[arg(long)]
    name: String,
    /// What the first agent signs in with
    #[arg(long)]
    email: String,
    /// A file with the first agent's password, 12 characters or more on one line; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
    /// What the key may do beside making, revoking and listing links: links:existing makes links to chats that have had
    /// a customer, and so can put somebody else in their place
    #[arg(long = "scope", value_name = "SCOPE", value_parser = ["links:write", "links:read", "links:existing"])]
    scopes: Vec<String>,
    /// Write the key and the code into this new file, which only you can read, and not on standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    partner_id: &'a str,
    /// Absent where the server made none.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<&'a str>,
    recovery_code: &'a str,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Create(create) = command;
    let password = given::password("--password-file", &create.password_file)?;
    let password = chosen_password(&password, &[&create.name, &create.email])
        .map_err(wicketgate_client::Error::from)?;
    let setup_token = given::secret(&create.setup_token);
    let founding = Founding {
        setup_token: &setup_token,
        name: &create.name,
        email: &create.email,
        password: &password,
    };
    let server = access::server(&create.server)?;
    let output = Destination::open(create.output.as_deref())?;
    let founded = match server.set_up(founding).await {
        Ok(founded) => founded,
        Err(error) => return Err(output.unused(error)),
    };
    let scopes: Vec<_> = SCOPES
        .into_iter()
        .chain(create.scopes.iter().map(String::as_str))
        .collect();
    let made = founded.session.make_key(KEY_NAME, &scopes).await;
    let key = made.as_ref().ok().map(ApiKey::to_text);
    let partner_id = founded.session.partner_id();
    let code = founded.recovery_code.to_text();
    let created = Created {
        partner_id: &partner_id,
        api_key: key.as_ref().map(|key| key.as_str()),
        recovery_code: &code,
    };
    let text = if create.json {
        json(&created)?
    } else {
        shown(&create, &server, &created)
    };
    // The agent signs in where the work is done; a session that nobody holds helps nobody.
    let _ = founded.session.sign_out().await;
    output
        .write(&text)
        .map_err(|failure| failure.and(&lost(&create, &server)))?;
    if let Some(path) = &create.output {
        print::note(&format!(
            "The key and the code are in `{}`, which only you can read.",
            path.display()
        ));
    }
    made.map(drop).map_err(|error| {
        Failure::from(error).and(&format!(
            "{} is set up, but has no API key yet: make one at {}partners/settings.",
            create.name,
            server.address()
        ))
    })
}

/// What remains to be done when the key and the code were made and got lost.
fn lost(create: &Create, server: &Server) -> String {
    format!(
        "{} is set up, but its API key and recovery code were not shown. Sign in at {}signin with the password, and \
         make new ones in the settings; revoke the key named `{KEY_NAME}`.",
        create.name,
        server.address()
    )
}

/// Where the key and the code go. They are shown once, so it is tried before they are made.
#[derive(Debug)]
enum Destination<'a> {
    Output,
    File(&'a Path, File),
}

impl<'a> Destination<'a> {
    fn open(path: Option<&'a Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return print::ready().map(|()| Self::Output);
        };
        let refused = |error: &io::Error| {
            let cause = match error.kind() {
                ErrorKind::AlreadyExists => "it exists already".to_owned(),
                _ => error.to_string(),
            };
            Failure::new(format!(
                "--output is `{}`, and that can't be written to, so nothing was done: {cause}.",
                path.display()
            ))
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| refused(&error))?;
        let destination = Self::File(path, file);
        // A disk that is full takes a name, but no content.
        match destination.try_write(&" ".repeat(LONGEST_OUTPUT)) {
            Ok(()) => Ok(destination),
            Err(error) => {
                destination.remove();
                Err(refused(&error))
            }
        }
    }

    /// Nothing was made: leaves no empty file behind.
    fn unused(self, error: impl Into<Failure>) -> Failure {
        self.remove();
        error.into()
    }

    fn remove(self) {
        if let Self::File(path, _) = self {
            // What can't be removed is empty.
            let _ = fs::remove_file(path);
        }
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Output => {
                print::write(text);
                print::written()
            }
            Self::File(path, _) => self.try_write(text).map_err(|error| {
                Failure::new(format!(
                    "`{}` can't be written to any more: {error}.",
                    path.display()
                ))
            }),
        }
    }

    /// Makes this the whole content of the file.
    fn try_write(&self, text: &str) -> io::Result<()> {
        let Self::File(_, file) = self else {
            return Ok(());
        };
        let mut writer = file;
        io::Seek::rewind(&mut writer)?;
        writer.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)?;
        file.sync_all()
    }
}

fn json(created: &Created<'_>) -> Result<Zeroizing<String>, Failure> {
    serde_json::to_string(created)
        .map(|text| Zeroizing::new(text + "\n"))
        .map_err(|error| Failure::new(format!("The answer makes no JSON: {error}.")))
}

fn shown(create: &Create, server: &Server, created: &Created<'_>) -> Zeroizing<String> {
    let Create { name, email, .. } = create;
    let mut text = Zeroizing::new(String::new());
    for line in [
        format!(
            "{} is set up. Keep the key and the code now: they are shown only this once.",
            print::neutral(name)
        ),
        String::new(),
        format!("  Partner id     {}", created.partner_id),
        format!("  API key        {}", created.api_key.unwrap_or("none")),
        format!("  Recovery code  {}", created.recovery_code),
        String::new(),
        "The recovery code is the only way back to the chats if the password is lost.".to_owned(),
        format!(
            "The desk is at {}signin, for {}.",
            server.address(),
            print::neutral(email)
        ),
    ] {
        text.push_str(&line);
        text.push('\n');
    }
    text
}
