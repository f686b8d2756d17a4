//! Percent-encoding, the same on the server and in the browser, so that both render the same links.

use std::fmt::Write;

/// Encodes text for a query value or one segment of a path: all but letters, digits and `-_.~`.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_means_something_in_an_address_is_encoded() {
        for (text, encoded) in [
            ("ann@example.org", "ann%40example.org"),
            ("a b&c=d/e?f#g%", "a%20b%26c%3Dd%2Fe%3Ff%23g%25"),
            ("ключ", "%D0%BA%D0%BB%D1%8E%D1%87"),
            ("a-b_c.d~e", "a-b_c.d~e"),
        ] {
            assert_eq!(percent_encoded(text), encoded);
        }
    }
}
