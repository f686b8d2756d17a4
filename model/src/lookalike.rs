//! Finds names that a person may mistake for `admin-key`, by Unicode's tables of look-alikes. It is left out of the
//! browser because the tables are large.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;
use unicode_security::confusable_detection::skeleton;

use crate::text::{ADMIN_KEY_LETTERS, latin};

/// The most replacements of a character by another form (unstyled, unaccented, other case, other script) in the search
/// for a Latin letter.
const STEPS_MAX: u8 = 4;

/// Whether a text reads like `admin-key`: in letters of other scripts or styles, with accents, or with extra
/// punctuation. This is also true of `admin-key` itself.
pub(crate) fn reads_like_admin_key(text: &str) -> bool {
    letters_of(text) == ADMIN_KEY_LETTERS
}

/// The lowercase Latin letters that a text looks like.
fn letters_of(text: &str) -> String {
    let mut letters = String::new();
    text.chars().for_each(|character| read(character, STEPS_MAX, &mut letters));
    letters
}

/// Appends the lowercase Latin letters that a character looks like. Punctuation and accents append nothing. Any other
/// letter appends `?`.
fn read(character: char, steps: u8, letters: &mut String) {
    if let Some(letter) = latin(character).or_else(|| overlooked(character)) {
        letters.push_str(letter);
    } else if canonical_combining_class(character) != 0 {
        // An accent of the letter before it adds nothing.
    } else if let Some(other) = other_form(character).filter(|_| steps > 0) {
        other.chars().for_each(|character| read(character, steps - 1, letters));
    } else if character.is_alphanumeric() {
        letters.push('?');
    }
}

/// Another form of a character: its compatibility decomposition, its entry in Unicode's table of look-alikes, or its
/// other case.
fn other_form(character: char) -> Option<String> {
    let own = character.to_string();
    let forms = [
        own.nfkd().collect::<String>(),
        skeleton(&own).collect(),
        character.to_lowercase().collect(),
        character.to_uppercase().collect(),
    ];
    forms.into_iter().find(|form| *form != own)
}

/// Look-alikes that Unicode's tables omit: letters in filled shapes and flags, small capitals, symbols that resemble a
/// letter, and letters that look like a hyphen.
fn overlooked(character: char) -> Option<&'static str> {
    const SETS: [u32; 3] = [0x1F150, 0x1F170, 0x1F1E6];
    const LETTERS: &[(&str, &str)] = &[
        ("ᴀ", "a"),
        ("ᴅ", "d"),
        ("ᴍ", "rn"),
        ("ɪ!¡", "i"),
        ("ɴ", "n"),
        ("ᴋĸ₭", "k"),
        ("ᴇєɛ€", "e"),
        ("ʏ¥", "y"),
        ("ー一ㅡᅳـˉˍ", ""),
    ];
    let in_set = SETS.iter().find_map(|start| u32::from(character).checked_sub(*start).filter(|n| *n < 26));
    if let Some(plain) = in_set.and_then(|number| char::from_u32(u32::from('a') + number)) {
        return Some(latin(plain).unwrap_or("?"));
    }
    LETTERS.iter().find(|(alike, _)| alike.contains(character)).map(|(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_separator;

    #[test]
    fn look_alikes_of_admin_key_are_found_in_every_script_and_style() {
        for text in [
            "admin-key",
            "Admin_Key",
            "adminkey",
            // Cyrillic, Greek, Armenian, Georgian, Lisu, Cherokee.
            "аdmin-key",
            "аԁміn-кеу",
            "αdmin-κεγ",
            "admiո-key",
            "admin-keყ",
            "ꓮꓓꓟꓲꓠ-ꓗꓰꓬ",
            "ᎪᎠᎷᎥN-ᏦᎬᎩ",
            // Full width, styles, circles, squares, flags.
            "ａｄｍｉｎ－ｋｅｙ",
            "𝐚𝐝𝐦𝐢𝐧-𝐤𝐞𝐲",
            "𝔞𝔡𝔪𝔦𝔫-𝔨𝔢𝔶",
            "ᵃᵈᵐⁱⁿ⁻ᵏᵉʸ",
            "ᴀᴅᴍɪɴ-ᴋᴇʏ",
            "ⓐⓓⓜⓘⓝ-ⓚⓔⓨ",
            "🅐🅓🅜🅘🅝-🅚🅔🅨",
            "🅰🅳🅼🅸🅽-🅺🅴🆈",
            "🇦🇩🇲🇮🇳-🇰🇪🇾",
            // Accents, strokes and hooks.
            "ádmín-kéy",
            "a\u{301}dmi\u{308}n-key",
            "ađmin-key",
            "admin-ƙey",
            "a\u{1AB4}dmin-key",
            // Hyphens.
            "admin‐key",
            "admin‑key",
            "admin–key",
            "admin—key",
            "admin−key",
            "admin⁃key",
            "admin˗key",
            "admin־key",
            "adminーkey",
            "admin一key",
            "adminـkey",
            "admin゠key",
            "admin⸺key",
            "admin•key",
            "admin/key",
            // Digits and signs.
            "4dm1n-k3y",
            "@dm!n-key",
            "adm|n-key",
            "admln-key",
            "adrnin-key",
            "admin-k€y",
            "(admin-key)",
            "admin-key 🔑",
        ] {
            assert_eq!(letters_of(text), ADMIN_KEY_LETTERS, "{text}");
        }
    }

    #[test]
    fn other_names_are_accepted() {
        for text in [
            "",
            "-",
            "🔑",
            "admin",
            "admins-key",
            "admin-keys",
            "admin-key-2",
            "my admin-key",
            "badmin-key",
            "key-admin",
            "ключ",
            "ключ-админа",
            "管理者キー",
            "مفتاح",
        ] {
            assert!(!reads_like_admin_key(text), "{text}");
        }
    }

    /// The server refuses everything that the browser refuses.
    #[test]
    fn the_server_finds_every_look_alike_that_the_browser_finds() {
        for c in '\0'..=char::MAX {
            let known = if is_separator(c) { Some("") } else { latin(c) };
            assert!(known.is_none_or(|letters| letters_of(&c.to_string()) == letters), "{c:?}");
        }
    }
}
