//! The settings of the server: read as text, checked one by one, each with a sentence about what would be right.

use std::{env, fmt::Display, net::SocketAddr};

use clap::Args;
use wicketgate_server::{ForwardedHeader, Hsts, Network, PublicUrl, Settings};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The folder that is made where the server is started, unless a database is named.
pub(crate) const DEFAULT_FOLDER: &str = "wicketgate-data";
const DEFAULT_DATABASE: &str = "sqlite:wicketgate-data/wicketgate.db";
const DEFAULT_LISTEN: &str = "127.0.0.1:3000";

/// How the names of the settings begin in the environment.
const PREFIX: &str = "WICKETGATE_";

/// `wicketgate serve`
#[derive(Debug, Args)]
#[command(
    about = "Run the server",
    long_about = "Run the server. It needs no configuration: it listens on 127.0.0.1:3000, keeps its data in \
                  wicketgate-data/ where it is started, and prints a set-up address until somebody has set it up.\n\n\
                  Each setting can be a flag or an environment variable; the flag wins. RUST_LOG sets what is logged."
)]
pub(crate) struct Arguments {
    /// The address and port to listen on
    #[arg(long, env = "WICKETGATE_LISTEN", value_name = "ADDRESS:PORT", default_value = DEFAULT_LISTEN)]
    listen: String,
    #[arg(
        long,
        env = "WICKETGATE_PUBLIC_URL",
        value_name = "URL",
        help = "What the world calls this server, like https://links.example.org [default: http://localhost:{port}]"
    )]
    public_url: Option<String>,
    /// Where everything is kept
    #[arg(
        long,
        env = "WICKETGATE_DATABASE",
        value_name = "sqlite:PATH",
        hide_env_values = true,
        default_value = DEFAULT_DATABASE
    )]
    database: String,
    // Known, so that whoever sets it is told that this version has no use for it.
    #[arg(long, env = "WICKETGATE_NATS", value_name = "URL", hide = true)]
    nats: Option<String>,
    /// A proxy whose forwarded header counts, like 10.0.0.0/8; several with commas between
    #[arg(
        long,
        env = "WICKETGATE_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ','
    )]
    trusted_proxy: Vec<String>,
    /// The header in which trusted proxies name the client; any other is ignored
    #[arg(
        long,
        env = "WICKETGATE_FORWARDED_HEADER",
        value_name = "NAME",
        default_value = "x-forwarded-for"
    )]
    forwarded_header: String,
    /// For which names browsers are told to use https alone, for a year: `host`, `subdomains` (of it, too) or `off`
    #[arg(
        long,
        env = "WICKETGATE_HSTS",
        value_name = "host|subdomains|off",
        default_value = "host"
    )]
    hsts: String,
    /// For how many days a dead link and an ended chat are kept
    #[arg(
        long,
        env = "WICKETGATE_RETENTION_DAYS",
        value_name = "DAYS",
        allow_hyphen_values = true,
        default_value = "30"
    )]
    retention_days: String,
    /// Whether rate limits hold: `on`, or `off` for load tests
    #[arg(
        long,
        env = "WICKETGATE_LIMITS",
        value_name = "on|off",
        default_value = "on"
    )]
    limits: String,
    /// A set-up token that stays good for further organisations, for automation [default: a new one each start]
    #[arg(
        long,
        env = "WICKETGATE_SETUP_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    setup_token: Option<String>,
}

/// What the server is started with.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// Where everything is kept.
    pub(crate) database: String,
    /// A set-up token that stays good.
    pub(crate) setup_token: Option<Zeroizing<String>>,
    public_url: Option<PublicUrl>,
    trusted_proxies: Vec<Network>,
    forwarded_header: ForwardedHeader,
    hsts: Hsts,
    retention_days: u32,
    limits: bool,
}

impl Arguments {
    /// Checks every setting.
    ///
    /// # Errors
    /// One sentence about the first that is wrong.
    pub(crate) fn check(self) -> Result<Checked, Failure> {
        if let Some(nats) = &self.nats {
            let right =
                "this version runs as one node and has no use for it, so it must be left out";
            return Err(wrong("nats", "NATS", scheme_only(nats), right));
        }
        Ok(Checked {
            listen: listen(&self.listen)?,
            database: database(self.database)?,
            setup_token: self.setup_token.map(setup_token).transpose()?,
            public_url: self.public_url.as_deref().map(public_url).transpose()?,
            trusted_proxies: self
                .trusted_proxy
                .iter()
                .map(|text| trusted_proxy(text))
                .collect::<Result<_, _>>()?,
            forwarded_header: forwarded_header(&self.forwarded_header)?,
            hsts: hsts(&self.hsts)?,
            retention_days: retention_days(&self.retention_days)?,
            limits: limits(&self.limits)?,
        })
    }
}

