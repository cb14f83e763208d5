//! How commands reach a server: its address, whose certificates are believed, and the API key.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use wicketgate_client::{ApiClient, ApiKey, Server};

use crate::{failure::Failure, given};

/// Commands that call a server.
#[derive(Debug, Args)]
pub(crate) struct Calling<C: Subcommand> {
    /// A file with the certificates (PEM) of authorities to believe beside those of the system
    #[arg(long, value_name = "FILE", global = true)]
    ca_file: Option<PathBuf>,
    #[command(subcommand)]
    command: C,
}

impl<C: Subcommand> Calling<C> {
    /// The command, once it is clear whose certificates count.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub(crate) fn command(self) -> Result<C, Failure> {
        if let Some(path) = &self.ca_file {
            believe(path).map_err(|cause| {
                Failure::new(format!(
                    "--ca-file is `{}`, and that can't be used: {cause}.",
                    path.display()
                ))
            })?;
        }
        Ok(self.command)
    }
}

/// More bytes than the certificates of every authority of the world have.
const LONGEST_BUNDLE: u64 = 4 << 20;

fn believe(path: &Path) -> Result<(), String> {
    let mut pem = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST_BUNDLE).read_to_end(&mut pem))
        .map_err(|error| error.to_string())?;
    wicketgate_client::trust_also(&pem).map_err(|error| error.to_string())
}

/// A server, and the API key to call it with.
#[derive(Debug, Args)]
pub(crate) struct Access {
    /// The server's address
    #[arg(long, value_name = "URL", env = "WICKETGATE_SERVER")]
    server: String,
    /// The whole API key, as it was shown: wg_….….…; every user of this machine can read a flag, so better set the
    /// variable
    #[arg(
        long,
        value_name = "KEY",
        env = "WICKETGATE_API_KEY",
        hide_env_values = true,
        required_unless_present = "api_key_file"
    )]
    api_key: Option<String>,
    /// A file with the API key, which counts before --api-key; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
}

impl Access {
    /// What makes and shows links there.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the address or the key.
    pub(crate) fn client(&self) -> Result<ApiClient, Failure> {
        let key = match &self.api_key_file {
            Some(path) => given::code_in("--api-key-file", path)?,
            None => given::code(self.api_key.as_deref().unwrap_or_default()),
        };
        let key = ApiKey::parse(&key).map_err(wicketgate_client::Error::from)?;
        Ok(ApiClient::new(server(&self.server)?, key))
    }
}

/// The server at an address.
///
/// # Errors
/// A sentence that says what an address looks like.
pub(crate) fn server(address: &str) -> Result<Server, Failure> {
    Ok(Server::at(&given::code(address))?)
}
