//! For which names browsers are told to use https alone.

use std::str::FromStr;

/// Whom `Strict-Transport-Security` (RFC 6797) speaks for, where the public address is https.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hsts {
    /// Nobody: the header is left out.
    Off,
    /// The public host, and no other site of the same domain.
    #[default]
    Host,
    /// The public host and every name below it.
    Subdomains,
}

/// The text is none of the choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be host, subdomains or off")]
pub struct NotHsts;

impl FromStr for Hsts {
    type Err = NotHsts;

    fn from_str(text: &str) -> Result<Self, NotHsts> {
        match text {
            "off" => Ok(Self::Off),
            "host" => Ok(Self::Host),
            "subdomains" => Ok(Self::Subdomains),
            _ => Err(NotHsts),
        }
    }
}
