//! Metadata as rows of a form.

use std::collections::BTreeSet;

use model::field::{FieldError, FieldErrors, Rule};
use model::metadata::Metadata;
use serde_json::{Map, Value};

/// The field of the draft that the rows become.
const FIELD: &str = "metadata";

/// A member of metadata as a row of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct MetadataRow {
    pub name: String,
    /// What the field shows. It is a text, unless it is the same as `json`.
    pub value: String,
    /// The stored value as JSON if it is not a text that fits into the field; else empty.
    pub json: String,
}

impl MetadataRow {
    /// The row of a member. A number, a list or an object is shown as JSON, and so is a text with line breaks, which
    /// browsers remove from a field of one line.
    pub fn of(name: &str, value: &Value) -> Self {
        let (value, json) = match value {
            Value::String(text) if !text.contains(char::is_control) => (text.clone(), String::new()),
            other => (other.to_string(), other.to_string()),
        };
        Self { name: name.to_owned(), value, json }
    }

    /// The rows of stored metadata.
    pub fn all_of(metadata: &Metadata) -> Vec<Self> {
        metadata.members().iter().map(|(name, value)| Self::of(name, value)).collect()
    }

    /// Whether the stored value is JSON that nobody has edited.
    pub fn is_json(&self) -> bool {
        !self.json.is_empty() && self.value == self.json
    }

    /// Whether nobody has filled in the row. Such a row is no member.
    fn is_blank(&self) -> bool {
        self.name.is_empty() && self.value.is_empty()
    }

    fn to_value(&self) -> Value {
        let stored = self.is_json().then(|| serde_json::from_str(&self.json).ok()).flatten();
        stored.unwrap_or_else(|| Value::String(self.value.clone()))
    }

    /// Checks this member alone, and its name first, so that an error is reported at the part that it concerns.
    fn check(&self) -> Result<Value, (&'static str, FieldError)> {
        let check = |value: Value| Metadata::check(&Map::from_iter([(self.name.clone(), value)]));
        check(Value::Null).map_err(|error| ("name", error))?;
        let value = self.to_value();
        check(value.clone()).map_err(|error| ("value", error))?;
        Ok(value)
    }
}

/// The object that the rows describe, without rows that have an error. The errors name the position of the row and
/// `name` or `value`. The check of the draft finds what is wrong with the object as a whole.
pub fn read_rows(rows: &[MetadataRow]) -> (Map<String, Value>, FieldErrors) {
    let (mut object, mut errors) = (Map::new(), FieldErrors::default());
    let mut names = BTreeSet::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
        let checked = row.check().and_then(|value| {
            let twice = || ("name", FieldError::new(Rule::ValueError, "Another row has the same name."));
            names.insert(&row.name).then_some(value).ok_or_else(twice)
        });
        match checked {
            Ok(value) => drop(object.insert(row.name.clone(), value)),
            Err((part, error)) => errors.push_at(vec![FIELD.into(), index.into(), part.into()], error),
        }
    }
    (object, errors)
}

/// The message of the error at a part of a row or, without a `row`, of the error of all rows together.
pub fn message_at(errors: &FieldErrors, row: Option<(usize, &str)>) -> Option<String> {
    let location = match row {
        Some((index, part)) => vec![FIELD.into(), index.into(), part.into()],
        None => vec![FIELD.into()],
    };
    errors.iter().find(|error| error.location == location).map(|error| error.message.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(name: &str, value: &str) -> MetadataRow {
        MetadataRow { name: name.into(), value: value.into(), json: String::new() }
    }

    fn metadata(value: Value) -> Metadata {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn untouched_rows_become_the_same_metadata() {
        let stored = json!({
            "text": "a", "number": 5, "like_a_number": "5", "quoted": "\"5\"", "yes": true, "none": null, "empty": "",
            "lines": "a\r\nb\0", "list": [1, "a"], "object": {"a": {"b": 0.5}}, "é b": "<script>",
        });
        let rows = MetadataRow::all_of(&metadata(stored.clone()));
        let (object, errors) = read_rows(&rows);
        assert_eq!((Value::Object(object), errors), (stored, FieldErrors::default()));
        let shown = |name: &str| rows.iter().find(|row| row.name == name).map(|row| row.value.as_str());
        assert_eq!(shown("number"), Some("5"));
        assert_eq!(shown("lines"), Some("\"a\\r\\nb\\u0000\""));
        assert_eq!(shown("object"), Some("{\"a\":{\"b\":0.5}}"));
    }

    #[test]
    fn a_value_that_is_typed_is_text() {
        let mut rows = MetadataRow::all_of(&metadata(json!({"number": 5})));
        rows[0].value = "6".into();
        rows.push(row("typed", "true"));
        rows.push(row("empty", ""));
        rows.push(MetadataRow { json: "{broken".into(), ..row("broken", "{broken") });
        let (object, errors) = read_rows(&rows);
        let expected = json!({"number": "6", "typed": "true", "empty": "", "broken": "{broken"});
        assert_eq!((Value::Object(object), errors.is_empty()), (expected, true));
        rows[0].value = "5".into();
        assert_eq!(read_rows(&rows).0["number"], json!(5), "as it was stored");
    }

    #[test]
    fn an_error_names_its_row() {
        let prefix = model::key::KeyPrefix::default();
        let secret = model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy");
        let rows = [
            row("", ""),
            row("team", "payments"),
            row("", "no name"),
            row("team", "again"),
            row("leak", secret.reveal()),
            row("long", &"x".repeat(5000)),
            row("a\u{202E}b", ""),
        ];
        let (object, errors) = read_rows(&rows);
        assert_eq!(Value::Object(object), json!({"team": "payments"}));
        let places: Vec<_> = errors.iter().map(|error| error.location[1..].to_vec()).collect();
        let place = |index: usize, part: &str| vec![index.into(), part.into()];
        let expected = [(2, "name"), (3, "name"), (4, "value"), (5, "value"), (6, "name")];
        assert_eq!(places, expected.map(|(index, part)| place(index, part)));
        assert_eq!(message_at(&errors, Some((3, "name"))).as_deref(), Some("Another row has the same name."));
        assert_eq!((message_at(&errors, Some((3, "value"))), message_at(&errors, None)), (None, None));
    }

    #[test]
    fn thousands_of_rows_are_read_once() {
        let rows: Vec<_> = (0..20_000).map(|number| row(&format!("m{number}"), "x")).collect();
        let (object, errors) = read_rows(&rows);
        assert_eq!((object.len(), errors.is_empty()), (20_000, true));
        assert!(Metadata::check(&object).is_err());
    }
}
