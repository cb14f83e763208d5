//! `wicketgate serve`: puts the server together, says where to begin, and stops without losing anything.

use std::{
    fs::DirBuilder,
    io::{self, ErrorKind},
    path::Path,
    pin::pin,
    sync::Arc,
};

use wicketgate_server::{AppState, Clock, Relay, Settings, SetupGate, Store, open_store, random};
use zeroize::Zeroizing;

use crate::{
    assets,
    failure::Failure,
    listen, logs, print,
    settings::{self, Arguments, Checked, DEFAULT_FOLDER},
    stop,
};

/// Runs the server until it is told to stop.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let checked = arguments.check()?;
    logs::start()?;
    for sentence in settings::unknown(&crate::variables()) {
        tracing::warn!("{sentence}");
    }
    // Before anything is begun: who asks to stop during the start is heard, too.
    let stop = stop::requested().map_err(|error| cannot("signals can't be heard", &error))?;
    let mut stop = pin!(stop);
    let listener = tokio::select! {
        listener = listen::on(checked.listen) => listener?,
        () = &mut stop => return Ok(()),
    };
    let store = store(&checked).await?;
    let begin = Begin::choose(&checked, store.as_ref()).await?;
    let address = listener
        .local_addr()
        .map_err(|error| cannot("the address can't be read", &error))?;
    let mut chosen = checked.into_settings(address.port())?;
    chosen.setup = begin.gate();
    let hints = begin.hints(&chosen);
    let pages = assets::load().map_err(|error| cannot("the pages can't be used", &error))?;
    announce(&chosen, address);
    let state = AppState::new(chosen, store, Relay::default(), pages, Clock::system())
        .await
        .map_err(|error| cannot("the server can't start", &error))?;
    for hint in hints {
        print::hint(&hint);
    }
    wicketgate_server::serve(state, listener, stop)
        .await
        .map_err(|error| cannot("the server had to stop", &error))
}

async fn store(checked: &Checked) -> Result<Arc<dyn Store>, Failure> {
    if checked.is_default_database() {
        make_private(Path::new(DEFAULT_FOLDER)).map_err(|error| {
            cannot(
                &format!("the folder `{DEFAULT_FOLDER}` can't be made"),
                &error,
            )
        })?;
    }
    open_store(&checked.database)
        .await
        .map_err(|error| Failure::new(format!("--database (WICKETGATE_DATABASE): {error}.")))
}

/// Makes the folder, if it isn't there, so that only its owner can look inside.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        result => result,
    }
}

/// How a new server is set up.
enum Begin {
    /// Somebody has; a fixed token may let others in.
    Done(Option<Zeroizing<String>>),
    /// By the operator's own token.
    Fixed(Zeroizing<String>),
    /// By a token of this start.
    Printed(Zeroizing<String>),
}

impl Begin {
    async fn choose(checked: &Checked, store: &dyn Store) -> Result<Self, Failure> {
        let fixed = checked.setup_token.clone();
        let any = store
            .any_partner()
            .await
            .map_err(|error| cannot("the database can't be read", &error))?;
        Ok(match (any, fixed) {
            (true, fixed) => Self::Done(fixed),
            (false, Some(fixed)) => Self::Fixed(fixed),
            (false, None) => Self::Printed(new_token()?),
        })
    }

    fn gate(&self) -> SetupGate {
        match self {
            Self::Done(None) => SetupGate::CLOSED,
            Self::Done(Some(token)) | Self::Fixed(token) => SetupGate::CLOSED.with_fixed(token),
            Self::Printed(token) => SetupGate::CLOSED.with_printed(token),
        }
    }

    /// What is printed last, to the terminal and never through the log.
    fn hints(&self, settings: &Settings) -> Vec<String> {
        let (token, note) = match self {
            Self::Done(_) => return Vec::new(),
            // Whoever set it knows it; a journal that gets what is printed here need not.
            Self::Fixed(_) => (
                "",
                "Behind the # belongs the set-up token that was set. It stays good.",
            ),
            Self::Printed(token) => (
                token.as_str(),
                "It is good once, until the server stops. The next start prints another.",
            ),
        };
        let public_url = &settings.public_url;
        vec![
            String::new(),
            "  Welcome to Wicketgate. Nobody has set it up yet: open this address in a browser to begin.".to_owned(),
            String::new(),
            format!("    {public_url}/setup#{token}"),
            String::new(),
            format!("  {note}"),
            String::new(),
        ]
    }
}

fn new_token() -> Result<Zeroizing<String>, Failure> {
    use std::fmt::Write as _;
    let bytes =
        Zeroizing::new(random::<16>().map_err(|error| cannot("no token can be made", &error))?);
    let mut token = Zeroizing::new(String::with_capacity(32));
    for byte in bytes.iter() {
        // Writing into a text can't fail.
        let _ = write!(token, "{byte:02x}");
    }
    Ok(token)
}

fn announce(settings: &Settings, address: std::net::SocketAddr) {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %address, public_url = %settings.public_url, "listening");
    if !settings.limits {
        tracing::warn!("rate limits are off: this is for load tests only");
    }
}

fn cannot(what: &str, error: &dyn std::fmt::Display) -> Failure {
    let mut what = what.to_owned();
    if let Some(first) = what.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Failure::new(format!("{what}: {error}."))
}
