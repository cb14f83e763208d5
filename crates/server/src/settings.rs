//! What an operator decides, in the only form in which the server takes it.

use std::{fmt, net::IpAddr, str::FromStr};
use url::{Host, Url};
use wicketgate_domain::Hash;

/// How a server is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the world calls this server.
    pub public_url: PublicUrl,
    /// The proxies whose forwarded headers count.
    pub trusted_proxies: Vec<Network>,
    /// Whether rate limits hold.
    pub limits: bool,
    /// For how many days a dead link and an ended chat are kept.
    pub retention_days: u32,
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
            limits: true,
            retention_days: 30,
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

    /// What this token allows: `None` is nothing, `Some(true)` the first partner only, `Some(false)` any.
    pub(crate) fn admits(&self, token: &str) -> Option<bool> {
        let hash = Hash::of(token.as_bytes());
        // Both are compared, and each in constant time, so that the answer's time says nothing.
        let fixed = self.fixed == Some(hash);
        let printed = self.printed == Some(hash);
        if fixed {
            Some(false)
        } else {
            printed.then_some(true)
        }
    }
}

/// The address under which the world reaches this server: scheme, host and port, and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    https: bool,
    authority: String,
    port: u16,
    loopback: bool,
}

/// Why an address can't be the public one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// It is no address, or has more than scheme, host and port.
    #[error("must be like https://links.example.org, with nothing after the host and port")]
    NotOrigin,
    /// Browsers give no encryption to pages from there.
    #[error("must begin with https:// unless the host is this machine (localhost)")]
    Insecure,
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let url = Url::parse(text).map_err(|_| PublicUrlError::NotOrigin)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        let (Some(host), Some(port), true) = (url.host(), url.port_or_known_default(), bare) else {
            return Err(PublicUrlError::NotOrigin);
        };
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(PublicUrlError::NotOrigin),
        };
        let loopback = is_loopback(&host);
        if !https && !loopback {
            return Err(PublicUrlError::Insecure);
        }
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        Ok(Self {
            origin: format!("{}://{authority}", url.scheme()),
            https,
            authority,
            port,
            loopback,
        })
    }
}

fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.as_ref();
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl PublicUrl {
    /// The origin, as browsers spell it: `https://links.example.org`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Whether it is reached encrypted.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// The origin of its socket: `wss://links.example.org`.
    #[must_use]
    pub fn socket_origin(&self) -> String {
        format!(
            "{}://{}",
            if self.https { "wss" } else { "ws" },
            self.authority
        )
    }

    /// Whether pages of that origin are this server's own. The names of the loopback on one port are one origin.
    #[must_use]
    pub fn is_own_origin(&self, origin: &str) -> bool {
        if origin == self.origin {
            return true;
        }
        if !self.loopback {
            return false;
        }
        Url::parse(origin).is_ok_and(|url| {
            (url.scheme() == "https") == self.https
                && url.port_or_known_default() == Some(self.port)
                && url.host().is_some_and(|host| is_loopback(&host))
                // Nothing but an origin: its own spelling is what the parser makes of it.
                && url.origin().ascii_serialization() == origin
        })
    }

    /// Whether a `Host` header names this server by another name of the loopback on the same port.
    #[must_use]
    pub fn is_other_loopback_name(&self, host: &str) -> bool {
        self.loopback
            && !host.eq_ignore_ascii_case(&self.authority)
            && self.is_own_origin(&format!(
                "{}://{}",
                if self.https { "https" } else { "http" },
                host.to_ascii_lowercase()
            ))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicUrl({})", self.origin)
    }
}

/// A stretch of addresses: `10.0.0.0/8`, `fd00::/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text names no stretch of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address or a network like 10.0.0.0/8")]
pub struct NotNetwork;

impl FromStr for Network {
    type Err = NotNetwork;

    fn from_str(text: &str) -> Result<Self, NotNetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotNetwork)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits
            .map_or(Ok(longest), str::parse)
            .map_err(|_| NotNetwork)?;
        if bits > longest {
            return Err(NotNetwork);
        }
        Ok(Self { address, bits })
    }
}

impl Network {
    /// Whether the address lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.bits);
                network.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.bits);
                network.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_an_origin_and_encrypted() {
        for good in [
            "https://links.example.org",
            "https://links.example.org:8443",
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            let url: PublicUrl = good.parse().unwrap();
            assert_eq!(url.as_str(), good);
        }
        for (wrong, error) in [
            ("links.example.org", PublicUrlError::NotOrigin),
            ("https://links.example.org/chat", PublicUrlError::NotOrigin),
            ("https://user@links.example.org", PublicUrlError::NotOrigin),
            ("ftp://links.example.org", PublicUrlError::NotOrigin),
            ("http://links.example.org", PublicUrlError::Insecure),
            ("http://192.168.1.2:3000", PublicUrlError::Insecure),
        ] {
            assert_eq!(wrong.parse::<PublicUrl>(), Err(error), "{wrong}");
        }
    }

    #[test]
    fn loopback_names_on_one_port_are_one_origin() {
        let local: PublicUrl = "http://localhost:3000".parse().unwrap();
        for own in [
            "http://localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert!(local.is_own_origin(own), "{own}");
        }
        let public: PublicUrl = "https://links.example.org".parse().unwrap();
        for (url, other) in [
            (&local, "http://localhost:3001"),
            (&local, "https://localhost:3000"),
            (&local, "http://localhost.example.org:3000"),
            (&local, "null"),
            (&local, ""),
            (&local, "http://127.0.0.1:3000/"),
            (&public, "http://links.example.org"),
            (&public, "https://links.example.org.evil.test"),
            (&public, "https://evil-links.example.org"),
            (&public, "https://links.example.org:444"),
            (&public, "https://LINKS.example.org"),
            (&public, "http://localhost:3000"),
            (&public, "null"),
        ] {
            assert!(!url.is_own_origin(other), "{other}");
        }
        assert!(local.is_other_loopback_name("127.0.0.1:3000"));
        assert!(!local.is_other_loopback_name("localhost:3000"));
        assert!(!local.is_other_loopback_name("example.org:3000"));
        assert!(!public.is_other_loopback_name("127.0.0.1:3000"));
    }

    #[test]
    fn networks_contain_what_they_should() {
        let network: Network = "10.0.0.0/8".parse().unwrap();
        assert!(network.contains("10.255.0.1".parse().unwrap()));
        assert!(network.contains("::ffff:10.0.0.1".parse().unwrap()));
        assert!(!network.contains("11.0.0.1".parse().unwrap()));
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("1.2.3.4".parse().unwrap()));
        let one: Network = "::1".parse().unwrap();
        assert!(one.contains("::1".parse().unwrap()) && !one.contains("::2".parse().unwrap()));
        for wrong in ["", "10.0.0.0/33", "10.0.0/8", "x", "::/129", "10.0.0.0/-1"] {
            assert_eq!(wrong.parse::<Network>(), Err(NotNetwork), "{wrong}");
        }
    }

    #[test]
    fn a_setup_token_admits_what_its_kind_allows() {
        let gate = SetupGate::default()
            .with_printed("once")
            .with_fixed("always");
        assert_eq!(gate.admits("once"), Some(true));
        assert_eq!(gate.admits("always"), Some(false));
        assert_eq!(gate.admits("other"), None);
        assert_eq!(SetupGate::CLOSED.admits(""), None);
    }
}
