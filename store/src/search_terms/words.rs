//! Finds where words begin in a name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// The maximum number of terms of a name. A name has at most 100 characters, so a word is left out only if the
/// compatibility forms of characters are longer than the characters themselves.
pub(super) const STARTS_MAX: usize = 100;
/// The maximum length of a term and of a search, in characters. Names and e-mail addresses are shorter, unless they
/// have such compatibility forms: U+FDFA alone becomes 18 characters. PostgreSQL refuses index entries of more than
/// 2,704 bytes.
pub(super) const TERM_LENGTH_MAX: usize = 256;

/// The maximum size of all terms of a text together, in bytes. The transactions that change many keys are sized for it.
/// A name of 100 characters of four bytes, each of which is a word, has terms of 20,200 bytes. Texts whose
/// compatibility forms are longer lose their last words.
pub(super) const TERMS_BYTES_MAX: usize = 20 * 1024;

/// The form in which names and searches are compared: without letter case, and with one spelling for what Unicode can
/// spell in several ways, such as `é`, half-width Katakana and full-width letters. Names that are equal when normalized
/// (`model::text::normalized`) have the same form, so a search finds either spelling of a name.
pub(super) fn fold(text: &str) -> String {
    // Each character is folded on its own, so that the beginning of a text folds to the beginning of the folded text.
    // Lower case of a whole text would have another sigma at the end of a word.
    text.nfkc().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).nfkc().collect()
}

/// At most the first [`TERM_LENGTH_MAX`] characters of a text.
pub(super) fn cut(text: &str) -> &str {
    text.char_indices().nth(TERM_LENGTH_MAX).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The parts of a name that matter for where words begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// White space, or a punctuation character that is common between the words of a name.
    Separator,
    /// A letter or digit of a script that has spaces between words.
    Letter,
    /// A letter of a script that has no spaces between words. A word may begin at any such letter.
    Unspaced,
    /// Anything else, such as a bracket or an emoji.
    Sign,
}

impl Kind {
    /// The kind of a character. `None` if the character belongs to the one before it.
    fn of(character: char) -> Option<Self> {
        // `ー` is the mark of a long vowel in Katakana.
        if is_combining_mark(character) || matches!(character, '\u{200C}' | '\u{200D}' | 'ー') {
            return None;
        }
        Some(match character {
            '-' | '_' | '.' | '/' | ':' | '@' => Self::Separator,
            _ if character.is_whitespace() => Self::Separator,
            _ if !character.is_alphanumeric() => Self::Sign,
            _ if is_unspaced(character) => Self::Unspaced,
            _ => Self::Letter,
        })
    }

    fn is_of_a_word(self) -> bool {
        matches!(self, Self::Letter | Self::Unspaced)
    }
}

fn is_unspaced(character: char) -> bool {
    matches!(
        character.script(),
        Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Bopomofo
            | Script::Yi
            | Script::Thai
            | Script::Lao
            | Script::Khmer
            | Script::Myanmar
            | Script::Tai_Le
            | Script::New_Tai_Lue
            | Script::Tai_Tham
            | Script::Tai_Viet
            | Script::Balinese
            | Script::Javanese
            | Script::Tibetan
    )
}

/// The folded text from the start of each word to its end, at most [`STARTS_MAX`] times and [`TERMS_BYTES_MAX`] bytes.
/// The whole text is always included.
pub(super) fn word_starts(folded: &str) -> impl Iterator<Item = &str> {
    let kinds: Vec<_> =
        folded.char_indices().filter_map(|(at, character)| Some((at, Kind::of(character)?))).collect();
    let mut starts = vec![0];
    let mut before = Kind::Separator;
    for (number, &(at, kind)) in kinds.iter().enumerate() {
        let is_start = match (before, kind) {
            (_, Kind::Separator) => false,
            (Kind::Separator, _) | (_, Kind::Unspaced) => true,
            (_, Kind::Letter) => before != Kind::Letter,
            // Signs also belong to the word after them: `(prod` finds `deploy(prod)`. Signs at the end of a word are
            // not a word of their own.
            (_, Kind::Sign) => {
                before != Kind::Sign && is_followed_by_a_word(kinds.get(number..).unwrap_or_default())
            }
        };
        if is_start && at > 0 {
            starts.push(at);
        }
        before = kind;
    }
    starts.truncate(STARTS_MAX);
    let terms = starts.into_iter().filter_map(|at| folded.get(at..)).map(cut).filter(|term| !term.is_empty());
    terms.scan(0, |bytes, term| {
        *bytes += term.len();
        (*bytes <= TERMS_BYTES_MAX).then_some(term)
    })
}

