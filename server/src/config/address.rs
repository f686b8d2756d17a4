//! The addresses at which the console may be opened.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::SettingError;

/// Scheme, host and port, as a browser sends them in `Origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    is_secure: bool,
    /// In lower case. An IPv6 address is in brackets.
    host: String,
    port: u16,
}

/// The names under which a browser on this machine can open the console without a public address.
pub const THIS_MACHINE: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

impl Origin {
    /// An origin on this machine, without TLS.
    pub fn local(host: &str, port: u16) -> Self {
        Self { is_secure: false, host: host.to_owned(), port }
    }

    /// An origin with TLS. `host` is in lower case, and an IPv6 address in brackets.
    pub fn secure(host: &str, port: u16) -> Self {
        Self { is_secure: true, host: host.to_owned(), port }
    }

    /// The origin without TLS that a `Host` header names, if it is a name of this machine. Any port will do.
    pub fn of_this_machine(header: &str) -> Option<Self> {
        let (host, port) = named(header, THIS_MACHINE)?;
        Some(Self::local(&host, port.unwrap_or(80)))
    }

    /// The origin with TLS that a `Host` header names, if it is one of `names`. Any port will do.
    pub fn secure_among<'a>(header: &str, names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let (host, port) = named(header, names)?;
        Some(Self::secure(&host, port.unwrap_or(443)))
    }

    /// Parses an address by the rules for [`HttpSettings::public_url`](super::HttpSettings::public_url).
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        public_url("public_url", text)
    }

    /// Whether a `Host` header names this origin. The port may be missing if it is the default of the scheme.
    pub fn has_host(&self, header: &str) -> bool {
        let header = header.to_ascii_lowercase();
        let implied = format!("{}:{}", self.host, self.port);
        header == implied || header == self.authority()
    }

    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    fn authority(&self) -> String {
        let usual = if self.is_secure { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

/// The host and the port in a `Host` header, if the host is one of `names`.
fn named<'a>(header: &str, names: impl IntoIterator<Item = &'a str>) -> Option<(String, Option<u16>)> {
    let header = header.to_ascii_lowercase();
    let (host, port) = match header.rsplit_once(':') {
        Some((host, digits)) if !digits.ends_with(']') => {
            let is_number = digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
            (host, Some(digits.parse().ok().filter(|_| is_number)?))
        }
        _ => (header.as_str(), None),
    };
    names.into_iter().any(|name| name == host).then(|| (host.to_owned(), port))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_secure { "https" } else { "http" }, self.authority())
    }
}

/// Parses `public_url`.
///
/// Plain http is refused unless the host is this machine. Elsewhere, browsers drop the session cookie (`__Host-…`,
/// `Secure`) over plain http, and nobody could sign in.
fn public_url(name: &'static str, text: &str) -> Result<Origin, SettingError> {
    let refuse = |given: &str| {
        Err(SettingError::new(
            name,
            given,
            "Give only the address of the console, such as https://keys.example.com.",
        ))
    };
    if text.trim().is_empty() {
        return refuse("is empty");
    }
    let Ok(url) = Url::parse(text.trim()) else { return refuse("is not an address") };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("has a scheme other than https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("contains a user name or a password");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return refuse("has a path, a query or a fragment");
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return refuse("has no host");
    };
    let is_secure = url.scheme() == "https";
    if !is_secure && !is_this_machine(&host) {
        return refuse("uses http, where browsers refuse the session cookie");
    }
    Ok(Origin { is_secure, host: host.to_string(), port })
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical().is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Origin, SettingError> {
        Origin::parse(text)
    }

    #[test]
    fn an_address_is_read_as_browsers_write_it() {
        let cases = [
            ("https://Keys.Example.com", "https://keys.example.com"),
            ("https://keys.example.com:443/", "https://keys.example.com"),
            ("https://keys.example.com:8443", "https://keys.example.com:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ];
        for (text, origin) in cases {
            assert_eq!(parse(text).unwrap().to_string(), origin, "{text}");
        }
    }

    #[test]
    fn addresses_that_cannot_work_are_refused() {
        let cases = [
            ("", "is empty"),
            ("keys.example.com", "is not an address"),
            ("ftp://keys.example.com", "has a scheme other than https"),
            ("https://me:secret@keys.example.com", "contains a user name or a password"),
            ("https://keys.example.com/keystead", "has a path, a query or a fragment"),
            ("http://keys.example.com", "uses http, where browsers refuse the session cookie"),
            ("http://192.168.1.5:3000", "uses http, where browsers refuse the session cookie"),
        ];
        for (text, given) in cases {
            assert_eq!(parse(text).unwrap_err().given, given, "{text}");
        }
        assert!(!parse("https://me:secret@keys.example.com").unwrap_err().to_string().contains("secret"));
    }

    #[test]
    fn only_names_of_this_machine_with_a_port_are_its_origins() {
        for (host, origin) in [
            ("localhost:8080", "http://localhost:8080"),
            ("LocalHost:65535", "http://localhost:65535"),
            ("127.0.0.1", "http://127.0.0.1"),
            ("[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(Origin::of_this_machine(host).unwrap().to_string(), origin, "{host}");
        }
        for host in [
            "",
            "localhost:",
            "localhost:+80",
            "localhost:65536",
            "localhost:000080",
            "localhost.",
            "localhost.evil.example",
            "localhost:80@evil.example",
            "localhost:80/",
            "127.0.0.1.evil.example:80",
            "127.0.0.2",
            "127.1",
            "0.0.0.0",
            "::1",
            "[::1]evil",
            "app.localhost:80",
        ] {
            assert_eq!(Origin::of_this_machine(host), None, "{host}");
        }
    }

    #[test]
    fn an_origin_with_tls_has_one_of_the_names_and_any_port() {
        let names = ["a.example", "a.example.com", "[2001:db8::1]"];
        for (header, origin) in [
            ("a.example", Some("https://a.example")),
            ("A.example.com:8443", Some("https://a.example.com:8443")),
            ("[2001:db8::1]:443", Some("https://[2001:db8::1]")),
            ("a.example:", None),
            ("a.example.evil", None),
            ("localhost", None),
            ("", None),
        ] {
            let found = Origin::secure_among(header, names).map(|origin| origin.to_string());
            assert_eq!(found.as_deref(), origin, "{header}");
        }
    }

    #[test]
    fn a_host_header_is_compared_as_a_whole() {
        let origin = parse("https://keys.example.com").unwrap();
        for good in ["keys.example.com", "KEYS.example.com:443"] {
            assert!(origin.has_host(good), "{good}");
        }
        for bad in ["keys.example.com:80", "keys.example.com.", "evil.example", "x@keys.example.com", ""] {
            assert!(!origin.has_host(bad), "{bad}");
        }
    }
}
