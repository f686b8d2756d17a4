//! Fuzzes the parser of keys, and compares it with a slow reference implementation that has its own checksum.

use model::key::{BASE62, CHECKSUM_LENGTH, Environment, KeyPrefix, PlainKey, RANDOM_LENGTH, SHOWN_LENGTH};
use model::leaked_secret::{beginning_of_secret, holds_secret};

use super::input::sample_key;

/// The input is a text. The part after its last underscore is also tried as the random part of a key.
pub fn key(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    parse(text);
    let begin = text.rfind('_').map_or(0, |underscore| underscore + 1);
    let (prefix, random) = text.split_at(begin);
    let completed = format!("{prefix}{random}{}", checksum(text));
    assert_eq!(parse(&completed), is_prefix(prefix) && is_base62(random, RANDOM_LENGTH), "{completed}");
    surround(text);
}

/// Parses a text and returns whether it is a key.
fn parse(text: &str) -> bool {
    let parsed = PlainKey::parse(text);
    assert_eq!(parsed.is_ok(), is_key(text), "{text}");
    assert_eq!(parsed.is_ok(), PlainKey::is_one(text));
    let Ok(key) = &parsed else { return false };
    assert_eq!(key.reveal(), text);
    assert_eq!(format!("{key:?}"), "…");
    let shown = key.shown(&KeyPrefix::default(), Environment::LIVE);
    assert!(text.starts_with(&shown) && shown.len() == SHOWN_LENGTH);
    alter(text);
    true
}

/// A key is no longer a key after one character is changed or removed.
fn alter(key: &str) {
    for at in 0..key.len() {
        let (before, rest) = key.split_at(at);
        let after = rest.get(1..).unwrap_or_default();
        for other in ["a", "Z", "0", "_", "é", ""]
            .into_iter()
            .filter(|other| !rest.starts_with(*other) || other.is_empty())
        {
            let altered = format!("{before}{other}{after}");
            assert!(PlainKey::parse(&altered).is_err(), "{key} {altered}");
        }
    }
}

/// A key is found wherever it is in a text, and no more of it is shown than in lists.
fn surround(text: &str) {
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (before, after) = text.split_at(middle);
    let surrounded = format!("{before}{}{after}", sample_key().reveal());
    assert!(holds_secret(&surrounded), "{surrounded}");
    let beginning = beginning_of_secret(&surrounded, &KeyPrefix::default()).unwrap_or_default();
    assert!(beginning.len() == SHOWN_LENGTH && surrounded.contains(beginning), "{surrounded}");
}

fn is_key(text: &str) -> bool {
    let Some(body_length) = text.len().checked_sub(CHECKSUM_LENGTH) else { return false };
    let Some((body, given)) = text.split_at_checked(body_length) else { return false };
    let Some(prefix_length) = body.len().checked_sub(RANDOM_LENGTH) else { return false };
    let Some((prefix, random)) = body.split_at_checked(prefix_length) else { return false };
    is_prefix(prefix) && is_base62(random, RANDOM_LENGTH) && given == checksum(body)
}

fn is_base62(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| BASE62.contains(&byte))
}

/// Matches `^[a-z][a-z0-9]{1,9}(_[a-z0-9]{1,9})?_$`, word by word.
fn is_prefix(text: &str) -> bool {
    let words: Vec<_> = text.split('_').collect();
    let is_word =
        |word: &str| word.bytes().all(|byte| b"abcdefghijklmnopqrstuvwxyz0123456789".contains(&byte));
    let is_first = |word: &str| {
        (2..=10).contains(&word.len()) && is_word(word) && !word.starts_with(|c: char| c.is_numeric())
    };
    let is_second = |word: &str| (1..=9).contains(&word.len()) && is_word(word);
    let follows = match words.as_slice() {
        [first, ""] => is_first(first),
        [first, second, ""] => is_first(first) && is_second(second),
        _ => false,
    };
    // The setting can have a placeholder where a key has its environment.
    let is_template = matches!(words.as_slice(), [first, "{environment}", ""] if is_first(first));
    assert_eq!(KeyPrefix::parse(text).is_ok(), follows || is_template, "{text}");
    follows
}

/// The CRC-32 of IEEE 802.3, computed bit by bit, as six digits in base 62.
fn checksum(text: &str) -> String {
    let mut crc = u32::MAX;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let digit = |place: u32| char::from(BASE62[(!crc / 62_u32.pow(place) % 62) as usize]);
    (0..6).rev().map(digit).collect()
}
