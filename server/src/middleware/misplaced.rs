//! Finds keys that a client has put into the wrong header, where they would be kept.

/// Whether a text may hold a key, or a good part of one: 20 letters and digits in a row that mix cases, as random base62
/// does. Hexadecimal and upper-case identifiers, which tracing systems make, and the names of browsers do not.
pub(super) fn may_hold_key(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        word.len() >= 20
            && word.bytes().any(|byte| byte.is_ascii_lowercase())
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
            && word.bytes().any(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::may_hold_key;

    #[test]
    fn a_key_is_found_wherever_it_stands() {
        for text in [
            "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "curl/8.0 0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "Bearer/x_9zA0bcdefghijklmnopq",
        ] {
            assert!(may_hold_key(text), "{text}");
        }
    }

    #[test]
    fn usual_agents_and_ids_are_not_taken_for_keys() {
        for text in [
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
            "OpenAPI-Generator/0.81.1/python",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "InternetExplorerCompatibleBrowser",
        ] {
            assert!(!may_hold_key(text), "{text}");
        }
    }
}
