//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName};

use super::{Seldom, read_hop};
use crate::config::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client, in its canonical form. Found in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The peer of the connection; behind trusted proxies, the last address that none of them vouches for.
    ///
    /// Whatever stands further left was written by the client itself, and may be anything. If what stands there cannot be
    /// read, the last proxy stands for its clients.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let found = find(peer, headers, trusted);
        Self(found.unwrap_or_else(|Unreadable { proxy }| {
            warn_of_unreadable(proxy);
            proxy
        }))
    }

    /// The same of a request with its peer among its extensions.
    pub fn of_request(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Self {
        Self::of(peer_of(extensions), headers, trusted)
    }
}

/// Whether somebody on this machine asks. Behind a trusted proxy it is the proxy's client that counts, and one whose address
/// cannot be read is not taken for the proxy.
pub(super) fn is_local(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> bool {
    find(peer_of(extensions), headers, trusted).is_ok_and(|address| address.is_loopback())
}

fn peer_of(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// A trusted proxy told something that is no address.
struct Unreadable {
    proxy: IpAddr,
}

fn find(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Result<IpAddr, Unreadable> {
    let mut address = peer.to_canonical();
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(address) {
        return Ok(address);
    }
    let values: Vec<_> = headers.get_all(X_FORWARDED_FOR).iter().collect();
    // As bytes, since a client's part of a value may be anything, and a proxy's part behind it must be read all the same.
    let hops = values.iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    // Lists may have empty places (RFC 9110, section 5.6.1).
    let mut hops = hops.filter(|hop| !hop.trim_ascii().is_empty());
    while is_trusted(address)
        && let Some(hop) = hops.next()
    {
        address = read_hop(hop).ok_or(Unreadable { proxy: address })?;
    }
    Ok(address)
}

/// Says now and then that a proxy's word for its clients cannot be read. Not what it was: a client may have written it.
fn warn_of_unreadable(proxy: IpAddr) {
    static SELDOM: Seldom = Seldom::new();
    if let Some(left_out) = SELDOM.may_say() {
        tracing::warn!(
            proxy.address = %proxy,
            left_out,
            "X-Forwarded-For of a trusted proxy cannot be read, so its own address stands for all its clients; have it \
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
    fn forwarded_addresses_mean_nothing_from_a_stranger() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        assert_eq!(client("203.0.113.9", &["198.51.100.1"], &trusted), "203.0.113.9");
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
    fn what_a_client_writes_before_the_proxy_changes_nothing() {
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
    fn what_cannot_be_read_ends_the_search() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown"], &trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"], &trusted), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "unknown,"], &trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[], &trusted), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
    }
}
