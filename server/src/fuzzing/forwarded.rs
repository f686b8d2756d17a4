//! Fuzzes the client's address behind proxies, and compares it with a slow reference implementation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::{HeaderMap, HeaderValue};

use super::input::{lines, text, values};
use crate::config::Network;
use crate::middleware::{ClientAddress, read_hop};

/// The input is the address of the peer, the trusted networks separated by commas, and values of `X-Forwarded-For`.
pub fn forwarded(data: &[u8]) {
    let mut lines = lines(data);
    let peer = text(&mut lines).and_then(|text| text.parse().ok()).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let networks: Vec<_> = text(&mut lines).unwrap_or_default().split(',').filter_map(network).collect();
    let headers = values("x-forwarded-for", lines);

    let found = address(peer, &headers, &networks);
    let values: Vec<_> = headers.values().map(HeaderValue::as_bytes).collect();
    let hops: Vec<_> = values.iter().flat_map(|value| value.split(|byte| *byte == b',')).collect();
    assert_eq!(found, client(peer, &hops, &networks));
    assert_eq!(found, found.to_canonical());
    if !trusts(&networks, peer) {
        assert_eq!(found, peer.to_canonical(), "the headers of an untrusted peer are ignored");
    }
    for hop in &hops {
        assert_eq!(read_hop(hop), read(hop), "{}", String::from_utf8_lossy(hop));
    }
    print(found);
    add_own(peer, &hops, &networks, found);
}

fn address(peer: IpAddr, headers: &HeaderMap, networks: &[Network]) -> IpAddr {
    ClientAddress::of(peer, headers, networks).0
}

fn trusts(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// Parses a network. Checks that it contains the address that it is written with, in both its IPv4 and its IPv6 form.
fn network(text: &str) -> Option<Network> {
    let network = Network::parse(text)?;
    let written: IpAddr = text.split('/').next()?.parse().ok()?;
    assert!(network.contains(written) && network.contains(written.to_canonical()), "{text}");
    if let IpAddr::V4(address) = written {
        assert!(network.contains(IpAddr::V6(address.to_ipv6_mapped())), "{text}");
    }
    Some(network)
}

/// Goes from right to left through the hops for which a trusted address vouches. A hop that cannot be read ends the
/// search, and the result is the last hop before it.
fn client(peer: IpAddr, hops: &[&[u8]], networks: &[Network]) -> IpAddr {
    let mut client = peer.to_canonical();
    for hop in hops.iter().rev().filter(|hop| !hop.trim_ascii().is_empty()) {
        match read(hop) {
            Some(address) if trusts(networks, client) => client = address,
            _ => break,
        }
    }
    client
}

/// A hop: an address, alone or with a port. An IPv6 address can be in brackets, and the whole can be in quotes.
fn read(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim_matches([' ', '\t']);
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(text),
        None => text,
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let address = if let Some(rest) = text.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let is_end = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        IpAddr::V6(address.parse::<Ipv6Addr>().ok().filter(|_| is_end)?)
    } else if let Some((address, port)) = text.split_once(':')
        && let (Ok(address), true) = (address.parse::<Ipv4Addr>(), is_port(port))
    {
        IpAddr::V4(address)
    } else {
        text.parse().ok()?
    };
    Some(address.to_canonical())
}

/// An address is read the same in whatever form it is written.
fn print(address: IpAddr) {
    let forms = match address {
        IpAddr::V4(v4) => {
            let v6 = v4.to_ipv6_mapped();
            [
                format!("{v4}"),
                format!("\"{v4}:80\""),
                format!("{v6}"),
                format!("[{v6}]"),
                format!(" [{v6}]:65535 "),
            ]
        }
        IpAddr::V6(v6) => [
            format!("{v6}"),
            format!("\"{v6}\""),
            format!("[{v6}]"),
            format!("\"[{v6}]:0\""),
            format!("\t[{v6}]:443"),
        ],
    };
    for form in forms {
        assert_eq!(read_hop(form.as_bytes()), Some(address), "{form}");
    }
}

/// Nothing that a client writes before the address that a proxy adds changes the result.
fn add_own(peer: IpAddr, hops: &[&[u8]], networks: &[Network], client: IpAddr) {
    if !trusts(networks, peer) || trusts(networks, client) {
        return;
    }
    let value = [hops.join(&b','), format!(", {client}").into_bytes()].concat();
    let headers = values("x-forwarded-for", std::iter::once(value.as_slice()));
    assert_eq!(address(peer, &headers, networks), client);
}
