//! The terms of keys, users and service accounts.

use std::collections::BTreeSet;

use super::words::{fold, word_starts};

/// Precedes every term in a search text. It cannot occur in a name, because control characters are refused.
pub(super) const MARK: char = '\u{1F}';

/// The number of the rules by which the terms of keys are made. Every search text begins with it. The search texts of
/// earlier versions begin with [`MARK`] instead, which comes before the number in byte order. Those versions read the
/// number as a term that the key does not have. That has no effect.
macro_rules! rules {
    () => {
        "2"
    };
}

/// The condition that earlier rules made the terms of a key, for a row of `keys` with alias `d`. The index
/// `keys_outdated_terms` has the same condition.
macro_rules! outdated_keys {
    () => {
        concat!("d.search_text < '", $crate::search_terms::rules!(), "'")
    };
}

pub(crate) use outdated_keys;
pub(crate) use rules;

/// The terms of a key: its name in any spelling from each word on, its id with and without the prefix, and its shown
/// prefix.
pub(crate) fn of_key(name: &str, key_id: &str, shown_prefix: &str) -> BTreeSet<String> {
    let mut terms = of_texts(&[name]);
    let id = fold(key_id);
    terms.extend(id.split_once('_').map(|(_, rest)| rest.to_owned()));
    terms.insert(id);
    terms.insert(fold(shown_prefix));
    terms
}

/// The terms of a user: name and e-mail address from each word on.
pub(crate) fn of_user(user_name: &str, email: &str) -> BTreeSet<String> {
    of_texts(&[user_name, email])
}

/// The terms of a service account: its name from each word on.
pub(crate) fn of_account(name: &str) -> BTreeSet<String> {
    of_texts(&[name])
}

fn of_texts(texts: &[&str]) -> BTreeSet<String> {
    let folded = texts.iter().map(|text| fold(text));
    folded.flat_map(|text| word_starts(&text).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The number of the rules and all terms in one text, each term preceded by `MARK`.
pub(crate) fn to_text(terms: &BTreeSet<String>) -> String {
    terms.iter().fold(rules!().to_owned(), |mut text, term| {
        text.push(MARK);
        text.push_str(term);
        text
    })
}

/// Splits a search text of this version or an earlier one into its terms.
pub(crate) fn from_text(text: &str) -> impl Iterator<Item = &str> {
    text.split(MARK).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_can_be_read_back_from_text() {
        let terms: BTreeSet<_> = ["a", "b c", "ü"].map(str::to_owned).into();
        assert!(from_text(&to_text(&terms)).eq(["a", "b c", "ü"]));
        assert!(from_text("\u{1F}a\u{1F}b c").eq(["a", "b c"]));
        assert_eq!(from_text("").count(), 0);
    }

    #[test]
    fn a_search_text_shows_which_rules_made_it() {
        let text = to_text(&of_key("ci", "key_1", "sk_live_1"));
        assert!(*rules!() <= *text && "\u{1F}ci" < rules!() && *"" < *rules!());
    }
}
