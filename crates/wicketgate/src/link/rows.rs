//! `wicketgate link list`, `show` and `revoke`: links as their rows at the server say.

use std::ops::ControlFlow;

use clap::{Args, ValueEnum};
use serde::Serialize;
use wicketgate_client::{
    AddressError, Device, Error, Instant, Kind, LinkAddress, LinkFilter, LinkRow, State,
};

use crate::{access::Access, failure::Failure, given, print};

/// `wicketgate link list`
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    access: Access,
    /// Only links to the chat of this name
    #[arg(long, value_name = "ID")]
    chat: Option<String>,
    /// Only links in this state
    #[arg(long, value_name = "STATE")]
    state: Option<Standing>,
    /// Print one JSON object for each link, on a line of its own
    #[arg(long)]
    json: bool,
}

/// `wicketgate link show`
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    link: Named,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `wicketgate link revoke`
#[derive(Debug, Args)]
#[command(
    about = "End a link that nobody has used",
    long_about = "End a link that nobody has used. One that was revoked before stays so. One that was used or has expired \
                  can't be revoked: that is said, and the exit status is 2."
)]
pub(crate) struct Revoke {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    link: Named,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Which link is meant.
#[derive(Debug, Args)]
struct Named {
    /// The link: the ref of its row, its id, or its address
    #[arg(value_name = "LINK", allow_hyphen_values = true)]
    link: String,
}

impl Named {
    /// The name that the server knows it by. Of an address no more than the id is sent: what is behind the # is not.
    fn name(&self) -> Result<String, Failure> {
        const PATH: &str = "/secure/chat/";
        match LinkAddress::parse(&self.link) {
            Ok(address) => return Ok(address.link_id().to_string()),
            Err(error @ AddressError::Several) => return Err(Error::from(error).into()),
            // A ref or an id, or an address of which the secret was left out.
            Err(AddressError::Address | AddressError::Fragment) => {}
        }
        let name: String = match self.link.split_once(PATH) {
            Some((_, rest)) => {
                let word = given::code(rest.split_whitespace().next().unwrap_or_default());
                word.chars().take_while(|one| is_of_name(*one)).collect()
            }
            None => given::code(&self.link).to_string(),
        };
        if name.len() == LENGTH_OF_NAME && name.chars().all(is_of_name) {
            Ok(name)
        } else {
            Err(Failure::new(
                "This names no link: give the ref of its row, its id, or its whole address.",
            ))
        }
    }
}

/// Refs and ids are sixteen bytes in base64url.
const LENGTH_OF_NAME: usize = 22;

const fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Standing {
    Valid,
    Used,
    Expired,
    Revoked,
}

impl From<Standing> for State {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Valid => Self::Valid,
            Standing::Used => Self::Used,
            Standing::Expired => Self::Expired,
            Standing::Revoked => Self::Revoked,
        }
    }
}

/// A row for programs: what a program may want to know of a link, without what only the desk can open.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(rename = "ref")]
    link_ref: &'a str,
    state: State,
    kind: Kind,
    chat_id: &'a str,
    chat_ref: &'a str,
    created_at: Instant,
    expires_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<Device>,
    later_attempts: u32,
    made_by_key: bool,
}

/// Lists links.
pub(crate) async fn list(list: List) -> Result<(), Failure> {
    let filter = LinkFilter {
        chat_id: list.chat,
        state: list.state.map(Into::into),
    };
    let client = list.access.client()?;
    client
        .links(&filter, |page| {
            for row in &page {
                show_row(row, list.json);
            }
            // Where nobody reads, the next page needs not be asked for.
            if print::is_broken() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .await
        .map_err(Into::into)
}

/// Shows one link.
pub(crate) async fn show(show: Show) -> Result<(), Failure> {
    let name = show.link.name()?;
    let row = show.access.client()?.link(&name).await?;
    show_row(&row, show.json);
    Ok(())
}

/// Ends a link.
pub(crate) async fn revoke(revoke: Revoke) -> Result<(), Failure> {
    let name = revoke.link.name()?;
    let row = revoke.access.client()?.revoke(&name).await?;
    show_row(&row, revoke.json);
    Ok(())
}

fn show_row(row: &LinkRow, is_json: bool) {
    if is_json {
        print::json(&Row {
            link_ref: &row.link_ref,
            state: row.state,
            kind: row.kind,
            chat_id: &row.chat_id,
            chat_ref: &row.chat_ref,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
            revoked_at: row.revoked_at,
            device: row.device,
            later_attempts: row.later_attempts,
            made_by_key: row.made_by_key,
        });
    } else {
        let (word, since) = standing(row);
        print::line(&format!(
            "{}  {word:<13} {}  {}",
            row.link_ref,
            print::time(since.0.millis()),
            print::neutral(&row.chat_id)
        ));
    }
}

/// The state in words, and the time that belongs to it.
fn standing(row: &LinkRow) -> (&'static str, Instant) {
    match row.state {
        State::Used => ("used at", row.used_at.unwrap_or(row.created_at)),
        State::Revoked => ("revoked at", row.revoked_at.unwrap_or(row.created_at)),
        State::Expired => ("expired at", row.expires_at),
        State::Valid => ("valid until", row.expires_at),
        State::NotFound => ("not found", row.created_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_named_by_its_ref_its_id_or_its_address() {
        let id = "AZ-_0123456789abcdefhg";
        let secret = "1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let (begin, rest) = id.split_at(9);
        let name = |link: &str| {
            let link = link.to_owned();
            Named { link }.name().ok()
        };
        for link in [
            id.to_owned(),
            format!(" {id}\n"),
            format!("https://chat.example/secure/chat/{id}#1.secret"),
            format!("https://chat.example/secure/chat/{id}"),
            format!("https://chat.example/secure/chat/{id}%231.secret?utm=x"),
            format!("Open https://chat.example/secure/chat/{id}#2.x please"),
            format!("Open https://chat.example/secure/chat/{id} please"),
            format!("https://chat.example/secure/chat/\u{200b}{id}\u{ad}#2.x"),
            format!("https://chat.example/secure/chat/{id}#{secret}"),
            format!("> https://chat.example/secure/chat/{begin}=\r\n> {rest}#{secret}"),
            format!("https://chat.example/sec\n  ure/chat/{id}#{secret}"),
            format!("https%3A%2F%2Fchat.example%2Fsecure%2Fchat%2F{id}%23{secret}&d=x"),
            format!(
                "https://gate.example/?u=https%253A%252F%252Fc.example%252Fsecure%252Fchat%252F{id}%2523{secret}"
            ),
        ] {
            assert_eq!(name(&link).as_deref(), Some(id), "{link}");
        }
        for link in [
            "",
            "AZ",
            &id[1..],
            "https://chat.example/",
            "https://chat.example/secure/chat/",
            "../keys/0123456789abcd",
            &format!(
                "https://c/secure/chat/{id}#{secret} https://c/secure/chat/{id}#2.8PHy8_T19vf4-fr7_P3-_w"
            ),
        ] {
            assert_eq!(name(link), None, "{link}");
        }
    }
}
