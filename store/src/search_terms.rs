//! Search terms. A search matches terms that begin with its text, which is a range query on the table of terms.

use std::collections::BTreeSet;

use model::key::Key;
use model::service_account::ServiceAccount;
use model::text::normalized;
use model::user::User;

/// The maximum number of terms of a name. Each begins at one of its first words.
const STARTS_MAX: usize = 8;
/// Precedes every term in a search text. It cannot occur in a name, because control characters are refused.
const MARK: char = '\u{1F}';
/// Appended to a text, this is greater than every term that begins with the text.
const ABOVE_ALL: &str = "\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}";

/// Lower case, in the normalized form, so that a search finds either spelling of a name.
fn fold(text: &str) -> String {
    normalized(&model::text::fold(&normalized(text))).into_owned()
}

/// The terms of a key: its name from each word on, its id with and without the prefix, and its shown prefix.
pub fn of_key(key: &Key) -> BTreeSet<String> {
    let mut terms = word_starts(&fold(key.fields.name.as_str()));
    let id = fold(key.key_id.as_str());
    terms.extend(id.split_once('_').map(|(_, rest)| rest.to_owned()));
    terms.insert(id);
    terms.insert(fold(&key.shown_prefix));
    terms
}

/// The terms of a user: name and e-mail address from each word on.
pub fn of_user(user: &User) -> BTreeSet<String> {
    let mut terms = word_starts(&fold(&user.user_name));
    terms.extend(word_starts(&fold(user.email.as_str())));
    terms
}

/// The terms of a service account: its name from each word on.
pub fn of_account(account: &ServiceAccount) -> BTreeSet<String> {
    word_starts(&fold(&account.name))
}

/// The folded text from the start of each of its first words to its end. The whole text is always included.
fn word_starts(folded: &str) -> BTreeSet<String> {
    let mut is_inside = false;
    let starts = folded.char_indices().filter(|(at, character)| {
        let was_inside = std::mem::replace(&mut is_inside, !is_separator(*character));
        *at == 0 || (is_inside && !was_inside)
    });
    starts.take(STARTS_MAX).filter_map(|(at, _)| folded.get(at..)).map(str::to_owned).collect()
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '_' | '.' | '/' | ':' | '@')
}

/// All terms in one text, each preceded by `MARK`.
pub fn to_text(terms: &BTreeSet<String>) -> String {
    terms.iter().fold(String::new(), |mut text, term| {
        text.push(MARK);
        text.push_str(term);
        text
    })
}

/// Splits the result of [`to_text`] into its terms.
pub fn from_text(text: &str) -> impl Iterator<Item = &str> {
    text.split(MARK).filter(|term| !term.is_empty())
}

/// A search, ready for comparison with terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
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
        let from = fold(text.trim());
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
    fn a_name_is_found_from_each_of_its_words_on() {
        let found = |name: &str| word_starts(&fold(name)).into_iter().collect::<Vec<_>>();
        assert_eq!(found("CI deploy/Prod-eu"), ["ci deploy/prod-eu", "deploy/prod-eu", "eu", "prod-eu"]);
        assert_eq!(found("/api "), ["/api ", "api "]);
        assert_eq!(found("äda@exämple.com"), ["com", "exämple.com", "äda@exämple.com"]);
        assert_eq!(found("a b c d e f g h i j").len(), STARTS_MAX);
        assert_eq!(found("👩‍💻 laptop"), ["laptop", "👩‍💻 laptop"]);
    }

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
    fn either_spelling_is_found_by_either() {
        for text in ["Cafe\u{301} Étage", "CAFÉ E\u{301}TAGE", "cafe\u{301} e\u{301}tage"] {
            assert!(word_starts(&fold(text)).into_iter().eq(["café étage", "étage"]), "{text}");
            assert_eq!(Search::parse(text), Search::parse("café étage"));
        }
    }

    #[test]
    fn terms_can_be_read_back_from_text() {
        let terms: BTreeSet<_> = ["a", "b c", "ü"].map(str::to_owned).into();
        assert!(from_text(&to_text(&terms)).eq(["a", "b c", "ü"]));
    }

    #[test]
    fn a_blank_search_is_ignored_and_a_control_character_finds_nothing() {
        assert_eq!(Search::parse("  "), None);
        let search = Search::parse("a\0b").unwrap();
        assert!(search.from >= search.until);
    }
}
