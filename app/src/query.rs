//! Reads, encodes and decodes the query of a URL.

use std::borrow::Cow;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::key::KeyPrefix;
use model::leaked_secret::beginning_of_secret;
use model::percent;

/// The maximum length of a search in characters. Longer text is cut off.
pub const SEARCH_LENGTH_MAX: usize = 200;

/// The name and value of a parameter.
pub type Pair = (Cow<'static, str>, String);

/// The names and values of a query, in the order of the URL. Pairs that cannot be decoded are left out, and so are
/// control characters: HTML cannot contain all of them, so the server and the browser would render different pages.
///
/// The router's own type is not used because it decodes values twice, so that a search for `%3C` would become a search
/// for `<`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses a query, with or without its question mark.
    pub fn parse(query: &str) -> Self {
        let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((without_controls(&decode(name)?), without_controls(&decode(value)?)))
        });
        Self(decoded.collect())
    }

    /// A query of these names and values.
    pub fn of_pairs(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// All names with their values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a name. If the name occurs several times, the last value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// The text to search for. If the text contains the secret of a key, only the beginning of the secret is returned,
/// which is enough to find the key. Searches become part of URLs, which browsers store and people share.
pub fn typed_search(text: &str, prefix: &KeyPrefix) -> String {
    let text = without_controls(text);
    beginning_of_secret(&text, prefix).unwrap_or(&text).chars().take(SEARCH_LENGTH_MAX).collect()
}

/// The text to search for, from a URL or for one. Secrets were shortened before, as the prefix setting says. If one
/// is left, it is cut to the length that is shown of every secret.
pub fn search_of(text: &str) -> String {
    typed_search(text, &KeyPrefix::default())
}

/// The query with the secrets of keys shortened to their beginnings; `None` if it contains no secret.
#[cfg(feature = "ssr")]
pub fn without_secrets(query: &str, prefix: &KeyPrefix) -> Option<String> {
    let Query(pairs) = Query::parse(query);
    let is_clean = |text: &str| beginning_of_secret(text, prefix).is_none();
    if is_clean(query) && pairs.iter().all(|(name, value)| is_clean(name) && is_clean(value)) {
        return None;
    }
    let cut = |text: &str| percent::encode(beginning_of_secret(text, prefix).unwrap_or(text));
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", cut(name), cut(value))).collect();
    Some(pairs.join("&"))
}

/// The query of the current page.
pub fn use_query() -> Memo<Query> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| Query::parse(search)))
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// Decodes a text once. A plus sign stands for a blank, as in forms. Returns `None` if the text is not encoded
/// correctly.
pub(crate) fn decode(text: &str) -> Option<String> {
    percent::decode(&text.replace('+', " ")).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use model::percent::{encode, encode_path};

    use super::*;

    #[test]
    fn a_query_is_decoded_once() {
        let query = Query::parse("?q=%2B+%253Cb%253E&ended&view=all&view=revoked&bad=%zz&cut=%4&bytes=%FF");
        assert_eq!(query.get("q"), Some("+ %3Cb%3E"));
        assert_eq!(query.get("ended"), Some(""));
        assert_eq!(query.get("view"), Some("revoked"));
        for name in ["bad", "cut", "bytes", "other", ""] {
            assert_eq!(query.get(name), None, "{name}");
        }
    }

    #[test]
    fn a_query_has_no_control_characters() {
        let query =
            Query::parse("q=%00&search=a%00%0D%0Ab%7F%C2%85&metadata.%00team=%1Fx&name%00=y&c=%E2%80%A8");
        for (name, value) in
            [("q", ""), ("search", "ab"), ("metadata.team", "x"), ("name", "y"), ("c", "\u{2028}")]
        {
            assert_eq!(query.get(name), Some(value), "{name}");
        }
        assert_eq!(search_of("\0a\nb\u{9F}"), "ab");
    }

    fn secret() -> String {
        secret_of("sk_live_")
    }

    fn secret_of(prefix: &str) -> String {
        let prefix = KeyPrefix::parse(prefix).unwrap();
        model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy").reveal().to_owned()
    }

    #[test]
    fn as_much_of_a_secret_is_searched_for_as_lists_show() {
        let prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
        let secret = secret_of("sk_staging9x_");
        let broken = secret.replace("_0", "_\0\n0");
        for text in [&secret, &format!("export KEY={secret}"), &broken] {
            let search = typed_search(text, &prefix);
            assert_eq!(search, "sk_staging9x_0123");
            assert_eq!(search_of(&search), search);
        }
    }

    #[test]
    fn a_search_for_a_secret_uses_only_its_beginning() {
        let secret = secret();
        let far = format!("{}{secret}", "x ".repeat(90));
        for text in [&secret, &format!(" {secret}\n"), &format!("export KEY={secret}"), &far] {
            assert_eq!(search_of(text), "sk_live_01", "{text}");
        }
        for text in ["", "billing", "sk_live_01", " sk_live_ "] {
            assert_eq!(search_of(text), text);
        }
        assert_eq!(search_of(&"é".repeat(500)).chars().count(), SEARCH_LENGTH_MAX);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn no_secret_stays_in_a_query() {
        let secret = secret();
        let escaped = secret.replace('_', "%5f").replace('A', "%41");
        for (query, clean) in [
            (format!("q={secret}&view=all"), "q=sk_live_01&view=all"),
            (format!("view=all&search=a+{escaped}"), "view=all&search=sk_live_01"),
            (secret.clone(), "sk_live_01="),
            (format!("next=%2Fkeys%3Fq%3D{secret}"), "next=sk_live_01"),
            (format!("%zz={secret}"), ""),
            (format!("q=%00{}", secret.replace('_', "%00_")), "q=sk_live_01"),
        ] {
            assert_eq!(without_secrets(&query, &KeyPrefix::default()).as_deref(), Some(clean), "{query}");
        }
        for query in ["", "q=sk_live_01", "q=a%20b&view=all", "%zz=1", "q=%00"] {
            assert_eq!(without_secrets(query, &KeyPrefix::default()), None);
        }
        let prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
        let query = format!("q={}&view=all", secret_of("sk_staging9x_"));
        assert_eq!(without_secrets(&query, &prefix).as_deref(), Some("q=sk_staging9x_0123&view=all"));
    }

    #[test]
    fn characters_with_a_meaning_in_addresses_are_encoded() {
        for (text, encoded) in [
            ("ann@example.org", "ann%40example.org"),
            ("a b&c=d/e?f#g%", "a%20b%26c%3Dd%2Fe%3Ff%23g%25"),
            ("ключ", "%D0%BA%D0%BB%D1%8E%D1%87"),
            ("a-b_c.d~e", "a-b_c.d~e"),
        ] {
            assert_eq!(encode(text), encoded);
            assert_eq!(Query::parse(&format!("x={encoded}")).get("x"), Some(text));
        }
        assert_eq!(encode_path("/keys?a=b"), "/keys%3Fa%3Db");
    }
}
