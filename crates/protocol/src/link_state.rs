//! Where a link stands, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::link::LinkState;

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It opens its chat.
    Valid,
    /// It was redeemed.
    Used,
    /// Its time passed before anyone used it.
    Expired,
    /// The partner ended it.
    Revoked,
    /// There is no such link.
    NotFound,
}

impl State {
    /// What people are told of a link in this state: the sentences of the contract, to the letter.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Valid => "Link is valid",
            Self::Used => "Link has already been used",
            Self::Expired => "Link has expired",
            Self::Revoked => "Link has been revoked",
            Self::NotFound => "Link not found",
        }
    }
}

impl From<LinkState> for State {
    fn from(state: LinkState) -> Self {
        match state {
            LinkState::Valid => Self::Valid,
            LinkState::Used => Self::Used,
            LinkState::Expired => Self::Expired,
            LinkState::Revoked => Self::Revoked,
        }
    }
}
