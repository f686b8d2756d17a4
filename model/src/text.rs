//! Checks of text that people enter: its length and its characters.

use crate::field::{FieldError, Rule};
use crate::joiner;
use crate::leaked_secret::check_no_secret;

/// Checks a length in Unicode code points, not bytes.
pub fn check_length(text: &str, shortest: usize, longest: usize) -> Result<(), FieldError> {
    // Counting stops early, so that megabytes of text cost no more than text of the greatest allowed length.
    let characters = text.chars().take(longest + 1).count();
    if characters < shortest {
        let message = match shortest {
            1 => "Fill in this field.".to_owned(),
            _ => format!("Use at least {shortest} characters."),
        };
        return Err(FieldError::new(Rule::StringTooShort, message));
    }
    if characters > longest {
        return Err(FieldError::new(Rule::StringTooLong, format!("Use at most {longest} characters.")));
    }
    Ok(())
}

/// Checks one line of text: its length, no control, bidirectional or invisible characters, not only white space, and no
/// secret of a key.
pub fn check_line(text: &str, shortest: usize, longest: usize) -> Result<(), FieldError> {
    check_length(text, shortest, longest)?;
    check_visible(text)?;
    check_no_secret(text)?;
    if shortest > 0 && text.chars().all(char::is_whitespace) {
        return Err(FieldError::new(Rule::ValueError, "Use at least one character that is not white space."));
    }
    Ok(())
}

/// Checks a name: one line of text whose normalized form is not longer either. Earlier versions, which may share the
/// database, read that form by the same limit.
pub fn check_name(text: &str, longest: usize) -> Result<(), FieldError> {
    check_line(text, 1, longest)?;
    #[cfg(not(target_family = "wasm"))]
    check_length(&normalized(text), 1, longest)?;
    Ok(())
}

/// Checks a line that may be stored already: its length, and no control characters. Other rules for new texts have
/// changed, and what was stored before must still be read and found.
pub(crate) fn check_stored_line(text: &str, shortest: usize, longest: usize) -> Result<(), FieldError> {
    check_length(text, shortest, longest)?;
    if text.contains(is_control) {
        return Err(FieldError::new(Rule::ValueError, NO_CONTROLS));
    }
    Ok(())
}

/// Checks text of several lines. Line breaks and tabs are allowed, and so is white space alone.
pub fn check_paragraph(text: &str, longest: usize) -> Result<(), FieldError> {
    check_length(text, 0, longest)?;
    check_characters(text, |c| matches!(c, '\n' | '\r' | '\t'))?;
    check_no_secret(text)
}

/// Refuses characters that hide in a text or rearrange it. They could make two names look alike, forge log lines, or
/// display `exe.gpj` as `jpg.exe`. Noncharacters are refused too: programs use them as marks of their own, and some
/// remove them.
pub(crate) fn check_visible(text: &str) -> Result<(), FieldError> {
    check_characters(text, |_| false)
}

const NO_CONTROLS: &str = "Control characters are not allowed.";
const NO_INVISIBLE: &str = "Invisible characters are not allowed.";

fn check_characters(text: &str, is_exempt: impl Fn(char) -> bool) -> Result<(), FieldError> {
    for (at, character) in text.char_indices().filter(|(_, character)| !is_exempt(*character)) {
        let refused = if is_control(character) {
            Some(NO_CONTROLS)
        } else if is_bidi_control(character) {
            Some("Characters that change the direction of text are not allowed.")
        } else if is_invisible(character)
            || is_noncharacter(character)
            || (is_joiner(character) && !joiner::is_needed(text, at, character))
        {
            Some(NO_INVISIBLE)
        } else {
            None
        };
        if let Some(message) = refused {
            return Err(FieldError::new(Rule::ValueError, message));
        }
    }
    Ok(())
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The zero-width non-joiner and joiner.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// The 66 code points that Unicode never assigns to a character.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Characters of Unicode's `Default_Ignorable_Code_Point` and zero-width spaces that have no use in a name. Variation
/// selectors 15 and 16 are not included, because emoji use them. Joiners are not included either, because some scripts
/// need them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Whether a reader does not see the character. Such characters are ignored in loose comparisons.
pub(crate) fn is_hidden(c: char) -> bool {
    is_invisible(c) || is_bidi_control(c) || is_joiner(c) || matches!(c, '\u{FE0E}' | '\u{FE0F}')
}

/// A text in Unicode's normalization form C. Two texts that differ only in how accents are encoded have the same form.
/// The browser compares no names and has no room for the tables.
#[cfg(not(target_family = "wasm"))]
pub fn normalized(text: &str) -> std::borrow::Cow<'_, str> {
    use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text.into();
    }
    text.nfc().collect::<String>().into()
}

/// Lower case for look-ups and sorting. Never used to decide whether two key names are equal.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Whether a text reads like `admin-key`, even in other letter case, with look-alike letters, or with other hyphens or
/// spaces. This is also true of `admin-key` itself. A person who sees such a name in a list must not mistake it for the
/// admin key.
///
/// This finds the most likely look-alikes. The server also checks Unicode's tables, which are too large for the
/// browser.
pub fn looks_like_admin_key(text: &str) -> bool {
    // Nearly all other names differ in their first letters, so the comparison ends early.
    let letters = text.chars().filter(|c| !is_separator(*c)).map(|c| latin(c).unwrap_or("?"));
    letters.flat_map(str::chars).eq(ADMIN_KEY_LETTERS.chars())
}

/// The letters of `admin-key`, as [`latin`] returns them.
pub(crate) const ADMIN_KEY_LETTERS: &str = "adrninkey";

