//! From where a request comes: the peer's address, or what a trusted proxy says of it.

use crate::settings::{ForwardedHeader, Network, Settings};
use http::{Extensions, HeaderMap, HeaderName, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Headers that proxies set, and browsers don't.
const OF_PROXIES: [HeaderName; 6] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// The other end of the connection. The listener adds it to each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    /// Whether the public address leads to some other place than where this server listens.
    fronted: bool,
}

impl Peer {
    /// Whoever connected from there to that port of this machine.
    pub(crate) fn new(address: SocketAddr, port: Option<u16>, settings: &Settings) -> Self {
        let url = &settings.public_url;
        let elsewhere = port.is_some_and(|port| port != url.port());
        Self {
            address: address.ip().to_canonical(),
            fronted: url.is_https() || elsewhere,
        }
    }

    /// Whoever sent the request to which these belong.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self::NONE)
    }

    /// Whoever calls without a connection.
    const NONE: Self = Self {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        fronted: false,
    };
}

/// Who calls, as far as limits can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// The client's own address.
    At(IpAddr),
    /// One of all those who seem to be at the address of a proxy. What it says of its clients may be what they say of
    /// themselves, so it can set them apart, but gives nobody more than they have together.
    Behind { proxy: IpAddr, says: Option<IpAddr> },
}

/// Whom limits count, of a request with these headers from that peer.
pub(crate) fn client(peer: Peer, headers: &HeaderMap, settings: &Settings) -> Client {
    let trusted = &settings.trusted_proxies;
    let chain = forwarded_for(headers, &settings.forwarded_header);
    if is_trusted(peer.address, trusted) {
        return first_foreign(&chain, trusted).map_or(
            Client::Behind {
                proxy: peer.address,
                says: None,
            },
            Client::At,
        );
    }
    // A browser is not on this machine or in its network and sends what proxies send, too. Where the proxies are named,
    // whoever else is near speaks for itself, and gets no more by saying otherwise.
    let through_proxy =
        trusted.is_empty() && is_near(peer.address) && (is_from_proxy(headers) || peer.fronted);
    if through_proxy {
        Client::Behind {
            proxy: peer.address,
            says: chain.last().copied().flatten(),
        }
    } else {
        Client::At(peer.address)
    }
}

/// Whether the headers are such as a browser doesn't send by itself, and a proxy does.
pub(crate) fn is_from_proxy(headers: &HeaderMap) -> bool {
    OF_PROXIES.iter().any(|name| headers.contains_key(name))
}

pub(crate) fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// Walks the chain of proxies backwards, up to the first address that is not a trusted proxy. Beyond something that is
/// no address, nothing can be known.
fn first_foreign(chain: &[Option<IpAddr>], trusted: &[Network]) -> Option<IpAddr> {
    let mut client = None;
    for address in chain.iter().rev() {
        let Some(address) = *address else { break };
        client = Some(address);
        if !is_trusted(address, trusted) {
            break;
        }
    }
    client
}

/// Whether an address is of this machine or of a network that is not the internet.
pub(crate) fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            // Carriers' own addresses (RFC 6598), which overlay networks use as well.
            let shared = first == 100 && second & 0xC0 == 64;
            address.is_loopback() || address.is_private() || address.is_link_local() || shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// The addresses of the header that counts, in their order; `None` for what is no address.
pub(crate) fn forwarded_for(headers: &HeaderMap, header: &ForwardedHeader) -> Vec<Option<IpAddr>> {
    headers
        .get_all(header.name())
        .into_iter()
        // Bytes, for what a client writes before the proxy's own word may be no text.
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|hop| {
            let hop = str::from_utf8(hop).ok()?.trim();
            if header.is_standard() {
                return node_of(hop);
            }
            parse_node(hop)
        })
        .collect()
}

/// The address of one element of `Forwarded` (RFC 7239).
fn node_of(hop: &str) -> Option<IpAddr> {
    hop.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("for"))
        .and_then(|(_, node)| parse_node(node))
}

