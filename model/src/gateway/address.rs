//! Addresses in a proxy's configuration: those of this server and of the upstream.

use std::fmt;

use crate::field::{FieldError, Rule};

/// Longest host, in bytes.
const HOST_BYTES_MAX: usize = 255;

/// `http://` or `https://`, a host and an optional port, and nothing else. Addresses are written into configuration
/// files, so they must not contain characters that end a token there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAddress {
    is_https: bool,
    host: String,
    port: u16,
}

impl ProxyAddress {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let wrong =
            || FieldError::new(Rule::ValueError, "Use an address such as https://keys.example.com:8443.");
        let (is_https, rest) = match text.split_once("://") {
            Some(("http", rest)) => (false, rest),
            Some(("https", rest)) => (true, rest),
            _ => return Err(wrong()),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let is_port =
            |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if is_port(port) => (host, Some(port.parse().map_err(|_| wrong())?)),
            _ => (rest, None),
        };
        let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_host = match inner {
            Some(ip) => ip.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
                    && host.bytes().any(|byte| byte.is_ascii_alphanumeric())
            }
        };
        if !is_host || host.len() > HOST_BYTES_MAX || port == Some(0) {
            return Err(wrong());
        }
        let usual = if is_https { 443 } else { 80 };
        Ok(Self { is_https, host: host.to_owned(), port: port.unwrap_or(usual) })
    }

    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host. IPv6 addresses are in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The host without brackets.
    pub fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }

    /// Host and port, separated by a colon.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { is_https, host, port } = self;
        let is_usual = *port == if *is_https { 443 } else { 80 };
        write!(f, "{}://{host}", self.scheme())?;
        if is_usual { Ok(()) } else { write!(f, ":{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_a_port() {
        for (text, shown, port) in [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000", 3000),
            ("https://keys.example.com/", "https://keys.example.com", 443),
            ("http://[::1]:80", "http://[::1]", 80),
        ] {
            let address = ProxyAddress::parse(text).unwrap();
            assert_eq!((address.to_string().as_str(), address.port()), (shown, port));
        }
    }

    #[test]
    fn nothing_but_an_address_gets_into_a_configuration() {
        for text in [
            "",
            "keys.example",
            "ftp://keys",
            "http://",
            "http://:80",
            "http://a b",
            "http://a;b",
            "http://a/b",
            "http://a\n",
            "http://u@a",
            "http://a:99999",
            "http://a:0",
            "http://a:b",
            "http://[x]",
            "http://{$a}",
            "http://a?b",
            "HTTP://a",
            "http://..",
            "http://[::1",
        ] {
            assert!(ProxyAddress::parse(text).is_err(), "{text}");
        }
    }
}
