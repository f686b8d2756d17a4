//! Metadata: a JSON object that clients keep with a key or a service account.

use serde_json::{Map, Value};

use crate::field::{FieldError, Rule};
use crate::leaked_secret::check_metadata;
use crate::text::{check_length, check_line};

/// The most bytes of metadata, as JSON without white space.
pub const METADATA_BYTES_MAX: usize = 4096;
/// The most members of metadata.
pub const METADATA_MEMBERS_MAX: usize = 50;
/// The most characters of a member's name.
pub const METADATA_NAME_LENGTH_MAX: usize = 100;
/// The most lists and objects inside each other, the metadata itself included. Readers of JSON stop at 128, and audit
/// records, stored answers and pages put the metadata into further objects.
pub const METADATA_DEPTH_MAX: usize = 32;

/// The most members by which a list can be filtered at once.
pub const METADATA_FILTERS_MAX: usize = 3;

/// Checked metadata. The server stores it and gives it back, and does not interpret it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// Checks the number of members, their names, the size, and that no value contains the secret of a key.
    pub fn check(object: &Map<String, Value>) -> Result<Self, FieldError> {
        if object.len() > METADATA_MEMBERS_MAX {
            let message = format!("Use at most {METADATA_MEMBERS_MAX} members.");
            return Err(FieldError::new(Rule::ValueError, message));
        }
        for name in object.keys() {
            check_line(name, 1, METADATA_NAME_LENGTH_MAX)?;
        }
        let bytes = serde_json::to_string(object).map_or(usize::MAX, |json| json.len());
        if bytes > METADATA_BYTES_MAX {
            let message = format!("Use at most {METADATA_BYTES_MAX} bytes of JSON; this has {bytes}.");
            return Err(FieldError::new(Rule::ValueError, message));
        }
        check_values(object).map(Self)
    }

    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// As JSON without white space.
    pub fn to_json(&self) -> String {
        // Never fails, because every name is a text.
        serde_json::to_string(&self.0).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members by which a key can be found, each with the text of its value. Lists, objects and null are left out.
    pub fn searchable(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().filter_map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            Some((name.as_str(), text))
        })
    }
}

/// Checks the values of any metadata: how deep they are nested, and that no value contains the secret of a key.
/// Returns a copy.
pub(crate) fn check_values(object: &Map<String, Value>) -> Result<Map<String, Value>, FieldError> {
    if !object.values().all(|value| is_within(value, METADATA_DEPTH_MAX - 1)) {
        let message = format!("Nest at most {METADATA_DEPTH_MAX} lists and objects in each other.");
        return Err(FieldError::new(Rule::ValueError, message));
    }
    check_metadata(object)
}

/// Whether a value has at most this number of lists and objects inside each other.
fn is_within(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(|item| is_within(item, depth - 1)),
        Value::Object(members) => depth > 0 && members.values().all(|member| is_within(member, depth - 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// A condition on metadata: it has a member of this name, whose value is this text, number or boolean.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MetadataFilter {
    pub name: String,
    pub value: String,
}

impl MetadataFilter {
    /// Checks the conditions of one request: names and values with their lengths.
    pub fn check(given: Vec<(&str, &str)>) -> Result<Vec<Self>, FieldError> {
        Self::check_number(given.len())?;
        for (index, (name, value)) in given.iter().enumerate() {
            if name.is_empty() {
                let message = "Give the name of a member after the dot, as in metadata.team=search.";
                return Err(FieldError::new(Rule::ValueError, message));
            }
            if given.iter().take(index).any(|(earlier, _)| earlier == name) {
                return Err(FieldError::new(Rule::ValueError, "Give each member of metadata only once."));
            }
            check_length(name, 1, METADATA_NAME_LENGTH_MAX)?;
            check_length(value, 0, METADATA_BYTES_MAX)?;
        }
        let filter = |(name, value): (&str, &str)| Self { name: name.to_owned(), value: value.to_owned() };
        Ok(given.into_iter().map(filter).collect())
    }

    /// Checks the number of conditions of one list.
    pub fn check_number(number: usize) -> Result<(), FieldError> {
        if number > METADATA_FILTERS_MAX {
            let message = format!("Give at most {METADATA_FILTERS_MAX} members of metadata at once.");
            return Err(FieldError::new(Rule::ValueError, message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: Value) -> Result<Metadata, Rule> {
        let Value::Object(object) = value else { panic!("no object") };
        Metadata::check(&object).map_err(|error| error.rule)
    }

    #[test]
    fn metadata_has_limits() {
        let members = |count: usize| (0..count).map(|n| (format!("m{n}"), json!(n))).collect::<Map<_, _>>();
        assert!(check(members(METADATA_MEMBERS_MAX).into()).is_ok());
        assert_eq!(check(members(METADATA_MEMBERS_MAX + 1).into()), Err(Rule::ValueError));
        // {"a":"…"} has eight bytes besides the text.
        assert!(check(json!({"a": "x".repeat(METADATA_BYTES_MAX - 8)})).is_ok());
        assert_eq!(check(json!({"a": "x".repeat(METADATA_BYTES_MAX - 7)})), Err(Rule::ValueError));
        assert_eq!(check(json!({"": 1})), Err(Rule::StringTooShort));
        assert_eq!(check(json!({"x".repeat(101): 1})), Err(Rule::StringTooLong));
        assert_eq!(check(json!({"a\u{202E}b": 1})), Err(Rule::ValueError));
        assert_eq!(check(json!({})).map(|metadata| metadata.is_empty()), Ok(true));
    }

    #[test]
    fn the_depth_of_any_metadata_has_a_limit() {
        let lists = |depth: usize| {
            let json = format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
            serde_json::from_str::<Map<String, Value>>(&json).unwrap()
        };
        let objects = |depth: usize| {
            let json = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
            serde_json::from_str::<Map<String, Value>>(&json).unwrap()
        };
        for nested in [lists, objects] {
            assert!(check_values(&nested(METADATA_DEPTH_MAX)).is_ok());
            let refused = check_values(&nested(METADATA_DEPTH_MAX + 1)).map_err(|error| error.rule);
            assert_eq!(refused, Err(Rule::ValueError));
        }
    }

    #[test]
    fn conditions_have_limits() {
        let check =
            |given: &[(&str, &str)]| MetadataFilter::check(given.to_vec()).map_err(|error| error.rule);
        let long = "x".repeat(METADATA_NAME_LENGTH_MAX + 1);
        assert_eq!(check(&[]), Ok(Vec::new()));
        assert!(check(&[("a", ""), ("A", "1"), ("a.b", "1")]).is_ok());
        for refused in [
            &[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")][..],
            &[("", "1")],
            &[("a", "1"), ("b", "1"), ("a", "2")],
        ] {
            assert_eq!(check(refused), Err(Rule::ValueError), "{refused:?}");
        }
        assert_eq!(check(&[(&long, "1")]), Err(Rule::StringTooLong));
        assert_eq!(check(&[("a", &"x".repeat(METADATA_BYTES_MAX + 1))]), Err(Rule::StringTooLong));
    }

    #[test]
    fn text_numbers_and_booleans_can_be_searched() {
        let metadata = check(json!({"team": "a", "size": 2, "is": true, "no": null, "list": [1]})).unwrap();
        let mut found: Vec<_> = metadata.searchable().collect();
        found.sort();
        assert_eq!(found, [("is", "true".into()), ("size", "2".into()), ("team", "a".into())]);
    }
}
