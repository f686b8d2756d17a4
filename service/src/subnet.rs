//! Groups client addresses into subnets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The beginning of `64:ff9b::/96`, in which each IPv4 address has an IPv6 address (RFC 6052).
const NAT64: u128 = 0x0064_ff9b << 96;

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
            IpAddr::V6(address) if address.to_bits() & !0xffff_ffff == NAT64 => {
                let [.., a, b, c, d] = address.octets();
                Self(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
            }
            IpAddr::V6(address) => Self(IpAddr::V6(first_bits(address, 64))),
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// A larger network, such as an organization or a provider's customer commonly has: 256 IPv4 addresses, or 65,536
    /// IPv6 subnets.
    pub(crate) fn surroundings(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Ipv4Addr::new(a, b, c, 0).into()
            }
            IpAddr::V6(address) => first_bits(address, 48).into(),
        }
    }

    /// The first address of the subnet.
    pub(crate) fn address(self) -> IpAddr {
        self.0
    }
}

fn first_bits(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
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
