//! `wicketgate link create`: makes end-to-end links from an API key.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use jiff::{Span, SpanRelativeTo, Timestamp};
use qrcode::{QrCode, render::unicode};
use serde::Serialize;
use wicketgate_client::{ApiClient, Code, Error, LONGEST_LIFETIME, Label, LinkWish, MadeLink};

use crate::{access::Access, failure::Failure, print, state};

/// How many links are asked for at a time: so many fit into a call that a slow line carries in a few seconds, and the
/// first addresses are there before the last link is made.
const AT_ONCE: u32 = 250;

/// The most bytes of a name for a call.
const LONGEST_KEY: usize = 200;

/// `wicketgate link create`
#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    access: Access,
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
    /// How many links to make; without --chat each opens a chat of its own
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// Your own name for this call: the same call again gets the links that it made, and another one of this name is
    /// refused. Only this machine gets their addresses again
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    #[arg(
        long,
        value_name = "DIR",
        requires = "idempotency_key",
        help = "The folder with the secret that repeated addresses are drawn from [default: wicketgate in $XDG_STATE_HOME \
                or ~/.local/state]"
    )]
    state: Option<PathBuf>,
    /// Show it as a QR code, too
    #[arg(long)]
    qr: bool,
    /// Print one JSON object for each link, on a line of its own
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    link_id: &'a str,
    secure_url: &'a str,
    expires_at: String,
    #[serde(rename = "ref")]
    link_ref: &'a str,
    chat_id: &'a str,
    chat_ref: &'a str,
}

/// Runs the command.
pub(crate) async fn run(create: Create) -> Result<(), Failure> {
    let label = Label::parse(&create.label).ok_or_else(|| {
        Failure::new(format!(
            "--label is too long: it must have at most {} bytes.",
            Label::MAXIMUM
        ))
    })?;
    let wish = LinkWish {
        chat_id: create.chat.clone(),
        lifetime: lifetime(&create.expires)?,
        label,
    };
    let client = create.client()?;
    print::ready()?;
    if create.count == 1 {
        let made = client.make_link(&wish).await;
        let made = made.map_err(|error| create.refused(error))?;
        create.show(&made)?;
        return print::written().map_err(|failure| failure.and(&unseen(&[&made])));
    }
    create.many(&client, &wish).await
}

impl Create {
    /// Makes many links. What was refused of one keeps no other from being made, and is told at the end.
    async fn many(&self, client: &ApiClient, wish: &LinkWish) -> Result<(), Failure> {
        let (mut left, mut refused, mut reason) = (self.count, 0_u32, None);
        while left > 0 {
            let count = left.min(AT_ONCE);
            let first = u64::from(self.count - left);
            let places = first..first + u64::from(count);
            let results = client.make_links(wish, places).await;
            let results = results.map_err(|error| self.broke_off(left, error))?;
            let (made, errors): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
            let made: Vec<_> = made.into_iter().flatten().collect();
            for (place, link) in made.iter().enumerate() {
                self.show(link)?;
                if print::is_broken() {
                    let unseen = unseen(&made.iter().skip(place).collect::<Vec<_>>());
                    return print::written().map_err(|failure| failure.and(&unseen));
                }
            }
            for error in errors.into_iter().filter_map(Result::err) {
                refused += 1;
                reason.get_or_insert(error);
            }
            left -= count;
        }
        match reason {
            None => Ok(()),
            Some(error) => Err(Failure::new(format!(
                "{refused} of {} links were not made: {}",
                self.count,
                self.refused(error).sentence()
            ))),
        }
    }

    fn client(&self) -> Result<ApiClient, Failure> {
        let client = self.access.client()?;
        let Some(name) = &self.idempotency_key else {
            return Ok(client);
        };
        if !(1..=LONGEST_KEY).contains(&name.len()) {
            return Err(Failure::new(format!(
                "--idempotency-key must have 1 to {LONGEST_KEY} bytes."
            )));
        }
        let secret = state::repeat_secret(self.state.as_deref())?;
        Ok(client.repeating(secret, name))
    }

    /// Why a link was not made, in the words of this command.
    fn refused(&self, error: Error) -> Failure {
        match (&self.idempotency_key, error.code()) {
            (Some(name), Some(Code::OtherContent)) => Failure::new(format!(
                "A link was made before with --idempotency-key `{name}`, by another call or on another machine."
            )),
            _ => error.into(),
        }
    }

    fn broke_off(&self, left: u32, error: Error) -> Failure {
        let failure = Failure::from(error);
        if left == self.count {
            return failure;
        }
        let made = self.count - left;
        failure.and(&format!(
            "{made} of {} links had been made before.",
            self.count
        ))
    }

    fn show(&self, made: &MadeLink) -> Result<(), Failure> {
        let expires_at = Timestamp::from_millisecond(made.expires_at)
            .map_err(|_| Failure::new("The server named a time that no calendar knows."))?;
        if self.json {
            print::json(&Created {
                link_id: &made.link_id,
                secure_url: &made.url,
                expires_at: expires_at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
                link_ref: &made.link_ref,
                chat_id: &made.chat_id,
                chat_ref: &made.chat_ref,
            });
        } else {
            // The address alone on standard output, so that it can be piped; the rest beside it.
            print::line(&made.url);
            if self.count == 1 {
                print::note(&format!(
                    "It opens the chat `{}` once, until {}. Its row is {}.",
                    print::neutral(&made.chat_id),
                    print::time(made.expires_at),
                    made.link_ref
                ));
            }
        }
        if self.qr {
            show_qr(made, self.json)?;
        }
        Ok(())
    }
}

/// What is to be known of links that were made, and whose addresses nobody has.
fn unseen(made: &[&MadeLink]) -> String {
    match made {
        [one] => format!(
            "The link {} was made all the same: `wicketgate link revoke {}` ends it.",
            one.link_ref, one.link_ref
        ),
        many => format!(
            "{} links were made all the same, and expire unused: `wicketgate link list --state valid` shows them.",
            many.len()
        ),
    }
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
