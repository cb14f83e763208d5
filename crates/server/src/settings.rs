//! What an operator decides, in the only form in which the server takes it.

mod forwarded;
mod hsts;
mod network;
mod public_url;

pub use forwarded::{ForwardedHeader, NotHeader};
pub use hsts::{Hsts, NotHsts};
pub use network::{Network, NotNetwork};
pub use public_url::{PublicUrl, PublicUrlError};

use wicketgate_domain::Hash;

/// How a server is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the world calls this server.
    pub public_url: PublicUrl,
    /// The proxies whose forwarded header counts.
    pub trusted_proxies: Vec<Network>,
    /// Which header that is.
    pub forwarded_header: ForwardedHeader,
    /// For which names browsers are told to use https alone.
    pub hsts: Hsts,
    /// Whether rate limits hold.
    pub limits: bool,
    /// For how many days a dead link and an ended chat are kept.
    pub retention_days: u32,
    /// How many days the event log keeps what happened.
    pub event_days: u32,
    /// Who may set up a partner.
    pub setup: SetupGate,
    /// How many connections are served at once; more wait to be accepted.
    pub connections: usize,
}

impl Settings {
    /// How many connections are served at once unless told otherwise: below the usual limit of open files.
    pub const CONNECTIONS: usize = 18_000;

    /// Settings for that address, with the defaults for the rest and set-up closed.
    #[must_use]
    pub const fn new(public_url: PublicUrl) -> Self {
        Self {
            public_url,
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::USUAL,
            hsts: Hsts::Host,
            limits: true,
            retention_days: 30,
            event_days: 30,
            setup: SetupGate::CLOSED,
            connections: Self::CONNECTIONS,
        }
    }
}

/// Which set-up tokens are good. Only their hashes are held.
#[derive(Debug, Clone, Default)]
pub struct SetupGate {
    fixed: Option<Hash>,
    printed: Option<Hash>,
}

impl SetupGate {
    /// Nobody may set up.
    pub const CLOSED: Self = Self {
        fixed: None,
        printed: None,
    };

    /// The same gate with a token that stays good for further partners.
    #[must_use]
    pub fn with_fixed(mut self, token: &str) -> Self {
        self.fixed = Some(Hash::of(token.as_bytes()));
        self
    }

    /// The same gate with a token that is good while there is no partner.
    #[must_use]
    pub fn with_printed(mut self, token: &str) -> Self {
        self.printed = Some(Hash::of(token.as_bytes()));
        self
    }

    /// Which partners this token may set up; `None` is none at all.
    pub(crate) fn admits(&self, token: &str) -> Option<SetupPermit> {
        let hash = Hash::of(token.as_bytes());
        // Both are compared, and each in constant time, so that the answer's time says nothing.
        let fixed = self.fixed == Some(hash);
        let printed = self.printed == Some(hash);
        if fixed {
            Some(SetupPermit::Any)
        } else {
            printed.then_some(SetupPermit::First)
        }
    }
}

/// Which partners a set-up token may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetupPermit {
    /// The first of this server, and no other.
    First,
    /// Any.
    Any,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setup_token_admits_what_its_kind_allows() {
        let gate = SetupGate::default()
            .with_printed("once")
            .with_fixed("always");
        assert_eq!(gate.admits("once"), Some(SetupPermit::First));
        assert_eq!(gate.admits("always"), Some(SetupPermit::Any));
        assert_eq!(gate.admits("other"), None);
        assert_eq!(SetupGate::CLOSED.admits(""), None);
    }
}
