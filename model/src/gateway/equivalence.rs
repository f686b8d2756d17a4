//! Path segments that some upstream treats as the same segment.
//!
//! Servers and file systems ignore different things: letter case, width, accents, invisible characters, and dots or
//! spaces at the end of a name. This module ignores everything that any of them ignores. Segments that are equivalent
//! here may still differ for a given upstream, so a path that is equivalent to a rule without being equal to it is
//! refused.

use std::borrow::Cow;

use crate::text::is_hidden;

/// Removes everything that some upstream ignores. ASCII text keeps its case, which [`are_equivalent`] ignores.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(trimmed(text));
    }
    let folded = without_case(&decomposed(&without_case(text)));
    Cow::Owned(trimmed(&folded).to_owned())
}

/// Whether some upstream treats two normalized segments as the same. `long` belongs to the rule and `other` to the
/// request, which may use a short name of Windows.
pub(super) fn are_equivalent(long: &str, other: &str) -> bool {
    long.eq_ignore_ascii_case(other) || is_short_name(other, long)
}

/// Converts to lowercase, then to uppercase, then to lowercase again. Together these steps fold more letters than any
/// one of them, for example `ſ`, `ẞ` and `ı`.
fn without_case(text: &str) -> String {
    text.to_lowercase().to_uppercase().to_lowercase()
}

/// Removes white space at the beginning, and white space and dots at the end. Windows removes dots and spaces from the
/// end of a name.
fn trimmed(text: &str) -> &str {
    text.trim_start().trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

/// Replaces each character with the plain characters that it stands for: `ｕ`, `ú` and `𝐮` become `u`.
///
/// Accents are removed from every letter. Scripts such as Devanagari write vowels as combining marks, which distinguish
/// names, so these marks are kept. They are removed if all letters are ASCII, because upstreams that remove accents
/// remove them too.
///
/// The Greek iota is removed. As a mark below a letter it disappears with the accents, but in capitals it is a letter
/// of its own, so that `ᾳ` is `α` to some upstreams and `αι` to others.
#[cfg(not(target_family = "wasm"))]
fn decomposed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
    let is_kept = |c: char| canonical_combining_class(c) == 0 && !is_hidden(c) && c != 'ι';
    // Letters such as `𝚰` have a case only after decomposition.
    let letters = without_case(&text.nfkd().collect::<String>());
    let kept: String = letters.nfkd().filter(|&c| is_kept(c)).collect();
    let plain = trimmed(&kept);
    let without_marks = plain.replace(is_combining_mark, "");
    if without_marks.is_ascii() { without_marks } else { plain.to_owned() }
}

/// The browser never decides about a request, and the Unicode tables would make the download larger.
#[cfg(target_family = "wasm")]
fn decomposed(text: &str) -> String {
    text.chars().filter(|&c| !is_hidden(c)).collect()
}

/// Whether `short` may be the 8.3 name that Windows gives to a file named `long`: `ADMINI~1` for `administration`.
fn is_short_name(short: &str, long: &str) -> bool {
    let Some((stem, rest)) = short.split_once('~') else { return false };
    let (number, extension) = rest.split_once('.').unwrap_or((rest, ""));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let has_form = is_number && (1..=7).contains(&(stem.len() + number.len())) && extension.len() <= 3;
    if !has_form || fits_short(long) {
        return false;
    }
    let letters: String = long.chars().filter(|c| !matches!(c, ' ' | '.')).collect();
    let begins = |start: &str| letters.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    // When several names begin alike, the 8.3 name is the first two letters followed by four hexadecimal digits of a
    // checksum.
    let is_hashed = |stem: &str| {
        stem.split_at_checked(2).is_some_and(|(start, sum)| {
            sum.len() == 4 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) && begins(start)
        })
    };
    begins(stem) || is_hashed(stem)
}

/// Whether a name already is a valid 8.3 name, so that Windows creates no second name for it.
fn fits_short(name: &str) -> bool {
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    stem.len() <= 8 && extension.len() <= 3 && !name.contains(' ') && !extension.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        are_equivalent(&normalized(one), &normalized(other))
    }

    #[test]
    fn segments_that_some_upstream_treats_as_equal_are_equivalent() {
        for (one, other) in [
            ("users", "USERS"),
            ("users", "u\u{17F}ers"),
            ("keys", "\u{212A}eys"),
            ("admin", "adm\u{131}n"),
            ("admin", "ADM\u{130}N"),
            ("straße", "STRASSE"),
            ("straße", "STRA\u{1E9E}E"),
            ("σοφός", "ΣΟΦΌΣ"),
            ("café", "cafe\u{301}"),
            ("cafe", "café"),
            ("users", "ｕｓｅｒｓ"),
            ("ｕsers", "users"),
            ("office", "o\u{FB03}ce"),
            ("users", "\u{102E}users"),
            ("users", "use\u{E31}rs"),
            ("users", "\u{345}users"),
            ("users", "use\u{E31}r\u{345}s"),
            ("users", "\u{1680}use\u{E31}rs"),
            ("α", "ᾳ"),
            ("αι", "ᾳ"),
            ("users", "us\u{200B}ers"),
            ("users", "us\u{200D}ers\u{FEFF}"),
            ("users", "us\u{AD}ers\u{FE0F}"),
            ("users", "users."),
            ("users", "users. . "),
            ("users", " users"),
            ("users", "users\u{3000}"),
            ("users", "users\u{FF0E}"),
            ("users.", "users"),
            ("administration", "ADMINI~1"),
            ("administration", "admin~12"),
            ("admin panel", "adminp~1"),
            ("admin.json", "admin~1.jso"),
            ("administration", "adA1B2~1"),
        ] {
            assert!(alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn different_segments_stay_different() {
        for (one, other) in [
            ("users", "user"),
            ("users", "ключи"),
            ("ключи", "ключ"),
            ("users", ".users"),
            ("a.b", "ab"),
            ("users", "use rs"),
            ("head", "HEAD~1"),
            ("admin", "admin~1"),
            ("administration", "badmin~1"),
            ("administration", "admini~x"),
            ("administration", "administration~1"),
            ("कि", "का"),
            ("李四", "王五"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    /// A server may change the case of a text by letter or as a whole. The result is the same here.
    #[test]
    fn letter_case_never_makes_a_difference() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let changed = [text.to_lowercase(), text.to_uppercase(), text.to_uppercase().to_lowercase()];
            for other in changed.into_iter().filter(|other| *other != text) {
                assert_eq!(
                    normalized(&text).to_ascii_lowercase(),
                    normalized(&other).to_ascii_lowercase(),
                    "{c:?}"
                );
            }
        }
    }
}
