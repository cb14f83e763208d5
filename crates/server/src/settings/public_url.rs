//! The address under which the world reaches the server, and which other origins are the same.

use std::{fmt, str::FromStr};
use url::{Host, Url};

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
    /// Nothing can be reached on port 0.
    #[error("must not name the port 0, on which nothing can be reached")]
    NoPort,
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
        if port == 0 {
            return Err(PublicUrlError::NoPort);
        }
        if let Host::Domain(name) = &host
            && (name.contains('*') || name.split('.').any(str::is_empty))
        {
            return Err(PublicUrlError::NotOrigin);
        }
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

    /// Its port, also where the scheme says it.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
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
        for (typed, meant) in [
            ("HTTPS://Links.Example.ORG", "https://links.example.org"),
            ("https://links.example.org:443", "https://links.example.org"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let url: PublicUrl = typed.parse().unwrap();
            assert_eq!(url.as_str(), meant);
        }
        for (wrong, error) in [
            ("links.example.org", PublicUrlError::NotOrigin),
            ("https://links.example.org/chat", PublicUrlError::NotOrigin),
            ("https://user@links.example.org", PublicUrlError::NotOrigin),
            ("ftp://links.example.org", PublicUrlError::NotOrigin),
            ("https://*.example.org", PublicUrlError::NotOrigin),
            ("https://links.example.org.", PublicUrlError::NotOrigin),
            ("https://links..example.org", PublicUrlError::NotOrigin),
            ("https://links.example.org?", PublicUrlError::NotOrigin),
            ("https://", PublicUrlError::NotOrigin),
            ("http://links.example.org", PublicUrlError::Insecure),
            ("http://192.168.1.2:3000", PublicUrlError::Insecure),
            ("http://localhost:0", PublicUrlError::NoPort),
            ("https://links.example.org:0", PublicUrlError::NoPort),
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
}
