//! Broken rules of single fields: where, which rule, and the sentence a person reads.

use std::fmt;

/// One step into a body: a member's name or an index of a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Step {
    /// An index of a list, from 0.
    Index(u32),
    /// A member's name.
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
        /// Which kind of rule was broken, in the words that published clients know (those of pydantic).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Rule {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name,
        )*}

        impl Rule {
            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$name => $word,)*}
            }
        }
    };
}

rules! {
    /// A required member is absent.
    Missing = "missing",
    /// A text has too few characters.
    StringTooShort = "string_too_short",
    /// A text has too many characters.
    StringTooLong = "string_too_long",
    /// Not a text.
    StringType = "string_type",
    /// Not a list.
    ListType = "list_type",
    /// Not an object.
    ObjectType = "model_attributes_type",
    /// Not a boolean.
    BoolParsing = "bool_parsing",
    /// Not an integer.
    IntType = "int_type",
    /// A number with a fraction where an integer is expected.
    IntFromFloat = "int_from_float",
    /// A number below its minimum.
    GreaterThanEqual = "greater_than_equal",
    /// A number above its maximum.
    LessThanEqual = "less_than_equal",
    /// Not one of the allowed words.
    Enum = "enum",
    /// Not a date and time.
    DatetimeParsing = "datetime_parsing",
    /// The body is not JSON.
    JsonInvalid = "json_invalid",
    /// A member that is not known here.
    ExtraForbidden = "extra_forbidden",
    /// Any other rule.
    ValueError = "value_error",
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldError {
    /// The way to the value, from the outermost object.
    pub location: Vec<Step>,
    /// The rule.
    pub rule: Rule,
    /// A sentence for people. Never repeats the value.
    pub message: String,
}

impl FieldError {
    /// A broken rule of the value itself; the caller says where with [`FieldErrors::push_at`].
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self { location: Vec::new(), rule, message: message.into() }
    }

    /// The outermost member's name.
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

/// Broken rules that are noted for one draft. A body of 64 KiB can break tens of thousands, and each is compared with all
/// others before they are told.
pub const FIELD_ERRORS_MAX: usize = 100;

/// The broken rules of one draft, in the order of its fields; no more than [`FIELD_ERRORS_MAX`].
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// One broken rule of one field.
    pub fn one(field: &str, rule: Rule, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(field, rule, message);
        errors
    }

    /// Adds a broken rule of a field.
    pub fn push(&mut self, field: &str, rule: Rule, message: impl Into<String>) {
        self.push_at(vec![field.into()], FieldError::new(rule, message));
    }

    /// Adds a broken rule found below `location`.
    pub fn push_at(&mut self, mut location: Vec<Step>, mut error: FieldError) {
        if self.0.len() >= FIELD_ERRORS_MAX {
            return;
        }
        location.append(&mut error.location);
        error.location = location;
        self.0.push(error);
    }

    /// Adds all of another collection below `location`.
    pub fn append_at(&mut self, location: &[Step], errors: Self) {
        for error in errors.0 {
            self.push_at(location.to_vec(), error);
        }
    }

    /// The value of a result; a broken rule is noted for `field` and gives nothing.
    pub fn take<T>(&mut self, field: &str, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|error| self.push_at(vec![field.into()], error)).ok()
    }

    /// Adds those of `later` that do not concern a value which is already known to be broken: a text that is no
    /// text is not also missing.
    pub fn merge(&mut self, later: Self) {
        let known: Vec<_> = self.0.iter().map(|error| error.location.clone()).collect();
        let is_known = |error: &FieldError| known.iter().any(|location| error.location.starts_with(location));
        let room = FIELD_ERRORS_MAX.saturating_sub(known.len());
        self.0.extend(later.0.into_iter().filter(|error| !is_known(error)).take(room));
    }

    /// The same broken rules of a field that is called otherwise where they are told.
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

    /// The first message for a field, if one of its rules is broken.
    pub fn message_for(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field() == field).map(|error| error.message.as_str())
    }

    /// Whether no rule is broken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All broken rules.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }

    /// `value` when no rule is broken.
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
    fn a_draft_that_breaks_thousands_of_rules_is_told_of_the_first() {
        let mut errors = broken("a", 60);
        errors.merge(broken("b", 30_000));
        errors.append_at(&["c".into()], broken("d", 30_000));
        assert_eq!(errors.iter().count(), FIELD_ERRORS_MAX);
        assert_eq!(errors.iter().last().map(FieldError::field), Some("b"));
        assert!(errors.or(Some(())).is_err());
    }

    #[test]
    fn a_value_that_is_known_to_be_broken_is_not_told_of_again() {
        let mut errors = broken("a", 2);
        errors.merge(broken("a", 3));
        assert_eq!(errors.iter().count(), 3);
    }
}
