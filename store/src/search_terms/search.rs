//! A search text, prepared for comparison with terms.

use model::metadata::MetadataFilter;

use super::terms::{MARK, of_member};
use super::words::{cut, fold};

/// Appended to a text, this is greater than every term that begins with the text.
const ABOVE_ALL: &str = "\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}";

/// A search, ready for comparison with terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// Inclusive start of the range of matching terms.
    pub from: String,
    /// Exclusive end of the range of matching terms.
    pub until: String,
    /// A search text contains this if one of its terms matches.
    pub marked: String,
}

impl Search {
    /// Parses the input. `None` if it is blank.
    pub fn parse(text: &str) -> Option<Self> {
        // Terms are folded and cut in the same way.
        let from = cut(&fold(text.trim())).to_owned();
        if from.is_empty() {
            return None;
        }
        // No term contains a control character, and PostgreSQL refuses NUL. A search for one finds nothing.
        if from.contains(char::is_control) {
            return Some(Self {
                from: "\u{1}".to_owned(),
                until: "\u{1}".to_owned(),
                marked: "\u{1}".to_owned(),
            });
        }
        Some(Self { until: after_all(&from), marked: format!("{MARK}{from}"), from })
    }
}

/// What the search text of a key contains if its metadata has this member. The term follows the first character.
pub(crate) fn member(filter: &MetadataFilter) -> String {
    format!("{MARK}{}", of_member(&filter.name, &filter.value))
}

/// The first text after all those that begin with `start`, in byte order.
fn after_all(start: &str) -> String {
    let mut text = start.to_owned();
    while let Some(last) = text.pop() {
        if let Some(next) = next_char(last) {
            text.push(next);
            return text;
        }
    }
    format!("{start}{ABOVE_ALL}")
}

fn next_char(character: char) -> Option<char> {
    match character {
        char::MAX => None,
        // Skips the surrogates.
        '\u{D7FF}' => Some('\u{E000}'),
        _ => char::from_u32(u32::from(character) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_contains_exactly_the_terms_with_the_prefix() {
        for start in ["a", "az", "é", "\u{D7FF}", "a\u{10FFFF}", "\u{10FFFF}", "zz"] {
            let end = after_all(start);
            assert!(*start < *end, "{start:?}");
            for inside in ["", "\u{1}", "a", "\u{10FFFF}"].map(|rest| format!("{start}{rest}")) {
                assert!(*start <= *inside && inside < end, "{start:?} {inside:?} {end:?}");
            }
        }
        assert_eq!(after_all("ab"), "ac");
        assert_eq!(after_all("\u{D7FF}"), "\u{E000}");
        assert_eq!(after_all("a\u{10FFFF}"), "b");
    }

    #[test]
    fn either_spelling_is_searched_alike() {
        for text in ["Cafe\u{301} Étage", "CAFÉ E\u{301}TAGE", "cafe\u{301} e\u{301}tage"] {
            assert_eq!(Search::parse(text), Search::parse("café étage"), "{text}");
        }
    }

    #[test]
    fn a_blank_search_is_ignored_and_a_control_character_finds_nothing() {
        assert_eq!(Search::parse("  "), None);
        assert_eq!(Search::parse("\u{3000}"), None);
        let search = Search::parse("a\0b").unwrap();
        assert!(search.from >= search.until);
    }
}
