//! Finds secrets of keys in text fields. Such a text would be stored in plain text and shown to everyone who sees the
//! name, description or metadata.

use serde_json::{Map, Value};

use crate::field::{FieldError, Rule};
use crate::key::{CHECKSUM_LENGTH, KeyPrefix, PlainKey, RANDOM_LENGTH};

/// Longest prefix of a secret, in bytes: two words and their underscores.
const PREFIX_LENGTH_MAX: usize = 21;

/// Refuses a text that contains a whole secret. The checksum is verified, so text that only looks like a secret is
/// accepted.
pub(crate) fn check_no_secret(text: &str) -> Result<(), FieldError> {
    if holds_secret(text) {
        let message = "This contains the secret of a key, which would be stored in plain text. Remove the secret, and rotate that \
             key.";
        return Err(FieldError::new(Rule::ValueError, message));
    }
    Ok(())
}

/// Refuses metadata with a secret in any name or value. Returns a copy of the metadata.
pub(crate) fn check_metadata(metadata: &Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
    for (name, value) in metadata {
        check_no_secret(name)?;
        check_value(value)?;
    }
    Ok(metadata.clone())
}

fn check_value(value: &Value) -> Result<(), FieldError> {
    match value {
        Value::String(text) => check_no_secret(text),
        Value::Array(items) => items.iter().try_for_each(check_value),
        Value::Object(members) => members
            .iter()
            .try_for_each(|(name, value)| check_no_secret(name).and_then(|()| check_value(value))),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// Whether a text contains a secret.
pub fn holds_secret(text: &str) -> bool {
    find_secret(text).is_some()
}

/// The first characters of a secret in a text: the shown prefix, by which people can find the key. Its length depends
/// on the prefix setting. `None` if the text contains no secret.
pub fn beginning_of_secret<'a>(text: &'a str, setting: &KeyPrefix) -> Option<&'a str> {
    let secret = find_secret(text)?;
    let own = secret.get(..secret.len().checked_sub(RANDOM_LENGTH + CHECKSUM_LENGTH)?)?;
    secret.get(..setting.searched_length(own))
}

/// Returns the first secret. Looks for an underscore that is followed by the random part and the checksum, and then
/// tries prefixes of all lengths.
fn find_secret(text: &str) -> Option<&str> {
    text.match_indices('_').find_map(|(underscore, _)| {
        let begin = underscore + 1;
        let end = begin + RANDOM_LENGTH + CHECKSUM_LENGTH;
        let is_long_enough =
            text.get(begin..end).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        if !is_long_enough {
            return None;
        }
        (begin.saturating_sub(PREFIX_LENGTH_MAX)..underscore)
            .filter_map(|start| text.get(start..end))
            .find(|part| PlainKey::parse(part).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    fn secret(prefix: &str) -> String {
        let prefix = KeyPrefix::parse(prefix).unwrap();
        PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy").reveal().to_owned()
    }

    #[test]
    fn a_secret_is_found_anywhere_in_a_text() {
        for prefix in ["sk_live_", "b3sk_", "abcdefghij_123456789_"] {
            let secret = secret(prefix);
            for text in [
                secret.clone(),
                format!("key: {secret}."),
                format!("a_b_{secret}_c"),
                format!("x{secret}y"),
                format!("é{secret}é"),
                format!("https://example.com/?k={secret}"),
            ] {
                assert!(check_no_secret(&text).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn only_the_shown_prefix_of_a_secret_is_kept() {
        for prefix in ["sk_live_", "b3sk_", "abcdefghij_123456789_"] {
            let secret = secret(prefix);
            for text in
                [secret.clone(), format!(" {secret}\n"), format!("Bearer {secret}"), format!("k={secret}&x")]
            {
                let setting = KeyPrefix::parse(prefix).unwrap();
                assert_eq!(beginning_of_secret(&text, &setting), Some(&secret[..10]), "{text}");
            }
        }
        for text in ["", "billing", "sk_live_01", "key_a1b2c3"] {
            assert_eq!(beginning_of_secret(text, &KeyPrefix::default()), None, "{text}");
        }
    }

    #[test]
    fn more_is_kept_of_a_secret_whose_prefix_contains_its_environment() {
        let setting = KeyPrefix::parse("sk_{environment}_").unwrap();
        for (prefix, beginning) in [
            ("sk_staging9x_", "sk_staging9x_0123"),
            ("sk_test_", "sk_test_0123"),
            ("sk_a_", "sk_a_01234"),
            ("sk_live_", "sk_live_01"),
            ("abcdefghij_123456789_", "abcdefghij"),
        ] {
            let text = format!("Bearer {}", secret(prefix));
            assert_eq!(beginning_of_secret(&text, &setting), Some(beginning), "{prefix}");
        }
    }

    #[test]
    fn text_without_a_secret_is_accepted() {
        let secret = secret("sk_live_");
        for text in [
            "",
            "_",
            "snake_case_name",
            "sk_live_01...",
            &secret[..secret.len() - 1],
            &secret.to_lowercase(),
            &"_".repeat(500),
            &format!("_{}", "é".repeat(60)),
        ] {
            assert!(check_no_secret(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn metadata_is_searched_at_every_depth() {
        let metadata = |json: String| serde_json::from_str::<Map<String, Value>>(&json).unwrap();
        let secret = secret("sk_live_");
        for json in [
            format!("{{\"a\": \"{secret}\"}}"),
            format!("{{\"{secret}\": 1}}"),
            format!("{{\"a\": [1, {{\"b\": [\"{secret}\"]}}]}}"),
            format!("{{\"a\": {{\"{secret}\": null}}}}"),
        ] {
            assert!(check_metadata(&metadata(json.clone())).is_err(), "{json}");
        }
        let fine = metadata("{\"a\": [1, true, null, {\"b\": \"sk_live_\"}]}".to_owned());
        assert_eq!(check_metadata(&fine), Ok(fine.clone()));
    }
}
