//! Which end of a chat something comes from.

use serde::{Deserialize, Serialize};

/// Which end of a chat a message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Whoever redeemed the link.
    Customer,
    /// One of the partner's agents or programs.
    Partner,
}

impl Role {
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Customer => 0,
            Self::Partner => 1,
        }
    }
}
