//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName};

use crate::config::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client, in its canonical form. Found in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The peer of the connection; behind trusted proxies, the last address that none of them vouches for.
    ///
    /// Whatever stands further left was written by the client itself, and may be anything.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let mut address = peer.to_canonical();
        let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
        if !is_trusted(address) {
            return Self(address);
        }
        let values: Vec<_> = headers.get_all(X_FORWARDED_FOR).iter().collect();
        let mut hops = values.iter().rev().flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        while is_trusted(address) {
            match hops.next().and_then(|hop| hop.trim().parse::<IpAddr>().ok()) {
                Some(hop) => address = hop.to_canonical(),
                None => break,
            }
        }
        Self(address)
    }

    /// The same of a request with its peer among its extensions.
    pub fn of_request(extensions: &Extensions, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Self::of(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), headers, trusted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Network;

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
    fn what_cannot_be_read_ends_the_search() {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        assert_eq!(client("10.0.0.1", &["198.51.100.1, unknown"], &trusted), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[], &trusted), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
    }
}
