//! Checks of text that people enter: its length and its characters.

use crate::field::{FieldError, Rule};
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

/// Checks text of several lines. Line breaks and tabs are allowed, and so is white space alone.
pub fn check_paragraph(text: &str, longest: usize) -> Result<(), FieldError> {
    check_length(text, 0, longest)?;
    let without_breaks: String = text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    check_visible(&without_breaks)?;
    check_no_secret(text)
}

/// Refuses characters that hide in a text or rearrange it. They could make two names look alike, forge log lines, or
/// display `exe.gpj` as `jpg.exe`.
pub(crate) fn check_visible(text: &str) -> Result<(), FieldError> {
    let mut before = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let refused = if is_control(character) {
            Some("Control characters are not allowed.")
        } else if is_bidi_control(character) {
            Some("Characters that change the direction of text are not allowed.")
        } else if character == '\u{200D}' {
            let inside_emoji =
                before.is_some_and(joins_emoji) && characters.peek().copied().is_some_and(is_emoji);
            (!inside_emoji).then_some("Invisible characters are not allowed.")
        } else if is_invisible(character) {
            Some("Invisible characters are not allowed.")
        } else {
            None
        };
        if let Some(message) = refused {
            return Err(FieldError::new(Rule::ValueError, message));
        }
        before = Some(character);
    }
    Ok(())
}

fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters of Unicode's `Default_Ignorable_Code_Point` and zero-width spaces that have no use in a name. Variation
/// selectors 15 and 16 are not included, because emoji use them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200C}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Whether a reader does not see the character. Such characters are ignored in loose comparisons.
pub(crate) fn is_hidden(c: char) -> bool {
    is_invisible(c) || is_bidi_control(c) || matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{1F000}'..='\u{1FAFF}')
}

/// What may precede a zero-width joiner inside an emoji: a picture, its variation selector, or a skin tone.
fn joins_emoji(c: char) -> bool {
    is_emoji(c) || c == '\u{FE0F}'
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
            "\u{FEFF}a",
            "a\u{AD}b",
            "  ",
        ] {
            assert_eq!(check_line(text, 1, 100).map_err(|e| e.rule), Err(Rule::ValueError), "{text:?}");
        }
    }

    #[test]
    fn scripts_symbols_and_joined_emoji_are_accepted() {
        for text in ["a/b", "100%", "a b", "+?#", "ключ", "鍵", "مفتاح", "👩‍💻 laptop", "❤️", "🏳️‍🌈", "👩🏽‍🚀"]
        {
            assert_eq!(check_line(text, 1, 100), Ok(()), "{text}");
        }
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
