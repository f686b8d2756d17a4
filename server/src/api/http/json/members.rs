//! Reads the members of a JSON object one by one into a draft.
//!
//! Only types are checked here; the draft checks the values. Both kinds of errors are reported together. A value of the
//! wrong type is not reported as missing as well.

use model::field::{FieldError, FieldErrors, Rule, Step};
use model::key::Change;
use serde_json::{Map, Value};

use super::tree::{Json, into_map};
use crate::api::http::failure::Failure;

/// The most unknown members that a response lists.
const UNKNOWN_MAX: usize = 20;
/// The longest name of an unknown member that a response repeats, in bytes.
const NAME_SHOWN_MAX: usize = 24;
const NOT_A_MOMENT: &str =
    "Use a date and time as a string, such as \"2027-01-31T12:00:00Z\", or a date alone.";

/// The members that have not been read yet, and the errors of those that have.
#[derive(Debug, Default)]
pub(in crate::api) struct Members {
    left: Vec<(String, Json)>,
    pub(super) errors: FieldErrors,
}

impl Members {
    pub(super) fn new(members: Vec<(String, Json)>) -> Self {
        Self { left: members, errors: FieldErrors::default() }
    }

    /// Treats `null` as absence for this member. For others it is a value of the wrong type, unless they are read as a
    /// change.
    pub(in crate::api) fn ignore_null(&mut self, name: &str) {
        self.left.retain(|(given, value)| !(matches!(value, Json::Null) && given == name));
    }

    pub(in crate::api) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        self.errors.take(name, text_of(value))
    }

    /// A whole number. A number outside `i64` becomes the nearest `i64`, which is outside every allowed range too.
    pub(in crate::api) fn integer(&mut self, name: &str) -> Option<i64> {
        let value = self.take(name)?;
        self.errors.take(name, integer_of(&value))
    }

    pub(in crate::api) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.take(name)?;
        let flag = match value {
            Json::Bool(flag) => Ok(flag),
            _ => Err(FieldError::new(Rule::BoolParsing, "Use true or false.")),
        };
        self.errors.take(name, flag)
    }

    /// A list of texts. An item of the wrong type becomes an empty text, so that the other items keep their indexes.
    pub(in crate::api) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let items = self.list(name)?.into_iter().enumerate();
        let texts = items.map(|(index, item)| {
            text_of(item).unwrap_or_else(|error| {
                self.errors.push_at(vec![name.into(), index.into()], error);
                String::new()
            })
        });
        Some(texts.collect())
    }

    /// A list with items of any type.
    pub(super) fn list(&mut self, name: &str) -> Option<Vec<Json>> {
        let value = self.take(name)?;
        let list = match value {
            Json::List(items) => Ok(items),
            _ => Err(FieldError::new(Rule::ListType, "Use a list.")),
        };
        self.errors.take(name, list)
    }

    /// An object with any members.
    pub(in crate::api) fn map(&mut self, name: &str) -> Option<Map<String, Value>> {
        let value = self.take(name)?;
        self.errors.take(name, object_of(value)).map(into_map)
    }

    /// A text to set. `null` removes the value.
    pub(in crate::api) fn text_change(&mut self, name: &str) -> Change<String> {
        self.change(name, Self::text)
    }

    /// A date and time, as text that the model checks.
    pub(in crate::api) fn moment(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        let text = text_of(value).map_err(|_| FieldError::new(Rule::StringType, NOT_A_MOMENT));
        self.errors.take(name, text)
    }

    /// A date and time to set. `null` removes the value.
    pub(in crate::api) fn moment_change(&mut self, name: &str) -> Change<String> {
        self.change(name, Self::moment)
    }

    /// A text to set. `null` makes it empty.
    pub(in crate::api) fn text_or_empty(&mut self, name: &str) -> Option<String> {
        match self.text_change(name) {
            Change::Keep => None,
            Change::Clear => Some(String::new()),
            Change::Set(text) => Some(text),
        }
    }

    /// A whole number to set. `null` removes the value.
    pub(in crate::api) fn integer_change(&mut self, name: &str) -> Change<i64> {
        self.change(name, Self::integer)
    }

    /// An object to set. `null` removes the value.
    pub(in crate::api) fn map_change(&mut self, name: &str) -> Change<Map<String, Value>> {
        self.change(name, Self::map)
    }

    /// Refuses a member that responses have, but that no request can change.
    pub(in crate::api) fn fixed(&mut self, name: &str, message: &'static str) {
        if self.take(name).is_some() {
            self.errors.push(name, Rule::ValueError, message);
        }
    }

    fn change<T>(&mut self, name: &str, read: fn(&mut Self, &str) -> Option<T>) -> Change<T> {
        if self.left.iter().any(|(given, value)| given == name && matches!(value, Json::Null)) {
            self.take(name);
            return Change::Clear;
        }
        read(self, name).map_or(Change::Keep, Change::Set)
    }

    /// Collects the errors of an object that was read from here.
    pub(super) fn put_back(&mut self, location: &[Step], inner: Self) {
        self.errors.append_at(location, inner.into_errors());
    }

    /// Returns the checked draft, or all errors: wrong types, invalid values, and unknown members.
    pub(in crate::api) fn finish<T>(mut self, checked: Result<T, FieldErrors>) -> Result<T, Failure> {
        let value = match checked {
            Ok(value) => Some(value),
            Err(errors) => {
                self.errors.merge(errors);
                None
            }
        };
        self.into_errors().or(value).map_err(Failure::Body)
    }

    fn into_errors(self) -> FieldErrors {
        let mut errors = self.errors;
        for (name, _) in self.left.iter().take(UNKNOWN_MAX) {
            errors.push(shown(name), Rule::ExtraForbidden, "This field is unknown. Remove it.");
        }
        errors
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Json> {
        let index = self.left.iter().position(|(given, _)| given == name)?;
        Some(self.left.remove(index).1)
    }
}

