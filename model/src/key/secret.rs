//! The format of a secret: a prefix, 32 random base62 characters, and a checksum of 6 base62 characters.

use std::fmt;

use zeroize::Zeroize;

use super::Environment;
use crate::field::{FieldError, Rule};

/// The number of random base62 characters in a secret: 190 bits of entropy.
pub const RANDOM_LENGTH: usize = 32;
/// The number of base62 characters that encode the CRC-32 at the end of a secret.
pub const CHECKSUM_LENGTH: usize = 6;
/// The number of characters of a secret that lists show.
pub const SHOWN_LENGTH: usize = 10;
/// The base62 digits, in the order of their values.
pub const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The prefix of secrets unless the operator sets another one.
pub const DEFAULT_PREFIX: &str = "sk_live_";

/// Stands for the environment of a key in the prefix setting.
const ENVIRONMENT: &str = "{environment}";
/// The number of random characters that are shown of a secret whose prefix contains its environment.
const RANDOM_SHOWN: usize = 4;
/// The number of random characters that are enough to search for a key that may be older than the prefix setting.
const OLDER_RANDOM_MIN: usize = 2;

/// The prefix of new secrets: `^[a-z][a-z0-9]{1,9}(_[a-z0-9]{1,9})?_$`. The second word can be `{environment}`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyPrefix(String);

impl KeyPrefix {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let is_valid = match text.strip_suffix("_{environment}_") {
            Some(first) => is_prefix(&format!("{first}_")) && !first.contains('_'),
            None => is_prefix(text),
        };
        if is_valid {
            return Ok(Self(text.to_owned()));
        }
        Err(FieldError::new(
            Rule::ValueError,
            "Begin with a lower-case letter and 1 to 9 more letters or digits. Optionally add an underscore and 1 to 9 \
             letters or digits, or {environment}. End with an underscore, as in sk_live_ or sk_{environment}_.",
        ))
    }

    /// The setting, in which `{environment}` may stand for the environment.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part that all secrets begin with, whatever their environment.
    pub fn common(&self) -> &str {
        self.0.strip_suffix("{environment}_").unwrap_or(&self.0)
    }

    /// The prefix of the secrets of an environment.
    pub fn of(&self, environment: Environment) -> String {
        self.0.replace(ENVIRONMENT, environment.as_str())
    }

    /// Whether a text contains the prefix of a secret, of any environment.
    pub fn is_in(&self, text: &str) -> bool {
        if !self.0.contains(ENVIRONMENT) {
            return text.contains(&self.0);
        }
        // The first word is short, so it is looked for only where a word begins. Otherwise `task_new_1` would contain
        // one.
        let is_prefix_at = |at: usize| {
            let begins =
                !text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric()));
            let word = text.get(at + self.common().len()..).and_then(|rest| rest.split_once('_'));
            begins && word.is_some_and(|(word, _)| Environment::parse(word).is_ok())
        };
        text.match_indices(self.common()).any(|(at, _)| is_prefix_at(at))
    }

    /// The number of characters of a secret by which its key is searched for: as many as lists show. `own` is the
    /// prefix of the secret, which may be from another setting.
    ///
    /// A secret that begins like `sk_live_` may be older than the setting `sk_{environment}_`, and lists then show
    /// only [`SHOWN_LENGTH`] characters of it. A longer text would not find its key.
    pub(crate) fn searched_length(&self, own: &str) -> usize {
        let word = own.strip_prefix(self.common()).and_then(|rest| rest.strip_suffix('_'));
        let Some(environment) = word.and_then(|word| Environment::parse(word).ok()) else {
            return SHOWN_LENGTH;
        };
        let may_be_older = environment.is_live() && own.len() + OLDER_RANDOM_MIN <= SHOWN_LENGTH;
        if may_be_older { SHOWN_LENGTH } else { self.shown_length(environment) }
    }

    /// The number of characters of a secret that lists show. With the environment in it, the prefix can fill the first
    /// [`SHOWN_LENGTH`] characters, so more of them are shown.
    fn shown_length(&self, environment: Environment) -> usize {
        if self.0.contains(ENVIRONMENT) {
            SHOWN_LENGTH.max(self.of(environment).len() + RANDOM_SHOWN)
        } else {
            SHOWN_LENGTH
        }
    }
}

