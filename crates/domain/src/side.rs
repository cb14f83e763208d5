//! The two sides of a chat.

/// The two sides of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who holds a seat.
    Customer,
    /// The agents.
    Partner,
}

impl Side {
    /// The byte that stands for it in keys and transcripts.
    #[must_use]
    pub const fn role(self) -> u8 {
        match self {
            Self::Customer => 0,
            Self::Partner => 1,
        }
    }

    /// The side that this byte stands for.
    #[must_use]
    pub const fn from_role(role: u8) -> Option<Self> {
        match role {
            0 => Some(Self::Customer),
            1 => Some(Self::Partner),
            _ => None,
        }
    }
}
