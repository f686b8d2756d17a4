//! Complete configuration files for proxies, each of which puts a gateway in front of an upstream.
//!
//! The templates are in this folder. Their `@NAMES@` are placeholders. No value can end a token of the configuration:
//! ids, header names and addresses are checked, and a gateway's name is used only in one-line comments.

use crate::string_enum::string_enum;

use super::address::ProxyAddress;
use super::headers::HandedHeader;
use super::record::Gateway;

string_enum! {
    /// A proxy for which Keystead can write a configuration.
    Proxy {
        /// nginx, by `auth_request`.
        Nginx = "nginx",
        /// Caddy, by `forward_auth`.
        Caddy = "caddy",
        /// Traefik, by `forwardAuth`.
        Traefik = "traefik",
        /// Envoy, by `ext_authz` over HTTP.
        Envoy = "envoy",
    }
}

impl Proxy {
    fn template(self) -> &'static str {
        match self {
            Self::Nginx => include_str!("nginx.conf"),
            Self::Caddy => include_str!("Caddyfile"),
            Self::Traefik => include_str!("traefik.yaml"),
            Self::Envoy => include_str!("envoy.yaml"),
        }
    }
}

/// The configuration of a proxy that asks `server` about the keys of a gateway and forwards requests to `upstream`.
pub fn snippet(proxy: Proxy, gateway: &Gateway, server: &ProxyAddress, upstream: &ProxyAddress) -> String {
    let filled = choose(proxy.template(), "HTTPS", server.is_https());
    let filled = choose(&filled, "UPSTREAM_HTTPS", upstream.is_https());
    let filled = choose(&filled, "HIDE", gateway.hide_key);
    let values = [
        ("@NAME@", gateway.name.clone()),
        ("@GATEWAY@", gateway.gateway_id.to_string()),
        ("@KEY_HEADER@", gateway.key_header.as_str().to_owned()),
        ("@KEY_HEADER_LOWER@", gateway.key_header.as_str().to_ascii_lowercase()),
        ("@SERVER@", format!("{}://{}", server.scheme(), server.authority())),
        ("@SERVER_SCHEME@", server.scheme().to_owned()),
        ("@SERVER_AUTHORITY@", server.authority()),
        ("@SERVER_HOST@", server.bare_host().to_owned()),
        ("@SERVER_PORT@", server.port().to_string()),
        ("@UPSTREAM@", format!("{}://{}", upstream.scheme(), upstream.authority())),
        ("@UPSTREAM_HOST@", upstream.bare_host().to_owned()),
        ("@UPSTREAM_PORT@", upstream.port().to_string()),
        ("@ALIKE@", alike()),
    ];
    let filled = repeat(&filled);
    // The name is replaced last, because it is the only value that may itself contain a placeholder.
    values.iter().rev().fold(filled, |text, (mark, value)| text.replace(mark, value))
}

/// Keeps lines that begin with `@{name}?` only if `is_so`, and lines that begin with `@{name}!` only otherwise. Removes
/// these prefixes. All other lines stay as they are.
fn choose(template: &str, name: &str, is_so: bool) -> String {
    let (kept, dropped) = if is_so {
        (format!("@{name}?"), format!("@{name}!"))
    } else {
        (format!("@{name}!"), format!("@{name}?"))
    };
    let lines = template.lines().filter(|line| !line.starts_with(&dropped));
    lines.fold(String::new(), |text, line| text + line.strip_prefix(&kept).unwrap_or(line) + "\n")
}

