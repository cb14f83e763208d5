//! Links as their partner sees them: listed, shown, ended.

use wicketgate_protocol::link::{LinkList, LinkRow, State};

use super::ApiClient;
use crate::{error::Error, server::escaped};

/// How many rows come at a time.
const PAGE: u32 = 200;

/// Which links to list.
#[derive(Debug, Clone, Default)]
pub struct LinkFilter {
    /// Only those to the chat of this name.
    pub chat_id: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
}

impl ApiClient {
    /// Lists links, newest first, and hands each page of them over as it comes. Stops early where that says so.
    ///
    /// # Errors
    /// [`Error::Refused`] without the scope `links:read`.
    pub async fn links(
        &self,
        filter: &LinkFilter,
        mut page: impl FnMut(Vec<LinkRow>) -> std::ops::ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut wanted = vec![format!("limit={PAGE}")];
        let chat_id = filter.chat_id.as_deref();
        wanted.extend(chat_id.map(|chat_id| format!("chatId={}", escaped(chat_id))));
        wanted.extend(filter.state.map(|state| format!("state={}", name(state))));
        let first = format!("/api/links?{}", wanted.join("&"));
        let mut path = first.clone();
        loop {
            let list: LinkList = self.server.get(&path, Some(&self.bearer)).await?;
            if page(list.links).is_break() {
                return Ok(());
            }
            match list.next {
                Some(next) => path = format!("{first}&after={}", escaped(&next)),
                None => return Ok(()),
            }
        }
    }

    /// One link, by the public name of its row or by its id.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is none of that name.
    pub async fn link(&self, name: &str) -> Result<LinkRow, Error> {
        let path = format!("/api/links/{}", escaped(name));
        self.server.get(&path, Some(&self.bearer)).await
    }

    /// Ends a link that nobody has used, named by its row or by its id.
    ///
    /// # Errors
    /// [`Error::Refused`] with the link's state if it was used or has expired.
    pub async fn revoke(&self, name: &str) -> Result<LinkRow, Error> {
        let path = format!("/api/links/{}/revoke", escaped(name));
        let nothing = serde_json::Map::new();
        self.server.post(&path, Some(&self.bearer), &nothing).await
    }
}

const fn name(state: State) -> &'static str {
    match state {
        State::Valid => "valid",
        State::Used => "used",
        State::Expired => "expired",
        State::Revoked => "revoked",
        State::NotFound => "not_found",
    }
}
