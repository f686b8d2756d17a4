//! Fuzzes paths and patterns, and compares them with what upstreams make of paths: a browser's parser, and many kinds
//! of normalization.

use model::gateway::{PathPattern, Pieces, RequestPath, Segment};
use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use url::Url;

use super::input::{escaped, lines, text};

/// The input is a pattern, then the path and query of a request line.
pub fn gateway_path(data: &[u8]) {
    let mut lines = lines(data);
    let pattern = text(&mut lines).and_then(|text| PathPattern::parse(text).ok());
    if let Some(pattern) = &pattern {
        print(pattern);
    }
    let Some(target) = text(&mut lines) else { return };
    let Ok(path) = RequestPath::read(target) else { return };
    let segments: Vec<_> = path.segments().iter().map(Segment::as_str).collect();
    read(target, &segments);
    if let Some(pattern) = &pattern {
        fit(pattern, &path, &segments);
    }
}

/// A pattern is written exactly as it was read, and contains nothing misleading.
fn print(pattern: &PathPattern) {
    let text = pattern.as_str();
    assert_eq!(PathPattern::parse(text).as_ref(), Ok(pattern));
    assert!(text.starts_with('/') && text.chars().count() <= 500, "{text}");
    assert!(!text.chars().any(|c| c.is_control() || c == '\\' || c == '%'), "{text}");
    assert!(!text.split('/').any(|segment| matches!(segment, "." | "..")), "{text}");
}

/// A path that is accepted means the same to a browser's parser, to a server that decodes it once more, and to one that
/// writes it again.
fn read(target: &str, segments: &[&str]) {
    let path = target.split('?').next().unwrap_or_default();
    let decoded = |path: &str| -> Vec<String> {
        let parts = path.strip_prefix('/').unwrap_or(path).split('/');
        let parts = parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
        let mut parts: Vec<_> = parts.collect();
        parts.pop_if(|last| last.is_empty());
        parts
    };
    assert_eq!(decoded(path), segments, "{target}");
    let url = Url::parse(&format!("http://upstream{target}")).map(|url| decoded(url.path()));
    assert_eq!(
        url.as_deref(),
        Ok(segments.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice()),
        "{target}"
    );

    for segment in segments {
        assert!(segment.chars().any(|c| c != '.' && !c.is_whitespace()), "{target}");
        assert!(!segment.chars().any(|c| c.is_control() || "/\\%;?#".contains(c)), "{target}");
        assert_eq!(percent_decode_str(segment).decode_utf8_lossy(), *segment, "{target}");
        assert!(!segment.nfkc().any(|c| "/\\%;?#".contains(c)), "{target}");
    }
    let written =
        format!("/{}", segments.iter().map(|segment| escaped(segment)).collect::<Vec<_>>().join("/"));
    let again = RequestPath::read(&written);
    assert!(
        again.is_ok_and(|path| path.segments().iter().map(Segment::as_str).eq(segments.iter().copied())),
        "{target}"
    );
}

/// A path fits exactly if its segments are those of the pattern. A path that some upstream changes into a fitting one
/// must not count as different, because it would bypass the rule.
fn fit(pattern: &PathPattern, path: &RequestPath<'_>, segments: &[&str]) {
    let fit = pattern.fit(path.segments());
    let is_exact = fits(pattern.as_str(), segments, str::to_owned);
    assert_eq!(fit == Pieces::Fit, is_exact, "{pattern:?} {segments:?}");
    for (place, reading) in READINGS.iter().enumerate() {
        if fits(pattern.as_str(), segments, *reading) {
            assert_ne!(fit, Pieces::Differ, "{pattern:?} {segments:?} by reading {place}");
        }
    }
}

/// Whether each segment equals its counterpart in the pattern after `reading` is applied to both.
fn fits(pattern: &str, segments: &[&str], reading: fn(&str) -> String) -> bool {
    let mut parts: Vec<_> = pattern.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    let has_rest = parts.pop_if(|last| *last == "**").is_some();
    let has_length = if has_rest { segments.len() >= parts.len() } else { segments.len() == parts.len() };
    has_length
        && parts
            .iter()
            .zip(segments)
            .all(|(part, segment)| *part == "*" || part.starts_with('{') || reading(part) == reading(segment))
}

/// Removes all combining marks if the letters are ASCII. Otherwise it removes only those with a combining class,
/// because other marks can make a different letter.
fn without_accents(text: &str) -> String {
    let letters: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    if letters.is_ascii() {
        letters
    } else {
        text.nfkd().filter(|c| canonical_combining_class(*c) == 0).collect()
    }
}

/// What upstreams are known to do to a name before they look it up.
const READINGS: &[fn(&str) -> String] = &[
    str::to_lowercase,
    str::to_uppercase,
    str::to_ascii_lowercase,
    |text| text.nfc().collect(),
    |text| text.nfd().collect(),
    |text| text.nfkc().collect(),
    |text| text.nfkd().collect(),
    |text| text.nfkc().collect::<String>().to_lowercase(),
    |text| text.to_uppercase().nfkc().collect(),
    |text| text.to_lowercase().nfkc().collect::<String>().to_lowercase().nfkc().collect(),
    without_accents,
    |text| text.trim_end_matches(['.', ' ']).to_owned(),
    |text| text.trim().to_owned(),
    |text| text.replace(['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}', '\u{AD}'], ""),
    |text| text.nfkc().collect::<String>().trim_end_matches(['.', ' ']).to_lowercase(),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranges of characters without letter case, decompositions or marks.
    const PLAIN: [std::ops::RangeInclusive<u32>; 3] = [0x3400..=0x9FFF, 0xAC00..=0xD7A3, 0x2_FA20..=0xD_FFFF];

    /// Generated inputs rarely contain the few characters that can be read in two ways, so this test tries every
    /// character outside `PLAIN`.
    #[test]
    fn no_character_bypasses_a_rule() {
        let characters = (0x80..=0xE_0FFF).filter(|code| !PLAIN.iter().any(|plain| plain.contains(code)));
        let mut around = Vec::new();
        for character in characters.filter_map(char::from_u32) {
            for asked in [format!("k{character}k"), format!("{character}\u{102E}k"), character.to_string()] {
                around.extend(READINGS.iter().filter_map(|reading| bypasses(&asked, *reading)));
            }
        }
        assert!(
            around.is_empty(),
            "{} such as {:?}",
            around.len(),
            around.iter().take(20).collect::<Vec<_>>()
        );
    }

    /// Returns the segment that `reading` makes of `asked`, and `asked` itself, if a pattern for that segment neither
    /// fits nor refuses `asked`. A request could then bypass the rule.
    fn bypasses(asked: &str, reading: fn(&str) -> String) -> Option<(String, String)> {
        let closed = reading(asked);
        if closed == asked || reading(&closed) != closed {
            return None;
        }
        let pattern = PathPattern::parse(&format!("/{closed}")).ok()?;
        let target = format!("/{}", escaped(asked));
        let path = RequestPath::read(&target).ok()?;
        (pattern.fit(path.segments()) == Pieces::Differ).then(|| (closed, asked.escape_unicode().to_string()))
    }
}