/// Repeats each line with an `@HEADER…@` placeholder for every identity header. Headers that are switched off are
/// included, because the proxy must replace the client's own value with an empty one.
fn repeat(template: &str) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    for line in template.lines() {
        if line.contains("@HEADER") {
            for header in HandedHeader::ALL {
                let lower = header.as_str().to_ascii_lowercase();
                let filled = line
                    .replace("@HEADER@", header.as_str())
                    .replace("@HEADER_LOWER@", &lower)
                    .replace("@HEADER_VARIABLE@", &lower.replace('-', "_"));
                text.push_str(&filled);
                text.push('\n');
            }
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// A regular expression for the identity headers in every spelling that CGI, WSGI and PHP read alike.
fn alike() -> String {
    let headers = HandedHeader::ALL.iter().map(|header| header.as_str().to_ascii_lowercase());
    headers.map(|header| header.replace('-', "[^a-z0-9]")).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::{GatewayDraft, HandedHeaders};
    use crate::id::{GatewayId, OrganizationId};
    use crate::time::Timestamp;

    fn gateway(name: &str, key_header: &str, hide_key: bool) -> Gateway {
        let draft = GatewayDraft {
            name: Some(name.into()),
            key_header: Some(key_header.into()),
            headers: Some(Vec::new()),
            hide_key: Some(hide_key),
            ..GatewayDraft::default()
        };
        let at = Timestamp::from_seconds(0);
        let gateway = draft.check().unwrap();
        gateway.into_gateway(GatewayId::from_random("a1"), OrganizationId::from_random("b2"), None, at)
    }

    fn written(proxy: Proxy, gateway: &Gateway, server: &str) -> String {
        let upstream = ProxyAddress::parse("http://10.0.0.2:9000").unwrap();
        snippet(proxy, gateway, &ProxyAddress::parse(server).unwrap(), &upstream)
    }

    #[test]
    fn no_placeholder_is_left_in_a_configuration() {
        for proxy in Proxy::ALL {
            for server in ["http://127.0.0.1:3000", "https://keys.example.com", "http://[::1]:3000"] {
                let text = written(*proxy, &gateway("api", "X-Api-Key", true), server);
                // The configurations of the other proxies use `@` themselves.
                assert!(!text.contains('@') || *proxy != Proxy::Traefik, "{proxy}: {text}");
                for mark in ["@HE", "@SE", "@UP", "@GA", "@KEY_", "@NAME", "@HI", "@HT", "@ALIKE"] {
                    assert!(!text.contains(mark), "{proxy} {mark}: {text}");
                }
                assert!(text.contains("gw_a1") && text.contains("9000"), "{proxy}: {text}");
            }
        }
    }

    #[test]
    fn every_identity_header_is_set_even_if_it_is_switched_off() {
        let gateway = gateway("api", "X-Api-Key", true);
        assert_eq!(gateway.headers, HandedHeaders::from(Vec::new()));
        for proxy in Proxy::ALL {
            let text = written(*proxy, &gateway, "http://127.0.0.1:3000").to_lowercase();
            for header in HandedHeader::ALL {
                assert!(text.contains(&header.as_str().to_lowercase()), "{proxy} {header}");
            }
        }
    }

    #[test]
    fn traefik_removes_every_identity_header_that_is_spelled_in_another_way() {
        let text = written(Proxy::Traefik, &gateway("api", "X-Api-Key", true), "http://127.0.0.1:3000");
        let line = text.lines().find(|line| line.contains("authResponseHeadersRegex")).unwrap();
        let regex = line.split_once("(?i)^(").and_then(|(_, rest)| rest.split_once(")$")).unwrap().0;
        let spelled: Vec<_> = regex.split('|').map(|header| header.replace("[^a-z0-9]", "_")).collect();
        let headers: Vec<_> =
            HandedHeader::ALL.iter().map(|h| h.as_str().to_ascii_lowercase().replace('-', "_")).collect();
        assert_eq!(spelled, headers);
    }

    #[test]
    fn a_gateway_name_cannot_leave_its_comment() {
        let plain = gateway("api", "X-Api-Key", true);
        let odd = gateway("} @SERVER@ ; \" ' {{ *", "X-Api-Key", true);
        for proxy in Proxy::ALL {
            let of = |gateway| written(*proxy, gateway, "http://127.0.0.1:3000");
            let without_comments =
                |text: String| text.lines().filter(|l| !l.starts_with('#')).collect::<Vec<_>>().join("\n");
            assert_eq!(without_comments(of(&plain)), without_comments(of(&odd)), "{proxy}");
        }
    }
}