fn is_followed_by_a_word(rest: &[(usize, Kind)]) -> bool {
    rest.iter().map(|(_, kind)| *kind).find(|kind| *kind != Kind::Sign).is_some_and(Kind::is_of_a_word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(name: &str) -> Vec<String> {
        let folded = fold(name);
        let mut starts: Vec<_> = word_starts(&folded).map(str::to_owned).collect();
        starts.sort();
        starts
    }

    #[test]
    fn a_name_is_found_from_each_of_its_words_on() {
        for (name, expected) in [
            ("CI deploy/Prod-eu", vec!["ci deploy/prod-eu", "deploy/prod-eu", "eu", "prod-eu"]),
            ("/api ", vec!["/api ", "api "]),
            ("äda@exämple.com", vec!["com", "exämple.com", "äda@exämple.com"]),
            ("👩‍💻 laptop", vec!["laptop", "👩‍💻 laptop"]),
            ("deploy(prod)", vec!["(prod)", "deploy(prod)", "prod)"]),
            ("100%", vec!["100%"]),
            ("a [b]{c}", vec!["[b]{c}", "a [b]{c}", "b]{c}", "c}", "]{c}"]),
            ("支払API本番", vec!["api本番", "払api本番", "支払api本番", "本番", "番"]),
            ("サーバー", vec!["サーバー", "バー"]),
            ("คีย์", vec!["คีย์", "ย์"]),
            ("क्या है", vec!["क्या है", "है"]),
            ("", vec![]),
        ] {
            let mut expected = expected;
            expected.sort_unstable();
            assert_eq!(found(name), expected, "{name}");
        }
    }

    #[test]
    fn either_spelling_of_a_name_has_the_same_terms() {
        for text in ["Cafe\u{301} Étage", "CAFÉ E\u{301}TAGE", "cafe\u{301} e\u{301}tage"] {
            assert_eq!(found(text), ["café étage", "étage"], "{text}");
        }
    }

    #[test]
    fn every_word_of_the_longest_name_is_a_start() {
        for part in ["a ", "a(", "a-", "本", "ไ", "𠀀"] {
            let name: String = part.chars().cycle().take(100).collect();
            let starts = found(&name);
            let words = name.chars().filter(|c| c.is_alphanumeric()).count();
            assert!((words..=STARTS_MAX).contains(&starts.len()), "{name}");
            assert!(starts.iter().all(|start| start.chars().count() <= 100), "{name}");
        }
        let tenth: String = ('a'..='z').flat_map(|c| [c, ' ']).collect();
        assert!(found(&tenth).contains(&"j k l m n o p q r s t u v w x y z ".to_owned()));
    }

    #[test]
    fn the_terms_of_a_name_are_bounded() {
        // The longest compatibility form there is, a hundred times.
        let starts = found(&"\u{FDFA}".repeat(100));
        assert!(starts.iter().all(|start| start.chars().count() == TERM_LENGTH_MAX));
        let bytes: usize = starts.iter().map(String::len).sum();
        assert!((TERMS_BYTES_MAX - 4 * TERM_LENGTH_MAX..=TERMS_BYTES_MAX).contains(&bytes), "{bytes}");
    }

    #[test]
    fn spellings_of_one_text_have_one_form() {
        for (one, other) in [
            ("café", "cafe\u{301}"),
            ("ＡＰＩ", "api"),
            ("ｻｰﾊﾞｰ", "サーバー"),
            ("ΣΑΣ", "σας"),
            ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
            ("①", "1"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
    }

    proptest! {
        #[test]
        fn all_unicode_forms_of_a_name_have_the_same_terms(name in "\\PC{0,100}") {
            let composed: String = name.nfc().collect();
            let decomposed: String = name.nfd().collect();
            prop_assert_eq!(found(&composed), found(&name));
            prop_assert_eq!(found(&decomposed), found(&name));
        }

        #[test]
        fn terms_are_bounded_whatever_the_name(name in "\\PC{0,100}") {
            let starts = found(&name);
            prop_assert!(starts.len() <= STARTS_MAX);
            prop_assert!(starts.iter().all(|start| start.len() <= 4 * TERM_LENGTH_MAX));
            prop_assert!(starts.iter().map(String::len).sum::<usize>() <= TERMS_BYTES_MAX);
            prop_assert!(name.is_empty() || starts.iter().any(|start| *start == cut(&fold(&name))));
        }
    }
}
