//! From columns to the model's types. What the model refuses is a corrupt row, never a guess.

use model::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// An id, a name or an address: whatever the model makes from text.
pub fn text<T: TryFrom<String>>(text: String, what: &'static str) -> Result<T> {
    T::try_from(text).map_err(|_| refused(what))
}

/// The same, of a column that may be empty.
pub fn optional_text<T: TryFrom<String>>(column: Option<String>, what: &'static str) -> Result<Option<T>> {
    column.map(|column| text(column, what)).transpose()
}

/// A word of an enumeration, from what its `from_word` says.
pub fn word<T>(value: Option<T>, what: &'static str) -> Result<T> {
    value.ok_or_else(|| refused(what))
}

/// A structure kept as JSON.
pub fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| refused(what))
}

/// The JSON of a structure.
pub fn to_json<T: Serialize>(value: &T, what: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| refused(what))
}

/// A moment that may be absent.
pub fn time(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}

/// A number that must not be negative or too large.
pub fn number<T: TryFrom<i64>>(value: i64, what: &'static str) -> Result<T> {
    T::try_from(value).map_err(|_| refused(what))
}

/// Whether a text can be in the database at all. PostgreSQL refuses NUL, and nothing stored holds it.
pub fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

fn refused(what: &'static str) -> Error {
    Error::Corrupt(format!("{what} that the model refuses"))
}
