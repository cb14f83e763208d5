//! From where a request comes: the peer's address, or what a trusted proxy says of it.

use crate::{app::AppState, settings::Network};
use axum::extract::FromRequestParts;
use http::{HeaderMap, request::Parts};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// The other end of the connection. The listener adds it to each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Extracts the address that limits count by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<Peer>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        Ok(Self(client(
            peer,
            &parts.headers,
            &state.settings.trusted_proxies,
        )))
    }
}

/// Walks the chain of proxies backwards from the peer, and stops at the first address that is not a trusted proxy.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for address in forwarded_for(headers).into_iter().rev() {
        // Beyond something that is no address, nothing can be known.
        let Some(address) = address else { break };
        client = address;
        if !is_trusted(address) {
            break;
        }
    }
    client
}

/// The addresses of `Forwarded` (RFC 7239), or else of `X-Forwarded-For`, in their order.
fn forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = |name: &str| {
        headers
            .get_all(name)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect::<Vec<_>>()
    };
    let forwarded = values("forwarded");
    if forwarded.is_empty() {
        return values("x-forwarded-for")
            .into_iter()
            .map(parse_node)
            .collect();
    }
    forwarded
        .into_iter()
        .map(|hop| {
            hop.split(';')
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|(name, _)| name.eq_ignore_ascii_case("for"))
                .and_then(|(_, node)| parse_node(node))
        })
        .collect()
}

/// An address with or without a port: `192.0.2.1`, `192.0.2.1:80`, `"[2001:db8::1]:80"`.
fn parse_node(node: &str) -> Option<IpAddr> {
    let node = node.trim_matches('"');
    if let Ok(address) = node.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = node.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    node.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn seen(peer: &str, name: &'static str, value: &str) -> String {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let header = "x-forwarded-for";
        assert_eq!(seen("203.0.113.9", header, "1.1.1.1"), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", header, "198.51.100.7"), "198.51.100.7");
        assert_eq!(
            seen("10.0.0.1", header, "1.1.1.1, 198.51.100.7, 10.0.0.2"),
            "198.51.100.7",
            "what stands before the first foreign address is its own claim"
        );
        assert_eq!(seen("10.0.0.1", header, "nonsense"), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", header, "1.1.1.1, x, 10.0.0.2"), "10.0.0.2");
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(
            seen(
                "::1",
                "forwarded",
                "for=1.1.1.1, for=\"[2001:db8::7]:4711\";proto=https"
            ),
            "2001:db8::7"
        );
        assert_eq!(seen("::1", "x-forwarded-for", "192.0.2.1:80"), "192.0.2.1");
        assert_eq!(
            seen("::1", "forwarded", "for=\"[2001:db8::7]\""),
            "2001:db8::7"
        );
    }
}