/// An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `"[2001:db8::1]:80"`.
fn parse_node(node: &str) -> Option<IpAddr> {
    let node = node.trim_matches('"');
    if let Ok(address) = node.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(address) = node.parse::<SocketAddr>() {
        return Some(address.ip().to_canonical());
    }
    node.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn settings(url: &str, trusted: &[&str]) -> Settings {
        let mut settings = Settings::new(url.parse().unwrap());
        settings.trusted_proxies = trusted.iter().map(|text| text.parse().unwrap()).collect();
        settings
    }

    fn seen(settings: &Settings, peer: &str, headers: &[(&'static str, &[u8])]) -> Client {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = http::HeaderValue::from_bytes(value).unwrap();
            map.append(HeaderName::from_static(name), value);
        }
        let peer = SocketAddr::new(address(peer), 40_000);
        client(Peer::new(peer, Some(3000), settings), &map, settings)
    }

    fn at(text: &str) -> Client {
        Client::At(address(text))
    }

    fn behind(proxy: &str, says: Option<&str>) -> Client {
        Client::Behind {
            proxy: address(proxy),
            says: says.map(address),
        }
    }

    const LOCAL: &str = "http://localhost:3000";
    const PUBLIC: &str = "https://links.example.org";
    const USUAL: &str = "x-forwarded-for";

    #[test]
    fn only_trusted_proxies_are_believed() {
        let settings = settings(PUBLIC, &["10.0.0.0/8", "::1"]);
        let cases: [(&str, &[u8], Client); 6] = [
            ("203.0.113.9", b"1.1.1.1", at("203.0.113.9")),
            ("10.0.0.1", b"198.51.100.7", at("198.51.100.7")),
            // What stands before the first foreign address is its own claim.
            (
                "10.0.0.1",
                b"1.1.1.1, 198.51.100.7, 10.0.0.2",
                at("198.51.100.7"),
            ),
            (
                "::ffff:10.0.0.1",
                b"\xFF, ::ffff:198.51.100.7",
                at("198.51.100.7"),
            ),
            ("10.0.0.1", b"1.1.1.1, x, 10.0.0.2", at("10.0.0.2")),
            ("10.0.0.1", b"nonsense", behind("10.0.0.1", None)),
        ];
        for (peer, value, expected) in cases {
            assert_eq!(seen(&settings, peer, &[(USUAL, value)]), expected);
        }
    }

    #[test]
    fn only_the_header_that_was_chosen_counts() {
        let mut settings = settings(PUBLIC, &["::1"]);
        let both: [(&'static str, &[u8]); 3] = [
            (
                "forwarded",
                b"for=1.1.1.1, for=\"[2001:db8::7]:4711\";proto=https",
            ),
            ("x-forwarded-for", b"192.0.2.1:80"),
            ("x-real-ip", b"192.0.2.3"),
        ];
        assert_eq!(seen(&settings, "::1", &both), at("192.0.2.1"));
        settings.forwarded_header = "Forwarded".parse().unwrap();
        assert_eq!(seen(&settings, "::1", &both), at("2001:db8::7"));
        settings.forwarded_header = "X-Real-IP".parse().unwrap();
        assert_eq!(seen(&settings, "::1", &both), at("192.0.2.3"));
        let quoted: &[u8] = b"proto=https;For=\"[2001:db8::7]\"";
        settings.forwarded_header = "Forwarded".parse().unwrap();
        assert_eq!(
            seen(&settings, "::1", &[("forwarded", quoted)]),
            at("2001:db8::7")
        );
    }

    #[test]
    fn a_proxy_that_nobody_named_stands_for_everybody_behind_it() {
        let named: &[(&'static str, &[u8])] = &[(USUAL, b"1.1.1.1, 198.51.100.7")];
        for proxy in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "172.17.0.1",
            "192.168.0.9",
            "100.64.0.1",
            "fd00::1",
        ] {
            for url in [LOCAL, PUBLIC] {
                let settings = settings(url, &[]);
                let expected = behind(proxy, Some("198.51.100.7"));
                assert_eq!(seen(&settings, proxy, named), expected, "{proxy} {url}");
            }
        }
        let other: &[(&'static str, &[u8])] = &[("x-forwarded-proto", b"https")];
        assert_eq!(
            seen(&settings(LOCAL, &[]), "::1", other),
            behind("::1", None)
        );
        // Who comes from the internet itself is no proxy because it says so.
        assert_eq!(
            seen(&settings(PUBLIC, &[]), "203.0.113.9", named),
            at("203.0.113.9")
        );
    }

    #[test]
    fn where_a_proxy_is_named_no_other_host_nearby_is_one() {
        let headers: [&[(&'static str, &[u8])]; 3] = [
            &[(USUAL, b"198.51.100.7")],
            &[("via", b"1.1 x"), ("x-real-ip", b"198.51.100.7")],
            &[],
        ];
        for url in [LOCAL, PUBLIC] {
            let settings = settings(url, &["10.0.0.1"]);
            for neighbour in ["10.0.0.2", "127.0.0.1", "fd00::2"] {
                for headers in headers {
                    let found = seen(&settings, neighbour, headers);
                    assert_eq!(found, at(neighbour), "{neighbour} {url}");
                }
            }
        }
    }

    #[test]
    fn a_silent_proxy_is_known_by_the_address_that_leads_to_it() {
        assert_eq!(
            seen(&settings(PUBLIC, &[]), "127.0.0.1", &[]),
            behind("127.0.0.1", None)
        );
        let elsewhere = settings("http://localhost:8080", &[]);
        assert_eq!(
            seen(&elsewhere, "127.0.0.1", &[]),
            behind("127.0.0.1", None)
        );
        assert_eq!(
            seen(&settings(LOCAL, &[]), "127.0.0.1", &[]),
            at("127.0.0.1")
        );
        assert_eq!(
            seen(&settings(PUBLIC, &[]), "203.0.113.9", &[]),
            at("203.0.113.9")
        );
        // A program on the same machine goes past the proxy that was named.
        let named = settings(PUBLIC, &["10.0.0.1"]);
        assert_eq!(seen(&named, "127.0.0.1", &[]), at("127.0.0.1"));
    }
}