impl TryFrom<String> for KeyPrefix {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).map_err(|_| "not a key prefix")
    }
}

impl From<KeyPrefix> for String {
    fn from(KeyPrefix(text): KeyPrefix) -> Self {
        text
    }
}

impl Default for KeyPrefix {
    fn default() -> Self {
        Self(DEFAULT_PREFIX.to_owned())
    }
}

fn is_prefix(text: &str) -> bool {
    let Some(body) = text.strip_suffix('_') else { return false };
    let is_word = |word: &str, shortest: usize, longest: usize| {
        (shortest..=longest).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let (first, second) = body.split_once('_').map_or((body, None), |(first, second)| (first, Some(second)));
    first.starts_with(|c: char| c.is_ascii_lowercase())
        && is_word(first, 2, 10)
        && second.is_none_or(|second| is_word(second, 1, 9))
}

/// A key's secret. It is wiped from memory when dropped, and `Debug` prints `…`.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PlainKey(String);

/// The text has the wrong format or a wrong checksum, so it cannot be a key. This is known without a database query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key")]
pub struct NotAKey;

impl PlainKey {
    /// Builds a secret of the environment `live` from 32 random base62 characters.
    pub fn from_random(prefix: &KeyPrefix, random: &str) -> Self {
        Self::of_environment(prefix, Environment::LIVE, random)
    }

    /// Builds a secret from 32 random base62 characters.
    pub fn of_environment(prefix: &KeyPrefix, environment: Environment, random: &str) -> Self {
        let mut secret = format!("{}{random}", prefix.of(environment));
        let checksum = checksum(secret.as_bytes());
        secret.extend(checksum.map(char::from));
        Self(secret)
    }

    /// Reads a presented secret. Every valid prefix is accepted, because keys outlive a change of the prefix setting.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        if Self::is_one(text) { Ok(Self(text.to_owned())) } else { Err(NotAKey) }
    }

    /// Whether a text has the format and checksum of a secret.
    pub fn is_one(text: &str) -> bool {
        Self::has_form(text).is_some()
    }

    fn has_form(text: &str) -> Option<()> {
        let prefix_length = text.len().checked_sub(RANDOM_LENGTH + CHECKSUM_LENGTH)?;
        let (prefix, rest) = text.split_at_checked(prefix_length)?;
        let body_length = prefix_length + RANDOM_LENGTH;
        let (body, given) = text.split_at_checked(body_length)?;
        let is_base62 = rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_base62 && is_prefix(prefix) && checksum(body.as_bytes()) == given.as_bytes()).then_some(())
    }

    /// The secret text. The caller is responsible for where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The shown prefix: the first characters, which lists show.
    pub fn shown(&self, prefix: &KeyPrefix, environment: Environment) -> String {
        self.0.chars().take(prefix.shown_length(environment)).collect()
    }
}

