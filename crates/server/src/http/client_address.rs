//! Extracts from where a request comes.

use crate::{
    peer::{self, Client, Peer},
    state::AppState,
};
use axum::extract::FromRequestParts;
use http::request::Parts;
use std::convert::Infallible;

/// Extracts whom limits count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) Client);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = Peer::of(&parts.extensions);
        Ok(Self(peer::client(peer, &parts.headers, &state.settings)))
    }
}
