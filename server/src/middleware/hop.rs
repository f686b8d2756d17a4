//! Parses an address of a client or proxy as proxies write it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Reads an address in every form that proxies write: alone, with a port, in brackets, in quotes. Returns its canonical
/// form.
pub(crate) fn read_hop(bytes: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\t']);
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    // A zone (RFC 4007) has a meaning only on the proxy's own machine.
    if text.contains('%') {
        return None;
    }
    let address = if let Some(text) = text.strip_prefix('[')
        && let Some(text) = text.strip_suffix(']')
    {
        text.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    } else {
        text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
    };
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_all_its_forms() {
        for (text, address) in [
            ("203.0.113.9", "203.0.113.9"),
            (" 203.0.113.9\t", "203.0.113.9"),
            ("203.0.113.9:51234", "203.0.113.9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("\"203.0.113.9\"", "203.0.113.9"),
            // Without brackets, the last part belongs to the address and is no port.
            ("2001:db8::1:443", "2001:db8::1:443"),
        ] {
            assert_eq!(read_hop(text.as_bytes()), Some(address.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_an_address() {
        for text in [
            "",
            "unknown",
            "_hidden",
            "203.0.113",
            "203.0.113.9:",
            "203.0.113.9:99999",
            "203.0.113.09",
            "[203.0.113.9]",
            "[203.0.113.9]:80",
            "[2001:db8::1",
            "2001:db8::1]",
            "[2001:db8::1]443",
            "[]",
            "\"203.0.113.9",
            "for=203.0.113.9",
            "203.0.113.9 203.0.113.8",
            "localhost",
            "203.0.113.9\n",
            "fe80::1%eth0",
            "[fe80::1%1]",
            "[fe80::1%1]:443",
            "[2001:db8::1%0]:443",
        ] {
            assert_eq!(read_hop(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read_hop(b"203.0.113.9\xff"), None);
    }
}