/// Maps a character to the letter of `admin-key` that it looks like, in lower case. `m` becomes `rn`, which it looks
/// like. Capitals are listed and not folded, because Unicode's folding tables are as large as a page of the console.
pub(crate) fn latin(c: char) -> Option<&'static str> {
    const LETTERS: &[(&str, &str)] = &[
        ("aAáâãäåàāăąɑαаａÁÂÃÄÅÀĀĂĄⱭΑАＡ\u{212B}4@", "a"),
        ("dDďđԁⅾｄĎĐԀⅮＤ", "d"),
        ("mMмｍⅿṃМＭⅯṂΜ", "rn"),
        ("rRｒгＲГ", "r"),
        ("iIìíîïīįıιіїｉⅰÌÍÎÏĪĮİΙІЇＩⅠlLｌⅼＬⅬ1|ӏӀ", "i"),
        ("nNñńňņոηпｎÑŃŇŅՈΗПＮΝ", "n"),
        ("kKκкķｋΚКĶＫ\u{212A}", "k"),
        ("eEèéêëēėęěеёεｅÈÉÊËĒĖĘĚЕЁΕＥ3", "e"),
        ("yYýÿуүγｙυÝŸУҮΓＹΥ", "y"),
    ];
    LETTERS.iter().find(|(alike, _)| alike.contains(c)).map(|(_, letter)| *letter)
}

pub(crate) fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_' | '.' | '~' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '－' | '·'
                // Combining accents, which follow their letter.
                | '\u{0300}'..='\u{036F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        assert!(check_line(&"é".repeat(100), 1, 100).is_ok());
        assert_eq!(check_line(&"é".repeat(101), 1, 100).map_err(|e| e.rule), Err(Rule::StringTooLong));
        assert_eq!(check_line("", 1, 100).map_err(|e| e.rule), Err(Rule::StringTooShort));
    }

    #[test]
    fn invisible_and_bidirectional_control_characters_are_refused() {
        for text in [
            "a\0b",
            "a\nb",
            "a\u{85}b",
            "a\u{202E}b",
            "a\u{200B}b",
            "a\u{200D}b",
            "a\u{200C}b",
            "\u{FEFF}a",
            "a\u{AD}b",
            "  ",
        ] {
            assert_eq!(check_line(text, 1, 100).map_err(|e| e.rule), Err(Rule::ValueError), "{text:?}");
        }
    }

    #[test]
    fn all_66_noncharacters_are_refused() {
        let is_refused = |c: &char| check_line(&format!("a{c}b"), 1, 100).is_err();
        let planes = (0..=0x10_u32).flat_map(|plane| [plane << 16 | 0xFFFE, plane << 16 | 0xFFFF]);
        let all: Vec<_> = planes.chain(0xFDD0..=0xFDEF).filter_map(char::from_u32).collect();
        assert_eq!((all.len(), all.iter().filter(|c| is_refused(c)).count()), (66, 66));
        assert!(!['\u{FDCF}', '\u{FDF0}', '\u{FFFD}', '\u{10000}', '\u{1FFFD}'].iter().any(is_refused));
        assert!(check_paragraph("a\n\u{FFFF}", 10).is_err());
    }

    #[test]
    fn a_line_that_is_stored_already_is_read_whatever_the_rules_for_new_ones() {
        for text in ["a\u{FFFF}", "a\u{200C}b", "🔑\u{200D}→", " "] {
            assert_eq!(check_stored_line(text, 1, 100), Ok(()), "{text:?}");
        }
        for text in ["", "a\0", "a\n", &"a".repeat(101)] {
            assert!(check_stored_line(text, 1, 100).is_err(), "{text:?}");
        }
    }

    #[test]
    fn scripts_symbols_and_joined_emoji_are_accepted() {
        for text in ["a/b", "100%", "a b", "+?#", "ключ", "鍵", "مفتاح", "👩‍💻 laptop", "❤️", "🏳️‍🌈", "👩🏽‍🚀"]
        {
            assert_eq!(check_line(text, 1, 100), Ok(()), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn all_forms_of_a_text_have_the_same_normalized_form(text in "(\\PC|[e가\u{300}-\u{345}\u{1100}-\u{11FF}\u{212A}Å]){0,12}") {
            use unicode_normalization::UnicodeNormalization as _;
            let forms = [text.clone(), text.nfc().collect(), text.nfd().collect()];
            let expected = normalized(&text);
            proptest::prop_assert_eq!(normalized(&expected), &*expected);
            for form in &forms {
                proptest::prop_assert_eq!(&normalized(form), &expected);
            }
        }
    }

    #[test]
    fn other_texts_stay_apart() {
        for (one, other) in [("café", "cafe"), ("ﬁ", "fi"), ("Café", "café"), ("２", "2")] {
            assert_ne!(normalized(one), normalized(other));
        }
        assert_eq!(normalized("cafe\u{301}"), "café");
    }

    #[test]
    fn look_alikes_are_found_in_any_letter_case() {
        let letter = |c: char| if is_separator(c) { "" } else { latin(c).unwrap_or("?") };
        for c in '\0'..=char::MAX {
            let of_small: String = c.to_lowercase().map(letter).collect();
            if of_small != "?" {
                assert_eq!(letter(c), of_small, "{c:?}");
            }
        }
    }

    #[test]
    fn a_look_alike_of_admin_key_is_found() {
        for text in [
            "Admin-Key",
            "ADMIN-KEY",
            "АDMIΝ-ΚΕΥ",
            "admin_key",
            "admin key",
            "аdmin-key",
            "adm1n-key",
            "admin‐key",
            "admin-ке\u{443}",
            "ａdmin-key",
            "adrnin-key",
        ] {
            assert!(looks_like_admin_key(text), "{text}");
        }
        for text in ["admin", "admin-keys", "my admin-key", "badmin-key", "key-admin"] {
            assert!(!looks_like_admin_key(text), "{text}");
        }
    }
}
