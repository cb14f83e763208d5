//! Notices a proxy in front that the settings do not account for: without it limits take all visitors for one, and
//! nothing else would tell.

use crate::{
    peer::{self, Peer},
    settings::{ForwardedHeader, Settings},
};
use http::{HeaderMap, header};
use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};
use wicketgate_protocol::partner::{ServerWarning, WarningCode};

/// What was noticed since the start.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    /// The newest, for the first may have been anybody who played a proxy.
    unnamed: Mutex<Option<IpAddr>>,
    another: OnceLock<()>,
    silent: OnceLock<()>,
}

/// What is wrong with the proxy that a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// None is trusted.
    Unnamed(IpAddr),
    /// It is not among those that are trusted, so it may as well be a host that plays one.
    Another,
    /// It is among them, and does not say for whom it speaks.
    Silent,
}

/// What is wrong with the proxy that a request with these headers came through, if anything is.
pub(crate) fn fault(peer: Peer, headers: &HeaderMap, settings: &Settings) -> Option<Fault> {
    let header = &settings.forwarded_header;
    let from_trusted = peer::is_trusted(peer.address, &settings.trusted_proxies);
    // Encryption ends before this server, so what a page at the public address sent came through something.
    let from_page = settings.public_url.is_https()
        && headers
            .get(header::ORIGIN)
            .is_some_and(|origin| origin == settings.public_url.as_str());
    if from_trusted {
        let silent = from_page
            && peer::forwarded_for(headers, header)
                .iter()
                .all(Option::is_none);
        return silent.then_some(Fault::Silent);
    }
    let none_named = settings.trusted_proxies.is_empty();
    // Whoever comes from the internet can write such headers too, and shall raise no alarm where a proxy is named.
    let may_be_proxy = peer::is_near(peer.address) || none_named && settings.public_url.is_https();
    let speaks_for_others = may_be_proxy && peer::is_from_proxy(headers);
    if none_named {
        return (speaks_for_others || from_page).then_some(Fault::Unnamed(peer.address));
    }
    speaks_for_others.then_some(Fault::Another)
}

impl Proxies {
    /// Tells the log, once for each fault.
    pub(crate) fn note(&self, fault: Fault, header: &ForwardedHeader) {
        let header = header.name();
        match fault {
            Fault::Unnamed(proxy) => {
                let before = self.newest_unnamed().replace(proxy);
                if before.is_none() {
                    let network = named(proxy);
                    tracing::warn!(
                        "requests come through a proxy that is not trusted, so limits take all its visitors for one: \
                         start with --trusted-proxy {network} (WICKETGATE_TRUSTED_PROXY={network}), and let the proxy \
                         set {header}"
                    );
                }
            }
            Fault::Another => {
                if self.another.set(()).is_ok() {
                    tracing::warn!(
                        "an address that is no trusted proxy sends what proxies send: if it is a proxy of yours, name it \
                         with one more --trusted-proxy (WICKETGATE_TRUSTED_PROXY), for limits take all its visitors for \
                         one; if not, change nothing"
                    );
                }
            }
            Fault::Silent => {
                if self.silent.set(()).is_ok() {
                    tracing::warn!(
                        "the trusted proxy does not say for whom it speaks, so limits take all its visitors for one: \
                         let it set {header}, or name the header that it sets with --forwarded-header \
                         (WICKETGATE_FORWARDED_HEADER)"
                    );
                }
            }
        }
    }

    fn newest_unnamed(&self) -> MutexGuard<'_, Option<IpAddr>> {
        self.unnamed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What agents are told, for whoever runs the server.
    pub(crate) fn warnings(&self, header: &ForwardedHeader) -> Vec<ServerWarning> {
        let newest = self.newest_unnamed().map(named);
        // Which host nearby is a proxy, whoever named the others knows better.
        let another = self.another.get().map(|()| PLACEHOLDER.to_owned());
        let unnamed = newest.or(another).map(|network| ServerWarning {
            code: WarningCode::ProxyNotTrusted,
            remedy: format!("--trusted-proxy {network}"),
        });
        let silent = self.silent.get().map(|()| ServerWarning {
            code: WarningCode::ProxySilent,
            remedy: header.name().to_string(),
        });
        unnamed.into_iter().chain(silent).collect()
    }
}

