//! The settings of the server: read as text, checked one by one, each with a sentence about what would be right.

use std::{
    env,
    ffi::OsStr,
    fmt::Display,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

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
    /// For how many days the log of what happened is kept; a desk that stays away longer reads its lists anew
    #[arg(
        long,
        env = "WICKETGATE_EVENT_DAYS",
        value_name = "DAYS",
        allow_hyphen_values = true,
        default_value = "30"
    )]
    event_days: String,
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
    event_days: u32,
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
            listen: listen(bare("listen", "LISTEN", &self.listen)?)?,
            database: database(bare("database", "DATABASE", &self.database)?)?,
            setup_token: self.setup_token.map(setup_token).transpose()?,
            public_url: self
                .public_url
                .map(|text| public_url(bare("public-url", "PUBLIC_URL", &text)?))
                .transpose()?,
            trusted_proxies: self
                .trusted_proxy
                .iter()
                .map(|text| trusted_proxy(bare("trusted-proxy", "TRUSTED_PROXY", text)?))
                .collect::<Result<_, _>>()?,
            forwarded_header: forwarded_header(bare(
                "forwarded-header",
                "FORWARDED_HEADER",
                &self.forwarded_header,
            )?)?,
            hsts: hsts(bare("hsts", "HSTS", &self.hsts)?)?,
            retention_days: days("retention-days", "RETENTION_DAYS", &self.retention_days)?,
            event_days: days("event-days", "EVENT_DAYS", &self.event_days)?,
            limits: limits(bare("limits", "LIMITS", &self.limits)?)?,
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
            event_days: self.event_days,
            ..Settings::new(public_url)
        })
    }
}

/// A value as it was meant: without the white space and line end that a file leaves around it.
fn bare<'a>(flag: &str, variable: &str, text: &'a str) -> Result<&'a str, Failure> {
    let text = text.trim();
    if is_quoted(text) {
        return Err(wrong(flag, variable, scheme_only(text), NO_QUOTES));
    }
    Ok(text)
}

/// Files that set variables are read in many ways, and some of them leave quotes in the value.
const NO_QUOTES: &str = "it must stand without quotes, which count as part of it here";

fn is_quoted(text: &str) -> bool {
    ['"', '\'']
        .into_iter()
        .any(|quote| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote))
}

fn listen(text: &str) -> Result<SocketAddr, Failure> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let port = |text: &str| text.parse::<u16>().ok();
    if let Some(port) = text.strip_prefix("localhost:").and_then(port) {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let everywhere = text.strip_prefix('*').unwrap_or(text).strip_prefix(':');
    let right = if let Some(port) = everywhere.and_then(port) {
        format!(
            "it must name the address, 127.0.0.1:{port} for this machine alone or 0.0.0.0:{port} for every network"
        )
    } else if let Ok(address) = text.parse::<IpAddr>() {
        format!(
            "it lacks the port, as in {}",
            SocketAddr::new(address, 3000)
        )
    } else if let Some(port) = port(text) {
        format!("it lacks the address, as in 127.0.0.1:{port}")
    } else {
        "it must be an address and a port, like 127.0.0.1:3000 or [::]:3000".to_owned()
    };
    Err(wrong("listen", "LISTEN", text, right))
}

fn public_url(text: &str) -> Result<PublicUrl, Failure> {
    text.trim_end_matches('/')
        .parse()
        .map_err(|error| wrong("public-url", "PUBLIC_URL", text, format_args!("it {error}")))
}

fn database(text: &str) -> Result<String, Failure> {
    let refused = |right: &str| wrong("database", "DATABASE", scheme_only(text), right);
    let path = match text.split_once(':') {
        Some(("sqlite", path)) => path.strip_prefix("//").unwrap_or(path),
        _ => "",
    };
    if path.is_empty() {
        return Err(refused(
            "this version keeps everything in one file, so it must be like sqlite:path/to/wicketgate.db",
        ));
    }
    if path.contains('?') || path.starts_with("file:") {
        return Err(refused(
            "it must be a path alone, without parameters, like sqlite:path/to/wicketgate.db",
        ));
    }
    if path.starts_with(':') {
        return Err(refused(
            "a database in memory would lose everything, so it must name a file, like sqlite:path/to/wicketgate.db",
        ));
    }
    if path.ends_with(['/', '\\']) {
        return Err(refused(
            "it must name a file, not a folder, like sqlite:path/to/wicketgate.db",
        ));
    }
    if !path.starts_with('~') {
        return Ok(text.to_owned());
    }
    // Shells replace it only at the beginning of a word, and files of settings know nothing of it.
    let home = path.strip_prefix("~/").zip(env::home_dir());
    let expanded = home.map(|(rest, home)| home.join(rest));
    expanded
        .filter(|path| path.is_absolute())
        .and_then(|path| Some(format!("sqlite:{}", path.to_str()?)))
        .ok_or_else(|| {
            refused("the folder that ~ means is not known here, so it must be a whole path")
        })
}

