//! Validation errors of single fields: where the value is, which rule it breaks, and a message for people.

use std::fmt;

/// One step of a location: the name of a field, or the index of an item in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Step {
    /// The index of an item in a list, from 0.
    Index(u32),
    /// The name of a field.
    Name(String),
}

impl From<&str> for Step {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The kind of a broken rule. The names are those of pydantic, which published clients know.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Rule {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl Rule {
            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$name => $word,)*}
            }
        }
    };
}

rules! {
    /// A required member is missing.
    Missing = "missing",
    /// The text has too few characters.
    StringTooShort = "string_too_short",
    /// The text has too many characters.
    StringTooLong = "string_too_long",
    /// The value is not a string.
    StringType = "string_type",
    /// The value is not a list.
    ListType = "list_type",
    /// The value is not an object.
    ObjectType = "model_attributes_type",
    /// The value is not a boolean.
    BoolParsing = "bool_parsing",
    /// The value is not an integer.
    IntType = "int_type",
    /// The value is a number with a fraction where an integer is expected.
    IntFromFloat = "int_from_float",
    /// The number is below its minimum.
    GreaterThanEqual = "greater_than_equal",
    /// The number is above its maximum.
    LessThanEqual = "less_than_equal",
    /// The value is not one of the allowed words.
    Enum = "enum",
    /// The value is not a date and time.
    DatetimeParsing = "datetime_parsing",
    /// The body is not JSON.
    JsonInvalid = "json_invalid",
    /// The member is unknown.
    ExtraForbidden = "extra_forbidden",
    /// Any other rule.
    ValueError = "value_error",
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldError {
    /// The path to the value, from the outermost object.
    pub location: Vec<Step>,
    pub rule: Rule,
    /// A sentence for people. It never repeats the value.
    pub message: String,
}

impl FieldError {
    /// An error with an empty location. The caller adds the location with [`FieldErrors::push_at`].
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self { location: Vec::new(), rule, message: message.into() }
    }

    /// The name of the outermost member, or an empty string.
    pub fn field(&self) -> &str {
        match self.location.first() {
            Some(Step::Name(name)) => name,
            _ => "",
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The most errors that are collected for one draft. A body of 64 KiB can break tens of thousands of rules, and
/// [`FieldErrors::merge`] compares every error with all others.
pub const FIELD_ERRORS_MAX: usize = 100;

/// The errors of one draft, in the order of its fields. At most [`FIELD_ERRORS_MAX`] errors are stored, and the rest
/// are dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub fn one(field: &str, rule: Rule, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(field, rule, message);
        errors
    }

    pub fn push(&mut self, field: &str, rule: Rule, message: impl Into<String>) {
        self.push_at(vec![field.into()], FieldError::new(rule, message));
    }

    /// Adds an error and puts `location` in front of its own location.
    pub fn push_at(&mut self, mut location: Vec<Step>, mut error: FieldError) {
        if self.0.len() >= FIELD_ERRORS_MAX {
            return;
        }
        location.append(&mut error.location);
        error.location = location;
        self.0.push(error);
    }

    /// Adds all errors of another collection and puts `location` in front of their locations.
    pub fn append_at(&mut self, location: &[Step], errors: Self) {
        for error in errors.0 {
            self.push_at(location.to_vec(), error);
        }
    }

    /// Returns the value of `result`. If it is an error, records it for `field` and returns `None`.
    pub fn take<T>(&mut self, field: &str, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|error| self.push_at(vec![field.into()], error)).ok()
    }

    /// Adds the errors of `later`, except those of a value that already has an error. A value that is not a string, for
    /// example, is not reported as missing too.
    pub fn merge(&mut self, later: Self) {
        let known: Vec<_> = self.0.iter().map(|error| error.location.clone()).collect();
        let is_known = |error: &FieldError| known.iter().any(|location| error.location.starts_with(location));
        let room = FIELD_ERRORS_MAX.saturating_sub(known.len());
        self.0.extend(later.0.into_iter().filter(|error| !is_known(error)).take(room));
    }

    /// Renames a field, for callers whose clients know it under another name.
    #[must_use]
    pub fn renamed(mut self, from: &str, to: &str) -> Self {
        for error in &mut self.0 {
            match error.location.first_mut() {
                Some(Step::Name(name)) if name == from => to.clone_into(name),
                _ => {}
            }
        }
        self
    }

    pub fn message_for(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field() == field).map(|error| error.message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }

    /// Returns `value` if there are no errors.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

impl<'a> IntoIterator for &'a FieldErrors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "; " };
            write!(f, "{gap}{}: {}", error.field(), error.message)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(field: &str, count: usize) -> FieldErrors {
        let mut errors = FieldErrors::default();
        for index in 0..count {
            errors.push_at(vec![field.into(), index.into()], FieldError::new(Rule::Enum, "Is wrong."));
        }
        errors
    }

    #[test]
    fn only_the_first_of_thousands_of_validation_errors_are_reported() {
        let mut errors = broken("a", 60);
        errors.merge(broken("b", 30_000));
        errors.append_at(&["c".into()], broken("d", 30_000));
        assert_eq!(errors.iter().count(), FIELD_ERRORS_MAX);
        assert_eq!(errors.iter().last().map(FieldError::field), Some("b"));
        assert!(errors.or(Some(())).is_err());
    }

    #[test]
    fn a_value_is_reported_only_once() {
        let mut errors = broken("a", 2);
        errors.merge(broken("a", 3));
        assert_eq!(errors.iter().count(), 3);
    }
}
