//! Logs: on standard error, for people where a person looks, as JSON where a program does.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{failure::Failure, print};

/// Begins to log as `RUST_LOG` says, and what is worth knowing unless it says otherwise.
///
/// # Errors
/// A sentence if `RUST_LOG` can't be read.
pub(crate) fn start() -> Result<(), Failure> {
    let text = std::env::var_os("RUST_LOG").unwrap_or_default();
    let text = text.into_string().map_err(|_| {
        Failure::new("RUST_LOG is `not shown here`: it must be text in UTF-8, like `info`.")
    })?;
    let filter = match text.trim() {
        "" => EnvFilter::new("info"),
        text => EnvFilter::try_new(text).map_err(|_| {
            Failure::new(format!("RUST_LOG is `{text}`: it must be a level like `info`, or `info,wicketgate_server=debug`."))
        })?,
    };
    let terminal = io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(io::stderr);
    let pretty = terminal.then(|| {
        lines
            .compact()
            .with_target(false)
            .with_ansi(print::wants_colour())
    });
    let json = (!terminal).then(|| {
        fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(io::stderr)
    });
    // Fails only if something logs already, which is as good.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(pretty)
        .with(json)
        .try_init();
    Ok(())
}
