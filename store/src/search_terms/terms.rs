//! The terms of keys, users and service accounts.

use std::collections::BTreeSet;

use model::metadata::Metadata;
use sha2::{Digest, Sha256};

use crate::hash;

use super::words::{fold, word_starts};

/// Precedes every term in a search text. It cannot occur in a name, because control characters are refused.
pub(super) const MARK: char = '\u{1F}';

/// The number of the rules by which the terms of keys are made. Every search text begins with it. The search texts of
/// earlier versions begin with [`MARK`] instead, which comes before the number in byte order. Those versions read the
/// number as a term. The key does not have this term, so that has no effect.
const RULES: &str = "2";

/// The number of the rules for a key with metadata. Versions without metadata give such a key the lower number when
/// they change it, and leave out the terms of its metadata.
const RULES_OF_METADATA: &str = "3";

/// The condition that earlier rules made the terms of a key, for a row of `keys` with alias `d`. The index
/// `keys_outdated_search_text` has the same condition.
macro_rules! outdated_keys {
    () => {
        "(d.search_text < '2' OR (d.metadata <> '{}' AND d.search_text < '3'))"
    };
}

pub(crate) use outdated_keys;

/// The terms of a key: its name from each word on, which are the same for every spelling, its id with and without the
/// prefix, its shown prefix, and its metadata.
pub(crate) fn of_key(name: &str, key_id: &str, shown_prefix: &str, metadata: &Metadata) -> BTreeSet<String> {
    let mut terms = of_texts(&[name]);
    let id = fold(key_id);
    terms.extend(id.split_once('_').map(|(_, rest)| rest.to_owned()));
    terms.insert(id);
    terms.insert(fold(shown_prefix));
    terms.extend(metadata.searchable().map(|(name, value)| of_member(name, &value)));
    terms
}

/// The term of a member of metadata. It begins with a control character, so no other search finds it. The rest is a
/// hash of name and value, because a value may be longer than an index entry, and may contain characters that
/// PostgreSQL refuses.
pub(super) fn of_member(name: &str, value: &str) -> String {
    let digest = Sha256::digest(format!("{}:{name}={value}", name.len()));
    let (half, _) = digest.split_at(digest.len() / 2);
    format!("\u{1}{}", hash::to_hex(half))
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
pub(crate) fn to_text(terms: &BTreeSet<String>, metadata: &Metadata) -> String {
    let rules = if metadata.is_empty() { RULES } else { RULES_OF_METADATA };
    terms.iter().fold(rules.to_owned(), |mut text, term| {
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
        assert!(from_text(&to_text(&terms, &Metadata::default())).eq(["a", "b c", "ü"]));
        assert!(from_text("\u{1F}a\u{1F}b c").eq(["a", "b c"]));
        assert_eq!(from_text("").count(), 0);
    }

    #[test]
    fn a_search_text_shows_which_rules_made_it() {
        let none = Metadata::default();
        let text = to_text(&of_key("ci", "key_1", "sk_live_1", &none), &none);
        assert!(*RULES <= *text && "\u{1F}ci" < RULES);
    }
    #[test]
    fn each_member_of_metadata_has_a_term_of_its_own() {
        let members = serde_json::json!({"team": "a=b", "team=a": "b", "size": 2, "none": null, "long": "\0".repeat(600)});
        let metadata: Metadata = serde_json::from_value(members).unwrap();
        let terms = of_key("ci", "key_1", "sk_live_1", &metadata);
        let of_metadata: Vec<_> = terms.iter().filter(|term| term.starts_with('\u{1}')).collect();
        assert_eq!(of_metadata.len(), 4);
        assert!(
            of_metadata
                .iter()
                .all(|term| term.len() == 33 && term[1..].chars().all(|c| c.is_ascii_hexdigit()))
        );
        assert!(terms.contains(&of_member("size", "2")));
        assert!(*to_text(&terms, &metadata) > *"3" && *to_text(&terms, &Metadata::default()) < *"3");
    }
}
