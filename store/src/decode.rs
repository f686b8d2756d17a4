//! Converts columns to the model's types. A value that the model refuses is reported as corrupt and never guessed.

use model::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// Converts text to an id, a name, an address or the like.
pub fn text<T: TryFrom<String>>(text: String, what: &'static str) -> Result<T> {
    T::try_from(text).map_err(|_| refused(what))
}

/// Converts text of a nullable column.
pub fn optional_text<T: TryFrom<String>>(column: Option<String>, what: &'static str) -> Result<Option<T>> {
    column.map(|column| text(column, what)).transpose()
}

/// Unwraps the result of an enum's `from_word`.
pub fn word<T>(value: Option<T>, what: &'static str) -> Result<T> {
    value.ok_or_else(|| refused(what))
}

/// Parses JSON.
pub fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| refused(what))
}

pub fn to_json<T: Serialize>(value: &T, what: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| refused(what))
}

/// Converts a nullable column of microseconds.
pub fn time(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}

/// Converts a number. Fails if it is negative or too large for the type.
pub fn number<T: TryFrom<i64>>(value: i64, what: &'static str) -> Result<T> {
    T::try_from(value).map_err(|_| refused(what))
}

/// Whether the database can store a text. PostgreSQL refuses NUL characters, so no stored text contains one.
pub fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

fn refused(what: &'static str) -> Error {
    Error::Corrupt(format!("{what} that is not valid"))
}
