//! Origins of pages, as browsers send them in the header `Origin`.

use crate::field::{FieldError, FieldErrors, Rule};

/// The most origins of a key.
pub const ORIGINS_MAX: usize = 20;

const HOST_LENGTH_MAX: usize = 253;
const LABEL_LENGTH_MAX: usize = 63;
const FORM: &str =
    "Use the origin of a page, such as https://app.example.com, or https://*.example.com for all subdomains.";

/// The origin of a page: scheme, host and port. With `*.` before the host, all subdomains of the host, but not the host
/// itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    is_https: bool,
    is_pattern: bool,
    /// In lower case. International names are in their ASCII form (`xn--…`), as browsers send them.
    host: Box<str>,
    port: u16,
}

/// The origins from which browsers may use a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct AllowedOrigins(Box<[Origin]>);

impl Origin {
    /// Reads an origin or a pattern.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let (is_pattern, rest) = rest.strip_prefix("*.").map_or((false, rest), |rest| (true, rest));
        // The colon of a port is the last one, and an IPv6 address is in brackets.
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (rest, None),
        };
        let standard = if is_https { 443 } else { 80 };
        let port = port.map_or(Some(standard), read_port)?;
        let host = host.to_ascii_lowercase();
        let is_host = if is_pattern {
            is_domain(&host) && host.contains('.')
        } else {
            is_domain(&host) || is_ipv6(&host)
        };
        is_host.then(|| Self { is_https, is_pattern, host: host.into(), port })
    }

    /// Whether a page has this origin, or one of those that the pattern stands for.
    fn covers(&self, page: &Self) -> bool {
        let is_same_host = if self.is_pattern {
            page.host.strip_suffix(&*self.host).is_some_and(|before| before.ends_with('.'))
        } else {
            page.host == self.host
        };
        is_same_host && self.is_https == page.is_https && self.port == page.port && !page.is_pattern
    }
}

fn read_port(text: &str) -> Option<u16> {
    let is_plain =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

/// Whether a text is a name in DNS or an IPv4 address.
fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_LENGTH_MAX).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
    };
    host.len() <= HOST_LENGTH_MAX && host.split('.').all(is_label)
}

fn is_ipv6(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    address.is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        let star = if self.is_pattern { "*." } else { "" };
        write!(f, "{scheme}://{star}{}", self.host)?;
        match (self.is_https, self.port) {
            (true, 443) | (false, 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

impl AllowedOrigins {
    /// Checks words. The errors have the index of the word below `field`.
    pub fn check(words: &[String], field: &str, errors: &mut FieldErrors) -> Self {
        if words.len() > ORIGINS_MAX {
            errors.push(field, Rule::ValueError, format!("Use at most {ORIGINS_MAX} origins."));
            return Self::default();
        }
        let mut origins = Vec::with_capacity(words.len());
        for (index, word) in words.iter().enumerate() {
            match Origin::parse(word) {
                Some(origin) if origins.contains(&origin) => {}
                Some(origin) => origins.push(origin),
                None => {
                    errors.push_at(vec![field.into(), index.into()], FieldError::new(Rule::ValueError, FORM));
                }
            }
        }
        Self(origins.into())
    }

    /// Whether every origin is allowed, also none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the value of a header `Origin` is allowed. A request without the header does not come from a page.
    pub fn allow(&self, header: Option<&str>) -> bool {
        let page = header.and_then(Origin::parse);
        self.is_empty() || page.is_some_and(|page| self.0.iter().any(|origin| origin.covers(&page)))
    }

    pub fn words(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl TryFrom<Vec<String>> for AllowedOrigins {
    type Error = FieldErrors;

    fn try_from(words: Vec<String>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let origins = Self::check(&words, "origins", &mut errors);
        errors.or(Some(origins))
    }
}

impl From<AllowedOrigins> for Vec<String> {
    fn from(origins: AllowedOrigins) -> Self {
        origins.words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(words: &[&str]) -> AllowedOrigins {
        AllowedOrigins::try_from(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn an_origin_is_compared_by_scheme_host_and_port() {
        let allowed =
            origins(&["https://app.example.com", "http://localhost:3000", "https://*.shop.example"]);
        for (header, is_allowed) in [
            ("https://app.example.com", true),
            ("https://APP.example.com:443", true),
            ("http://app.example.com", false),
            ("https://app.example.com:8443", false),
            ("https://evil-app.example.com", false),
            ("https://app.example.com.evil.example", false),
            ("http://localhost:3000", true),
            ("http://localhost", false),
            ("https://eu.shop.example", true),
            ("https://a.eu.shop.example", true),
            ("https://shop.example", false),
            ("https://evilshop.example", false),
            ("https://*.shop.example", false),
            ("null", false),
            ("", false),
            ("https://app.example.com/", false),
        ] {
            assert_eq!(allowed.allow(Some(header)), is_allowed, "{header}");
        }
        assert!(!allowed.allow(None));
        assert!(origins(&[]).allow(None) && origins(&[]).allow(Some("null")));
    }

    #[test]
    fn an_origin_is_shown_in_one_spelling() {
        for (given, kept) in [
            ("HTTPS://App.Example.com:443", "https://app.example.com"),
            ("http://a.example:80", "http://a.example"),
            ("http://a.example:8080", "http://a.example:8080"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("https://*.Example.com:8443", "https://*.example.com:8443"),
        ] {
            assert_eq!(origins(&[given, given]).words(), [kept]);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "null",
            "*",
            "https://",
            "https://*",
            "https://*.",
            "https://*.com",
            "https://a.*.example",
            "app.example.com",
            "ftp://a.example",
            "https://a.example/",
            "https://a.example/x",
            "https://u@a.example",
            "https://a.example:",
            "https://a.example:0",
            "https://a.example:080",
            "https://a.example:65536",
            "https://a..example",
            "https://[::1",
            "https://[a]",
            "https://a example",
            "https://ä.example",
            "https://a.example?x",
            " https://a.example",
        ] {
            assert!(Origin::parse(text).is_none(), "{text}");
        }
        let words = vec!["https://a.example".to_owned(); ORIGINS_MAX + 1];
        assert!(AllowedOrigins::try_from(words).is_err());
    }
}