impl Checked {
    /// Whether everything is kept where it is unless told otherwise.
    pub(crate) fn is_default_database(&self) -> bool {
        self.database == DEFAULT_DATABASE
    }

    /// The settings in the server's form; `port` is the one that it listens on.
    ///
    /// # Errors
    /// None that the port could cause; the type of the address asks for it.
    pub(crate) fn into_settings(self, port: u16) -> Result<Settings, Failure> {
        let public_url = match self.public_url {
            Some(public_url) => public_url,
            None => public_url(&format!("http://localhost:{port}"))?,
        };
        Ok(Settings {
            trusted_proxies: self.trusted_proxies,
            forwarded_header: self.forwarded_header,
            hsts: self.hsts,
            limits: self.limits,
            retention_days: self.retention_days,
            ..Settings::new(public_url)
        })
    }
}

fn listen(text: &str) -> Result<SocketAddr, Failure> {
    text.parse().map_err(|_| {
        wrong(
            "listen",
            "LISTEN",
            text,
            "it must be an address and a port, like 127.0.0.1:3000 or [::]:3000",
        )
    })
}

fn public_url(text: &str) -> Result<PublicUrl, Failure> {
    text.trim_end_matches('/')
        .parse()
        .map_err(|error| wrong("public-url", "PUBLIC_URL", text, format_args!("it {error}")))
}

fn database(text: String) -> Result<String, Failure> {
    match text.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(text),
        _ => Err(wrong(
            "database",
            "DATABASE",
            scheme_only(&text),
            "this version keeps everything in one file, so it must be like sqlite:path/to/wicketgate.db",
        )),
    }
}

fn trusted_proxy(text: &str) -> Result<Network, Failure> {
    text.trim().parse().map_err(|error| {
        wrong(
            "trusted-proxy",
            "TRUSTED_PROXY",
            text,
            format_args!("it {error}"),
        )
    })
}

fn forwarded_header(text: &str) -> Result<ForwardedHeader, Failure> {
    text.trim().parse().map_err(|error| {
        wrong(
            "forwarded-header",
            "FORWARDED_HEADER",
            text,
            format_args!("it {error}"),
        )
    })
}

fn hsts(text: &str) -> Result<Hsts, Failure> {
    text.parse()
        .map_err(|error| wrong("hsts", "HSTS", text, format_args!("it {error}")))
}

fn retention_days(text: &str) -> Result<u32, Failure> {
    const LONGEST: u32 = 3_650;
    text.parse()
        .ok()
        .filter(|days| (1..=LONGEST).contains(days))
        .ok_or_else(|| {
            wrong(
                "retention-days",
                "RETENTION_DAYS",
                text,
                format_args!("it must be a whole number of days from 1 to {LONGEST}"),
            )
        })
}

fn limits(text: &str) -> Result<bool, Failure> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(wrong("limits", "LIMITS", text, "it must be on or off")),
    }
}

/// A token that can stand behind the `#` of an address as it is.
fn setup_token(text: String) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(text);
    let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte);
    if text.is_empty() || !text.bytes().all(stands) {
        let right =
            "it must be of letters, digits and signs that can stand in an address, like -._~";
        return Err(wrong("setup-token", "SETUP_TOKEN", "not shown here", right));
    }
    Ok(text)
}

/// The beginning of an address: the rest may hold a password.
fn scheme_only(text: &str) -> &str {
    text.find("//").map_or(text, |end| &text[..end + 2])
}

/// A setting from the environment that is no text, which the command line's parser refuses without a name.
pub(crate) fn not_text() -> Option<Failure> {
    let (name, _) = env::vars_os().find(|(name, value)| {
        name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) && value.to_str().is_none()
    })?;
    let variable = name.to_str()?.strip_prefix(PREFIX)?;
    let flag = variable.to_lowercase().replace('_', "-");
    Some(wrong(
        &flag,
        variable,
        "not shown here",
        "it must be text in UTF-8",
    ))
}

/// One sentence: the setting, its value, what would be right.
fn wrong(flag: &str, variable: &str, value: &str, right: impl Display) -> Failure {
    Failure::new(format!(
        "--{flag} ({PREFIX}{variable}) is `{value}`: {right}."
    ))
}