/// What stands for an address that is not told.
const PLACEHOLDER: &str = "ADDRESS";

/// The address of a proxy nearby; no address of the internet is told or logged.
fn named(proxy: IpAddr) -> String {
    if peer::is_near(proxy) {
        proxy.to_string()
    } else {
        PLACEHOLDER.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;
    use std::net::SocketAddr;

    const PUBLIC: &str = "https://links.example.org";

    fn found(trusted: &[&str], peer: &str, name: &'static str, value: &str) -> Option<Fault> {
        let mut settings = Settings::new(PUBLIC.parse().unwrap());
        settings.trusted_proxies = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        let peer = SocketAddr::new(peer.parse().unwrap(), 40_000);
        fault(Peer::new(peer, None, &settings), &headers, &settings)
    }

    fn unnamed(proxy: &str) -> Fault {
        Fault::Unnamed(proxy.parse().unwrap())
    }

    #[test]
    fn a_proxy_that_nobody_named_is_noticed() {
        for name in [
            "x-forwarded-for",
            "forwarded",
            "via",
            "x-real-ip",
            "x-forwarded-proto",
        ] {
            assert_eq!(
                found(&[], "127.0.0.1", name, "x"),
                Some(unnamed("127.0.0.1"))
            );
            assert_eq!(
                found(&["10.0.0.1"], "10.0.0.2", name, "x"),
                Some(Fault::Another)
            );
            assert_eq!(
                found(&[], "203.0.113.9", name, "x"),
                Some(unnamed("203.0.113.9"))
            );
        }
        assert_eq!(
            found(&[], "127.0.0.1", "origin", PUBLIC),
            Some(unnamed("127.0.0.1"))
        );
    }

    #[test]
    fn a_trusted_proxy_that_says_nothing_is_noticed() {
        assert_eq!(
            found(&["::1"], "::1", "origin", PUBLIC),
            Some(Fault::Silent)
        );
    }

    #[test]
    fn where_all_is_well_nothing_is_noticed() {
        assert_eq!(found(&["::1"], "::1", "x-forwarded-for", "192.0.2.1"), None);
        // A program on the same machine, a page of another origin, a stranger who plays a proxy.
        assert_eq!(found(&[], "127.0.0.1", "accept", "*/*"), None);
        assert_eq!(found(&["::1"], "::1", "accept", "*/*"), None);
        assert_eq!(
            found(&[], "127.0.0.1", "origin", "https://evil.example"),
            None
        );
        assert_eq!(
            found(&["10.0.0.1"], "203.0.113.9", "x-forwarded-for", "192.0.2.1"),
            None
        );
    }

    #[test]
    fn of_proxies_that_nobody_named_the_newest_is_told() {
        let proxies = Proxies::default();
        let header = ForwardedHeader::USUAL;
        for proxy in ["10.0.0.66", "172.17.0.1", "127.0.0.1"] {
            proxies.note(unnamed(proxy), &header);
            let told = proxies.warnings(&header);
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].remedy, format!("--trusted-proxy {proxy}"));
        }
    }

    #[test]
    fn an_address_of_the_internet_is_not_told() {
        let proxies = Proxies::default();
        let header = ForwardedHeader::USUAL;
        assert!(proxies.warnings(&header).is_empty());
        proxies.note(Fault::Unnamed("203.0.113.9".parse().unwrap()), &header);
        proxies.note(Fault::Silent, &header);
        let told = proxies.warnings(&header);
        assert_eq!(told[0].remedy, "--trusted-proxy ADDRESS");
        assert_eq!(told[1].remedy, "x-forwarded-for");
    }
}