impl Drop for PlainKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PlainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The CRC-32 of `bytes` as six base62 digits, zero-padded. Six digits are enough because 62⁶ is greater than 2³².
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(bytes);
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> PlainKey {
        PlainKey::from_random(&KeyPrefix::default(), "0123456789abcdefghijABCDEFGHIJxy")
    }

    #[test]
    fn a_secret_can_be_parsed_again() {
        let key = sample();
        assert_eq!(key.reveal().len(), 8 + 32 + 6);
        assert_eq!(PlainKey::parse(key.reveal()).as_ref(), Ok(&key));
        assert_eq!(key.shown(&KeyPrefix::default(), Environment::LIVE), "sk_live_01");
        assert_eq!(format!("{key:?}"), "…");
    }

    #[test]
    fn the_environment_can_be_part_of_a_secret() {
        let prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
        let random = "0123456789abcdefghijABCDEFGHIJxy";
        for (word, shown) in
            [("live", "sk_live_0123"), ("staging9x", "sk_staging9x_0123"), ("a", "sk_a_01234")]
        {
            let environment = Environment::parse(word).unwrap();
            let key = PlainKey::of_environment(&prefix, environment, random);
            assert!(key.reveal().starts_with(&format!("sk_{word}_0123")), "{word}");
            assert!(PlainKey::is_one(key.reveal()));
            assert_eq!(key.shown(&prefix, environment), shown);
        }
        for refused in
            ["{environment}_", "sk_{environment}", "sk_a_{environment}_", "sk_{environment}_a_", "sk_{env}_"]
        {
            assert!(KeyPrefix::parse(refused).is_err(), "{refused}");
        }
        let test = Environment::parse("test").unwrap();
        assert_eq!(KeyPrefix::default().of(test), "sk_live_");
        assert_eq!(prefix.common(), "sk_");
    }

    #[test]
    fn a_key_is_searched_for_by_what_lists_show_of_its_secret() {
        let random = "0123456789abcdefghijABCDEFGHIJxy";
        for (setting, word) in [
            ("sk_{environment}_", "staging9x"),
            ("sk_{environment}_", "stage"),
            ("sk_{environment}_", "test"),
            ("sk_{environment}_", "a"),
            ("acme_{environment}_", "live"),
            ("abcdefghij_{environment}_", "b12345678"),
            ("sk_live_", "test"),
            ("abcdefghij_123456789_", "live"),
        ] {
            let prefix = KeyPrefix::parse(setting).unwrap();
            let environment = Environment::parse(word).unwrap();
            let shown = PlainKey::of_environment(&prefix, environment, random).shown(&prefix, environment);
            assert_eq!(prefix.searched_length(&prefix.of(environment)), shown.len(), "{setting} {word}");
        }
    }

    #[test]
    fn keys_from_before_a_change_of_the_setting_are_searched_for_by_ten_characters() {
        for (setting, own) in [
            ("sk_{environment}_", "sk_live_"),
            ("sk_{environment}_", "ab_test_"),
            ("sk_{environment}_", "sk_1a_"),
            ("sk_{environment}_", "sk_"),
            ("sk_live_", "sk_staging9x_"),
            ("sk_", "sk_staging9x_"),
        ] {
            let prefix = KeyPrefix::parse(setting).unwrap();
            assert_eq!(prefix.searched_length(own), SHOWN_LENGTH, "{setting} {own}");
        }
    }

    #[test]
    fn a_prefix_is_found_in_a_text_whatever_the_environment() {
        let prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
        for text in ["sk_live_01", "sk_test_", "a-sk_eu1_x", "task_sk_a_b"] {
            assert!(prefix.is_in(text), "{text}");
        }
        for text in ["", "sk_", "sk_test", "task_new_1", "sk_TEST_1", "sk__1", "sk_tenletters_1"] {
            assert!(!prefix.is_in(text), "{text}");
        }
        assert!(KeyPrefix::default().is_in("xsk_live_01") && !KeyPrefix::default().is_in("sk_test_01"));
    }

    #[test]
    fn every_changed_character_is_detected() {
        let secret = sample().reveal().to_owned();
        for at in 0..secret.len() {
            let mut altered = secret.clone().into_bytes();
            altered[at] = if altered[at] == b'z' { b'y' } else { b'z' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(PlainKey::parse(&altered), Err(NotAKey), "{at}");
        }
    }

    #[test]
    fn arbitrary_text_is_not_a_key() {
        let secret = sample().reveal().to_owned();
        let (cut, longer) = (&secret[..secret.len() - 1], format!("{secret}0"));
        let spaced = format!(" {secret}");
        for text in ["", "sk_live_", cut, &longer, &spaced, &"é".repeat(40), &"a".repeat(60_000)] {
            assert!(PlainKey::parse(text).is_err());
        }
    }

    #[test]
    fn the_prefix_follows_its_rule() {
        for good in ["sk_live_", "ab_", "k2_", "abcdefghij_123456789_", "b3sk_"] {
            assert!(KeyPrefix::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "_",
            "a_",
            "sk",
            "SK_",
            "1a_",
            "sk__",
            "sk_a_b_",
            "abcdefghijk_",
            "sk_0123456789_",
            "é_",
            "sk-live_",
        ] {
            assert!(KeyPrefix::parse(bad).is_err(), "{bad}");
        }
    }
}
