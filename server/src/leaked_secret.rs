//! Detects keys that a client has put into the wrong header, whose value would be stored or logged.

/// Whether a text may contain a key or a large part of one: at least 20 consecutive letters and digits with both cases
/// and a digit, as in random base62. The hexadecimal and upper-case ids of tracing systems do not match, and neither do
/// the names of browsers.
pub(crate) fn may_hold_key(text: &str) -> bool {
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
    fn a_key_is_found_anywhere_in_a_text() {
        for text in [
            "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "curl/8.0 0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "Bearer/x_9zA0bcdefghijklmnopq",
        ] {
            assert!(may_hold_key(text), "{text}");
        }
    }

    #[test]
    fn common_user_agents_and_ids_are_not_mistaken_for_keys() {
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