/// The name of an unknown member if it looks like a name, and `…` otherwise. Any other text may be a leaked secret or a
/// large part of one, which a response must not repeat.
fn shown(name: &str) -> &str {
    let reads_like_a_name = (1..=NAME_SHOWN_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_uppercase() || byte == b'_');
    if reads_like_a_name { name } else { "…" }
}

fn text_of(value: Json) -> Result<String, FieldError> {
    match value {
        Json::Text(text) => Ok(text),
        _ => Err(FieldError::new(Rule::StringType, "Use a string.")),
    }
}

pub(super) fn object_of(value: Json) -> Result<Vec<(String, Json)>, FieldError> {
    match value {
        Json::Object(members) => Ok(members),
        _ => Err(FieldError::new(Rule::ObjectType, "Use an object.")),
    }
}

fn integer_of(value: &Json) -> Result<i64, FieldError> {
    /// 2⁶³, the first number beyond the range of `i64`.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    let Json::Number(number) = value else {
        return Err(FieldError::new(Rule::IntType, "Use a whole number."));
    };
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => Ok(integer),
        (None, Some(large)) if large >= BEYOND => Ok(i64::MAX),
        (None, Some(small)) if small <= -BEYOND => Ok(i64::MIN),
        _ => Err(FieldError::new(Rule::IntFromFloat, "Use a whole number, without a decimal point.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(body: &str) -> Members {
        match serde_json::from_str(body).unwrap() {
            Json::Object(members) => Members::new(members),
            _ => panic!("no object"),
        }
    }

    fn rules<T: std::fmt::Debug>(members: Members, checked: Result<T, FieldErrors>) -> Vec<(String, Rule)> {
        let Err(Failure::Body(errors)) = members.finish(checked) else { panic!("was fine") };
        errors.iter().map(|error| (error.field().to_owned(), error.rule)).collect()
    }

    #[test]
    fn a_number_is_an_integer_without_a_point() {
        for (text, expected) in [
            ("5", Ok(5)),
            ("-5", Ok(-5)),
            ("9223372036854775808", Ok(i64::MAX)),
            ("1e300", Ok(i64::MAX)),
            ("-99999999999999999999", Ok(i64::MIN)),
            ("5.0", Err(Rule::IntFromFloat)),
            ("5.5", Err(Rule::IntFromFloat)),
            ("5e0", Err(Rule::IntFromFloat)),
            ("\"5\"", Err(Rule::IntType)),
            ("true", Err(Rule::IntType)),
            ("null", Err(Rule::IntType)),
        ] {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(integer_of(&value).map_err(|error| error.rule), expected, "{text}");
        }
    }

    #[test]
    fn each_field_decides_what_null_means() {
        let mut body = members(r#"{"a": null, "b": null, "c": null}"#);
        body.ignore_null("a");
        assert_eq!((body.text("a"), body.text_change("b"), body.text("c")), (None, Change::Clear, None));
        assert_eq!(rules(body, Ok(())), [("c".to_owned(), Rule::StringType)]);
    }

    #[test]
    fn a_value_of_the_wrong_type_is_not_reported_as_missing() {
        let mut body = members(r#"{"name": 5, "other": 1}"#);
        assert_eq!(body.text("name"), None);
        let checked = Err::<(), _>(FieldErrors::one("name", Rule::Missing, "Give a name."));
        let expected = [("name".to_owned(), Rule::StringType), ("other".to_owned(), Rule::ExtraForbidden)];
        assert_eq!(rules(body, checked), expected);
    }

    #[test]
    fn the_name_of_an_unknown_field_is_repeated_only_if_it_looks_like_a_field_name() {
        for name in ["organization_id", "serviceAccountId", "x"] {
            assert_eq!(shown(name), name);
        }
        for name in [
            "",
            "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "0123456789abcdef",
            "a b",
            "ключ",
            "a\u{0}",
        ] {
            assert_eq!(shown(name), "…", "{name}");
        }
    }

    #[test]
    fn an_item_of_the_wrong_type_does_not_shift_the_indexes_of_others() {
        let mut body = members(r#"{"words": ["a", 5, "b"]}"#);
        assert_eq!(body.texts("words"), Some(vec!["a".into(), String::new(), "b".into()]));
        let Err(Failure::Body(errors)) = body.finish(Ok(())) else { panic!("was fine") };
        assert_eq!(errors.iter().next().unwrap().location, ["words".into(), Step::Index(1)]);
    }
}
