//! The console's own names, without a public address.

use crate::config::{Origin, THIS_MACHINE};

/// The origin that a `Host` header names, if it is one of the console's without a public address.
pub(super) fn own_origin(host: &str, origins: &[Origin], has_tls: bool) -> Option<Origin> {
    if !has_tls {
        return Origin::of_this_machine(host);
    }
    Origin::secure_among(host, THIS_MACHINE.into_iter().chain(origins.iter().map(Origin::host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_tls_the_names_of_the_certificate_count_and_nothing_is_plain() {
        let origins = [Origin::secure("keys.example.com", 8443)];
        for (host, expected) in [
            ("keys.example.com", Some("https://keys.example.com")),
            ("KEYS.example.com:443", Some("https://keys.example.com")),
            ("keys.example.com:9000", Some("https://keys.example.com:9000")),
            ("localhost:8443", Some("https://localhost:8443")),
            ("evil.example:8443", None),
            ("keys.example.com.evil.example", None),
        ] {
            let own = own_origin(host, &origins, true).map(|origin| origin.to_string());
            assert_eq!(own.as_deref(), expected, "{host}");
        }
        assert_eq!(own_origin("keys.example.com", &origins, false), None);
    }
}
