//! `wicketgate link create`: makes an end-to-end link from an API key.

use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::{Span, SpanRelativeTo, Timestamp};
use qrcode::{QrCode, render::unicode};
use serde::Serialize;
use wicketgate_client::{ApiClient, ApiKey, LONGEST_LIFETIME, Label, LinkWish, MadeLink, Server};

use crate::{failure::Failure, print};

/// `wicketgate link …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an end-to-end link that opens one chat, once
    Create(Create),
}

/// `wicketgate link create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The server's address
    #[arg(long, value_name = "URL")]
    server: String,
    /// The whole API key, as it was shown: wg_….….…
    #[arg(
        long,
        value_name = "KEY",
        env = "WICKETGATE_API_KEY",
        hide_env_values = true
    )]
    api_key: String,
    /// Your own name for the chat, made if new; stored in clear, so no personal data [default: a new one]
    #[arg(long, value_name = "ID")]
    chat: Option<String>,
    /// How long the link stays valid: 90m, 24h, 3d; one second to 30 days
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        default_value = "24h"
    )]
    expires: String,
    /// What your people call the link; the server can't read it
    #[arg(long, default_value = "", hide_default_value = true)]
    label: String,
    /// Show it as a QR code, too
    #[arg(long)]
    qr: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    link_id: &'a str,
    secure_url: &'a str,
    expires_at: String,
    chat_id: &'a str,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Create(create) = command;
    let label = Label::parse(&create.label).ok_or_else(|| {
        Failure::new(format!(
            "--label is too long: it must have at most {} bytes.",
            Label::MAXIMUM
        ))
    })?;
    let wish = LinkWish {
        chat_id: create.chat,
        lifetime: lifetime(&create.expires)?,
        label,
    };
    let key = ApiKey::parse(&create.api_key).map_err(wicketgate_client::Error::from)?;
    print::ready()?;
    let made = ApiClient::new(Server::at(&create.server)?, key)
        .make_link(&wish)
        .await?;
    let expires_at = Timestamp::from_millisecond(made.expires_at)
        .map_err(|_| Failure::new("The server named a time that no calendar knows."))?;
    if create.json {
        print::json(&Created {
            link_id: &made.link_id,
            secure_url: &made.url,
            expires_at: expires_at.to_string(),
            chat_id: &made.chat_id,
        });
    } else {
        show(&made, expires_at);
    }
    if create.qr {
        show_qr(&made, create.json)?;
    }
    print::written().map_err(|failure| {
        failure.and(&format!(
            "The link `{}` was made all the same, and will expire unused.",
            made.link_ref
        ))
    })
}

/// The address alone on standard output, so that it can be piped; the rest beside it.
fn show(made: &MadeLink, expires_at: Timestamp) {
    print::line(&made.url);
    let until = expires_at.to_zoned(jiff::tz::TimeZone::system());
    print::note(&format!(
        "It opens the chat `{}` once, until {}.",
        print::neutral(&made.chat_id),
        until.strftime("%F %H:%M %Z")
    ));
}

fn show_qr(made: &MadeLink, beside: bool) -> Result<(), Failure> {
    let code = QrCode::new(made.url.as_bytes())
        .map_err(|error| Failure::new(format!("The address makes no QR code: {error}.")))?;
    // Terminals are mostly dark: the light modules are drawn.
    let picture = code
        .render::<unicode::Dense1x2>()
        .dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark)
        .build();
    if beside {
        print::note(&picture);
    } else {
        print::line(&picture);
    }
    Ok(())
}

/// Reads a length of time; a day has 24 hours.
fn lifetime(text: &str) -> Result<Duration, Failure> {
    let span: Option<Span> = text.parse().ok();
    span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok())
        .and_then(|duration| Duration::try_from(duration).ok())
        .filter(|duration| (Duration::from_secs(1)..=LONGEST_LIFETIME).contains(duration))
        .ok_or_else(|| {
            Failure::new(format!(
                "--expires is `{text}`: it must be a time like 90m, 24h or 3d, from one second to 30 days."
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        for (text, seconds) in [
            ("2s", 2),
            ("90m", 5_400),
            ("24h", 86_400),
            ("3d", 259_200),
            ("1h30m", 5_400),
            ("30d", 2_592_000),
        ] {
            assert_eq!(
                lifetime(text).unwrap(),
                Duration::from_secs(seconds),
                "{text}"
            );
        }
        for text in ["", "24", "0s", "-1h", "31d", "1mo", "tomorrow", "1h 2"] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }
}
