//! Groups client addresses into subnets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv6Net};

/// The network in which each IPv4 address has an IPv6 address (RFC 6052).
const NAT64: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// The addresses that count as one client: an IPv4 address, or all IPv6 addresses with the same first 64 bits, because
/// one client usually has all of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subnet(IpAddr);

impl Subnet {
    /// Stands for clients with an unknown address, and for the command line.
    pub const UNKNOWN: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// The subnet of an address, in any notation of it.
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) if NAT64.contains(&address) => {
                let [.., a, b, c, d] = address.octets();
                Self(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
            }
            address @ IpAddr::V6(_) => Self(network(address, 64)),
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// A larger network, such as an organization or a provider's customer commonly has: 256 IPv4 addresses, or 65,536
    /// IPv6 subnets.
    pub(crate) fn surroundings(self) -> IpAddr {
        network(self.0, if self.0.is_ipv4() { 24 } else { 48 })
    }

    /// The first address of the subnet.
    pub(crate) fn address(self) -> IpAddr {
        self.0
    }
}

/// The first address of the network of an address.
fn network(address: IpAddr, bits: u8) -> IpAddr {
    IpNet::new_assert(address, bits).network()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnet(address: &str) -> Subnet {
        Subnet::of(address.parse().unwrap())
    }

    #[test]
    fn all_forms_of_an_address_are_the_same_client() {
        for (one, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1"),
            ("192.0.2.1", "64:ff9b::192.0.2.1"),
            ("2001:db8::1", "2001:db8:0:0:ffff::"),
            ("2001:DB8::", "2001:0db8:0000:0000::1"),
        ] {
            assert_eq!(subnet(one), subnet(other), "{one} {other}");
        }
        for (one, other) in [
            ("192.0.2.1", "192.0.2.2"),
            ("2001:db8::1", "2001:db8:0:1::1"),
            ("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2"),
            ("64:ff9b::192.0.2.1", "64:ff9b:1::192.0.2.1"),
        ] {
            assert_ne!(subnet(one), subnet(other), "{one} {other}");
        }
    }

    #[test]
    fn the_surroundings_are_the_networks_of_one_customer() {
        for (one, other, is_one) in [
            ("192.0.2.1", "::ffff:192.0.2.255", true),
            ("192.0.2.1", "192.0.3.1", false),
            ("2001:db8:1:2::3", "2001:db8:1:ffff::", true),
            ("2001:db8:1:2::3", "2001:db8:2:2::3", false),
        ] {
            assert_eq!(subnet(one).surroundings() == subnet(other).surroundings(), is_one, "{one} {other}");
        }
    }
}
