//! Finds the address of the client that sent a request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName};
use service::LogThrottle;

use super::read_hop;
use crate::config::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client in canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The peer of the connection. Behind trusted proxies, it is the rightmost address in `X-Forwarded-For` that is not
    /// a trusted proxy.
    ///
    /// Everything further left was written by the client and may be forged. If the address cannot be read, the address
    /// of the last proxy is used instead.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let found = find(peer, headers, trusted);
        Self(found.unwrap_or_else(|Unreadable { proxy }| {
            warn_of_unreadable(proxy);
            proxy
        }))
    }

    /// As [`Self::of`], with the peer from the extensions of the request.
    pub fn of_request(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Self {
        Self::of(peer_of(extensions), headers, trusted)
    }
}

/// Whether the request comes from this machine. Behind a trusted proxy, the address of the proxy's client counts. If
/// that address cannot be read, the request does not count as local.
pub(super) fn is_local(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> bool {
    find(peer_of(extensions), headers, trusted).is_ok_and(|address| address.is_loopback())
}

fn peer_of(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// A trusted proxy sent a forwarded address that cannot be parsed.
struct Unreadable {
    proxy: IpAddr,
}

fn find(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Result<IpAddr, Unreadable> {
    let mut address = peer.to_canonical();
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(address) {
        if headers.contains_key(X_FORWARDED_FOR) {
            note_untrusted(address);
        }
        return Ok(address);
    }
    let values: Vec<_> = headers.get_all(X_FORWARDED_FOR).iter().collect();
    // The values are split as bytes: the client's part of a value may be anything, and the part that the proxy appended
    // must be readable all the same.
    let hops = values.iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    // Lists may have empty elements (RFC 9110, section 5.6.1).
    let mut hops = hops.filter(|hop| !hop.trim_ascii().is_empty());
    while is_trusted(address)
        && let Some(hop) = hops.next()
    {
        address = read_hop(hop).ok_or(Unreadable { proxy: address })?;
    }
    Ok(address)
}

/// Requests with `X-Forwarded-For` whose peer is not a trusted proxy.
static UNTRUSTED: AtomicU64 = AtomicU64::new(0);

/// How many requests had an `X-Forwarded-For` that was ignored, because their peer is not a trusted proxy.
pub fn untrusted_forwarded() -> u64 {
    UNTRUSTED.load(Ordering::Relaxed)
}

/// Counts such a request, and logs one an hour. Usually the peer is a proxy that the operator has not named, so all its
/// clients count as one. Any client can send the header as well.
fn note_untrusted(peer: IpAddr) {
    static THROTTLE: LogThrottle = LogThrottle::once_an_hour();
    UNTRUSTED.fetch_add(1, Ordering::Relaxed);
    if let Some(left_out) = THROTTLE.should_log() {
        tracing::warn!(
            peer.address = %peer,
            left_out,
            "X-Forwarded-For was ignored, because this address is not a trusted proxy; if it is your proxy, name it in \
             trusted_proxies, or else all its clients count as one"
        );
    }
}

/// Logs, at most once a minute, that a proxy's `X-Forwarded-For` cannot be read. The value is not logged, because a
/// client may have written it.
fn warn_of_unreadable(proxy: IpAddr) {
    static THROTTLE: LogThrottle = LogThrottle::once_a_minute();
    if let Some(left_out) = THROTTLE.should_log() {
        tracing::warn!(
            proxy.address = %proxy,
            left_out,
            "X-Forwarded-For of a trusted proxy cannot be read, so all its clients count as one; configure the proxy to \
             send their addresses"
        );
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&'static str], trusted: &[Network]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        ClientAddress::of(peer.parse().unwrap(), &headers, trusted).0.to_string()
    }

    #[test]
    fn forwarded_addresses_from_untrusted_peers_are_ignored() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &trusted), "203.0.113.9");
    }

    #[test]
    fn a_forwarded_address_that_is_ignored_is_counted() {
        let before = untrusted_forwarded();
        client("203.0.113.9", &["198.51.100.1"], &[]);
        assert!(untrusted_forwarded() > before);
    }

    #[test]
    fn the_rightmost_untrusted_address_counts() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["::ffff:198.51.100.1"], &trusted), "198.51.100.1");
    }

    #[test]
    fn an_address_is_read_however_the_proxy_writes_it() {
        let trusted =
            ["10.0.0.0/8", "::ffff:127.0.0.1", "2001:db8:1::/48"].map(|text| Network::parse(text).unwrap());
        for forwarded in [
            "203.0.113.9:51234",
            "1.1.1.1, 203.0.113.9",
            "203.0.113.9,",
            "203.0.113.9, ,",
            ",203.0.113.9 , 10.0.0.2:80,",
            "::ffff:203.0.113.9",
            "\"203.0.113.9:51234\"",
            "203.0.113.9, [2001:db8:1::7]:443",
        ] {
            for peer in ["10.0.0.1", "127.0.0.1", "::ffff:127.0.0.1", "2001:db8:1::1"] {
                assert_eq!(client(peer, &[forwarded], &trusted), "203.0.113.9", "{peer} {forwarded}");
            }
        }
        assert_eq!(client("127.0.0.1", &["[2001:db8::1]:443"], &trusted), "2001:db8::1");
        assert_eq!(client("127.0.0.1", &["203.0.113.9", ","], &trusted), "203.0.113.9");
    }

    #[test]
    fn addresses_that_the_client_sent_are_ignored() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        for own in [b"1.1.1.1".as_slice(), b"\xff", b"unknown", b"\"", b"10.0.0.9, x", b""] {
            let mut headers = HeaderMap::new();
            let value = [own, b", 198.51.100.1"].concat();
            headers.append("x-forwarded-for", HeaderValue::from_bytes(&value).unwrap());
            let found = ClientAddress::of("10.0.0.1".parse().unwrap(), &headers, &trusted);
            assert_eq!(found.0.to_string(), "198.51.100.1", "{own:?}");
        }
    }

    #[test]
    fn an_unreadable_address_ends_the_search() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown"], &trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "unknown,"], &trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[], &trusted), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
    }
}
