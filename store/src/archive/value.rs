//! A value of a row, as JSON: a number, a text, `true` or `false`, `null`, or `{"hex": "…"}` for bytes.

use std::fmt;
use std::io::Write;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

use super::tables::{Column, Kind};
use crate::Error;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Integer(i64),
    Boolean(bool),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// Fails if a column of this kind cannot hold the value. Whether it may be `NULL` is the database's to check.
    pub fn check(&self, column: &Column) -> Result<(), Error> {
        let is_of_kind = match self {
            Self::Null => true,
            Self::Integer(_) => column.kind == Kind::Integer,
            Self::Boolean(_) => column.kind == Kind::Boolean,
            Self::Text(_) => column.kind == Kind::Text,
            Self::Bytes(_) => column.kind == Kind::Bytes,
        };
        if is_of_kind {
            Ok(())
        } else {
            Err(Error::Corrupt(format!("another kind of value in {}", column.name)))
        }
    }
}

/// A value that a driver has read and still owns.
#[derive(Debug, Clone, Copy)]
pub(super) enum ValueRef<'r> {
    Null,
    Integer(i64),
    Boolean(bool),
    Text(&'r str),
    Bytes(&'r [u8]),
}

impl ValueRef<'_> {
    /// Adds the value as JSON.
    pub fn write(self, line: &mut Vec<u8>) -> Result<(), Error> {
        let written = match self {
            Self::Null => line.write_all(b"null"),
            Self::Integer(number) => write!(line, "{number}"),
            Self::Boolean(value) => write!(line, "{value}"),
            Self::Text(text) => serde_json::to_writer(&mut *line, text).map_err(Into::into),
            Self::Bytes(bytes) => write!(line, r#"{{"hex":"{}"}}"#, hex::encode(bytes)),
        };
        written.map_err(|error| Error::Corrupt(format!("a value that cannot be written as JSON: {error}")))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a row")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Integer).map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let bytes = match map.next_entry::<String, String>()? {
            Some((name, digits)) if name == "hex" => hex::decode(digits).map_err(A::Error::custom)?,
            _ => return Err(A::Error::custom("an object that is not bytes")),
        };
        match map.next_key::<String>()? {
            None => Ok(Value::Bytes(bytes)),
            Some(_) => Err(A::Error::custom("an object that is not bytes")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_as_it_was_written() {
        for (written, read) in [
            (ValueRef::Null, Value::Null),
            (ValueRef::Integer(i64::MIN), Value::Integer(i64::MIN)),
            (ValueRef::Integer(i64::MAX), Value::Integer(i64::MAX)),
            (ValueRef::Boolean(true), Value::Boolean(true)),
            (ValueRef::Text("é\u{1f}\n\"\\\u{0}"), Value::Text("é\u{1f}\n\"\\\u{0}".to_owned())),
            (ValueRef::Text(""), Value::Text(String::new())),
            (ValueRef::Bytes(&[0, 255]), Value::Bytes(vec![0, 255])),
            (ValueRef::Bytes(&[]), Value::Bytes(Vec::new())),
        ] {
            let mut line = Vec::new();
            written.write(&mut line).unwrap();
            assert!(!line.contains(&b'\n'), "{line:?}");
            assert_eq!(serde_json::from_slice::<Value>(&line).unwrap(), read);
        }
    }

    #[test]
    fn other_json_is_no_value() {
        for text in [
            "1.5",
            "9223372036854775808",
            "[]",
            "{}",
            r#"{"hex":"0"}"#,
            r#"{"hex":"","a":""}"#,
            r#"{"a":""}"#,
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
    }
}
