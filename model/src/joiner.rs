//! Decides where the zero-width joiners (U+200C, U+200D) may stand. Persian, the Indic scripts and emoji need them. In
//! other places they are invisible and would make two names look alike.

/// Whether a joiner, which begins at a byte of the text, changes how the text is displayed: by the rules CONTEXTJ of
/// RFC 5892 (appendices A.1 and A.2), or as a part of an emoji by UTS #51 (ED-16).
#[cfg(not(target_family = "wasm"))]
pub(crate) fn is_needed(text: &str, at: usize, joiner: char) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at + joiner.len_utf8()..).unwrap_or_default();
    tables::follows_virama(before)
        || if joiner == '\u{200C}' {
            tables::parts_letters(before, after)
        } else {
            tables::joins_emoji(before, after)
        }
}

/// The browser has no room for Unicode's tables. It refuses only what the server refuses too: a joiner at the start of
/// the text or after an ASCII character.
#[cfg(target_family = "wasm")]
pub(crate) fn is_needed(text: &str, at: usize, _: char) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(|c| !c.is_ascii())
}

#[cfg(not(target_family = "wasm"))]
mod tables {
    use icu_properties::props::{ExtendedPictographic, JoiningType};
    use icu_properties::{CodePointMapData, CodePointSetData};
    use unicode_normalization::char::canonical_combining_class;

    /// The canonical combining class of viramas.
    const VIRAMA: u8 = 9;

    pub(super) fn follows_virama(before: &str) -> bool {
        before.chars().next_back().is_some_and(|c| canonical_combining_class(c) == VIRAMA)
    }

    /// Whether the letters on both sides would join without a non-joiner between them. Marks are passed over.
    pub(super) fn parts_letters(before: &str, after: &str) -> bool {
        let joining = CodePointMapData::<JoiningType>::new();
        let first = |mut types: Box<dyn Iterator<Item = char> + '_>| {
            types.by_ref().map(|c| joining.get(c)).find(|kind| *kind != JoiningType::Transparent)
        };
        let to_left = first(Box::new(before.chars().rev()));
        let to_right = first(Box::new(after.chars()));
        matches!(to_left, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
            && matches!(to_right, Some(JoiningType::RightJoining | JoiningType::DualJoining))
    }

    /// Whether a joiner joins two pictures. The first may have a variation selector or a skin tone.
    pub(super) fn joins_emoji(before: &str, after: &str) -> bool {
        let pictures = CodePointSetData::new::<ExtendedPictographic>();
        let is_addition = |c: char| matches!(c, '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}');
        let mut backwards = before.chars().rev();
        let last = match backwards.next() {
            Some(c) if is_addition(c) => backwards.next(),
            last => last,
        };
        let is_picture = |c: Option<char>| c.is_some_and(|c| pictures.contains(c));
        is_picture(last) && is_picture(after.chars().next())
    }
}

#[cfg(test)]
mod tests {
    use crate::text::check_line;

    #[test]
    fn joiners_are_accepted_where_a_script_needs_them() {
        for text in [
            // Persian: a non-joiner between letters that would join, even if there is a mark between them.
            "می\u{200C}خواهم",
            "کتاب\u{200C}ها می\u{200C}شود",
            "مّ\u{200C}خ",
            // Sinhala, Hindi, Malayalam, Bengali: after a virama.
            "ශ්\u{200D}රී ලංකා",
            "क्\u{200D}ष",
            "क्\u{200C}ष",
            "ന്\u{200D}",
            "র\u{9CD}\u{200D}য",
            // Emoji.
            "👩‍💻 laptop",
            "👩🏽‍🚀",
            "❤️‍🔥",
            "🏳️‍🌈",
            "🏴‍☠️",
            "🙂‍↔️",
            "👨‍👩‍👧‍👦",
        ] {
            assert_eq!(check_line(text, 1, 100), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn joiners_without_an_effect_are_refused() {
        for text in [
            "\u{200C}a",
            "a\u{200C}",
            "a\u{200C}b",
            "ключ\u{200D}и",
            "密\u{200C}钥",
            // At the end of a word, and after a letter that joins to its right only.
            "می\u{200C}",
            "می\u{200C} خواهم",
            "ر\u{200C}م",
            // Twice.
            "می\u{200C}\u{200C}خواهم",
            "ශ්\u{200D}\u{200D}රී",
            // A joiner where only a non-joiner has an effect, and a letter without a virama.
            "می\u{200D}خواهم",
            "क\u{200D}ष",
            // Half an emoji, signs that are no emoji, and a non-joiner.
            "👩\u{200D}",
            "\u{200D}💻",
            "👩\u{200D}a",
            "→\u{200D}→",
            "👩\u{200C}💻",
            "👩\u{FE0F}\u{FE0F}\u{200D}💻",
        ] {
            assert!(check_line(text, 1, 100).is_err(), "{text:?}");
        }
    }
}
