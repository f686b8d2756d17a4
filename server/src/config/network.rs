//! Networks in CIDR notation, for the trusted proxies.

use std::net::IpAddr;

use ipnet::IpNet;

use super::SettingError;

/// All addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Parses `10.0.0.0/8`, `fd00::/8`, or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        // The parser of `ipnet` reads `010.0.0.1` too, which others take for octal numbers.
        let address: IpAddr = address.parse().ok()?;
        let network = match bits {
            Some(bits) => IpNet::new(address, bits.parse().ok()?).ok()?,
            None => address.into(),
        };
        match address.to_canonical() {
            // A network of IPv4 addresses in their IPv6 form. The first 96 bits only mark it as such.
            canonical @ IpAddr::V4(_) if address.is_ipv6() => {
                IpNet::new(canonical, network.prefix_len().checked_sub(96)?).ok().map(Self)
            }
            _ => Some(Self(network)),
        }
    }

    /// Whether an address is in the network. An IPv4 address in its IPv6 form counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// Parses `trusted_proxies`.
pub(super) fn networks(name: &'static str, text: &str) -> Result<Vec<Network>, SettingError> {
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    if parts == [""] {
        return Ok(Vec::new());
    }
    let networks = parts.iter().zip(1..).map(|(part, place)| {
        Network::parse(part).ok_or_else(|| {
            let given = format!("is not an address or a network at position {place}");
            SettingError::new(
                name,
                given,
                "Give addresses or networks separated by commas, such as 10.0.0.0/8,::1.",
            )
        })
    });
    networks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        Network::parse(network).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_contains_the_addresses_with_its_prefix() {
        assert!(contains("10.0.0.0/8", "10.255.0.1"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        assert!(contains("192.0.2.7", "192.0.2.7"));
        assert!(!contains("192.0.2.7", "192.0.2.8"));
        assert!(contains("0.0.0.0/0", "203.0.113.9"));
        assert!(!contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
    }

    #[test]
    fn an_ipv4_network_can_be_written_as_ipv6() {
        for address in ["127.0.0.1", "::ffff:127.0.0.1"] {
            assert!(contains("::ffff:127.0.0.1", address), "{address}");
            assert!(contains("::ffff:127.0.0.0/104", address), "{address}");
            assert!(contains("::FFFF:7f00:1/128", address), "{address}");
        }
        assert!(!contains("::ffff:127.0.0.1", "127.0.0.2"));
        assert!(!contains("::ffff:127.0.0.0/104", "128.0.0.1"));
        assert_eq!(Network::parse("::ffff:0.0.0.0/96"), Network::parse("0.0.0.0/0"));
        assert_eq!(Network::parse("::ffff:0.0.0.0/95"), None, "which is half in IPv4");
    }

    #[test]
    fn a_list_is_accepted_as_a_whole_or_refused_with_a_position() {
        assert_eq!(networks("trusted_proxies", "").unwrap(), []);
        assert_eq!(networks("trusted_proxies", "10.0.0.0/8, ::1").unwrap().len(), 2);
        for bad in [
            "10.0.0.0/33",
            "10.0.0.0/8,",
            "proxy.example.com,::1",
            "::1/129",
            "10.0.0.0/-1",
            "010.0.0.1",
            "10.0.0.0/256",
        ] {
            assert!(networks("trusted_proxies", bad).is_err(), "{bad}");
        }
        let error = networks("trusted_proxies", "::1,nonsense").unwrap_err();
        assert!(error.given.ends_with("at position 2"));
    }
}