fn trusted_proxy(text: &str) -> Result<Network, Failure> {
    text.parse().map_err(|error| {
        wrong(
            "trusted-proxy",
            "TRUSTED_PROXY",
            text,
            format_args!("it {error}"),
        )
    })
}

fn forwarded_header(text: &str) -> Result<ForwardedHeader, Failure> {
    text.parse().map_err(|error| {
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

fn days(flag: &str, variable: &str, text: &str) -> Result<u32, Failure> {
    const LONGEST: u32 = 3_650;
    let text = bare(flag, variable, text)?;
    text.parse()
        .ok()
        .filter(|days| (1..=LONGEST).contains(days))
        .ok_or_else(|| {
            wrong(
                flag,
                variable,
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

/// The fewest characters of a set-up token: with fewer it could be guessed.
const SHORTEST_TOKEN: usize = 24;

/// A token that can stand behind the `#` of an address as it is, and that nobody guesses.
fn setup_token(text: String) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(text);
    let refused = |right: String| wrong("setup-token", "SETUP_TOKEN", HIDDEN, right);
    let token = text.trim();
    if is_quoted(token) {
        return Err(refused(NO_QUOTES.to_owned()));
    }
    let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte);
    if !token.bytes().all(stands) {
        return Err(refused(
            "it must be of letters, digits and signs that can stand in an address, like -._~"
                .to_owned(),
        ));
    }
    if token.len() < SHORTEST_TOKEN {
        return Err(refused(format!(
            "it must have at least {SHORTEST_TOKEN} characters, drawn at random, so that nobody guesses it"
        )));
    }
    Ok(Zeroizing::new(token.to_owned()))
}

/// What stands in the place of a value that is secret, or that can't be shown.
const HIDDEN: &str = "not shown here";

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
    Some(wrong(&flag, variable, HIDDEN, "it must be text in UTF-8"))
}

/// One sentence about each variable that looks like a setting and is none; `known` are those that there are.
pub(crate) fn unknown(known: &[String]) -> Vec<String> {
    let mut sentences: Vec<_> = env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let meant = name.strip_prefix(PREFIX)?;
            let is_known = known.contains(&name) || is_of_kubernetes(meant, &value);
            (!is_known).then(|| unknown_sentence(&name, known))
        })
        .collect();
    sentences.sort_unstable();
    sentences
}

/// What is said of one that is none.
pub(crate) fn unknown_sentence(name: &str, known: &[String]) -> String {
    let likeness =
        |other: &String| strsim::normalized_damerau_levenshtein(own_part(name), own_part(other));
    let nearest = known
        .iter()
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let nearest = nearest.map_or(String::new(), |nearest| {
        format!("; the nearest is {nearest}")
    });
    format!("{name} is set, and there is no such setting{nearest}")
}

fn own_part(variable: &str) -> &str {
    variable.strip_prefix(PREFIX).unwrap_or(variable)
}

/// Kubernetes tells every container of a service named `wicketgate` by variables like `WICKETGATE_PORT_3000_TCP`.
fn is_of_kubernetes(name: &str, value: &OsStr) -> bool {
    name.starts_with("SERVICE_")
        || name.starts_with("PORT_")
        || (name == "PORT" && value.to_string_lossy().contains("://"))
}

/// One sentence: the setting, its value, what would be right.
fn wrong(flag: &str, variable: &str, value: &str, right: impl Display) -> Failure {
    Failure::new(format!(
        "--{flag} ({PREFIX}{variable}) is `{value}`: {right}."
    ))
}
