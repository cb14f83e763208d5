//! `wicketgate partner create`: sets up an organisation from a terminal, with every key made here.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde::Serialize;
use wicketgate_client::{Founding, Password, Server};
use zeroize::Zeroizing;

use crate::{failure::Failure, print};

/// What the first API key of a partner may do: everything that a key can.
const SCOPES: [&str; 3] = ["links:write", "links:read", "links:existing"];

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
    #[arg(long, value_name = "URL")]
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
    /// A file with the first agent's password: 12 characters or more on one line
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    partner_id: &'a str,
    api_key: &'a str,
    recovery_code: &'a str,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Create(create) = command;
    let password = read_password(&create.password_file)?;
    let password = Password::chosen(&password).map_err(wicketgate_client::Error::from)?;
    let founding = Founding {
        setup_token: &create.setup_token,
        name: &create.name,
        email: &create.email,
        password: &password,
    };
    let server = Server::at(&create.server)?;
    let founded = server.set_up(founding).await?;
    let partner_id = founded.desk.partner_id();
    let key = founded.desk.make_key("First key", &SCOPES).await?;
    let (key, code) = (key.to_text(), founded.recovery_code.to_text());
    let created = Created {
        partner_id: &partner_id,
        api_key: &key,
        recovery_code: &code,
    };
    if create.json {
        print::json(&created);
    } else {
        show(&create, &server, &created);
    }
    // The agent signs in where the work is done; a session that nobody holds helps nobody.
    let _ = founded.desk.sign_out().await;
    Ok(())
}

fn show(create: &Create, server: &Server, created: &Created<'_>) {
    let Create { name, email, .. } = create;
    for line in [
        format!(
            "{} is set up. Keep the key and the code now: they are shown only this once.",
            print::neutral(name)
        ),
        String::new(),
        format!("  Partner id     {}", created.partner_id),
        format!("  API key        {}", created.api_key),
        format!("  Recovery code  {}", created.recovery_code),
        String::new(),
        "The recovery code is the only way back to the chats if the password is lost.".to_owned(),
        format!(
            "The desk is at {}signin, for {}.",
            server.address(),
            print::neutral(email)
        ),
    ] {
        print::line(&line);
    }
}

/// Reads a password from a file; the end of its line is no part of it.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn read_password(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            Failure::new(format!(
                "--password-file is `{}`, and that can't be read: {error}.",
                path.display()
            ))
        })?;
    Ok(Zeroizing::new(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
