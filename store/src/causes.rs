//! Writes an error for the log and the terminal: the error and all its causes, without any value.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use sqlx::postgres::PgDatabaseError;

/// Writes an error and all its causes in one line, as `a: b: c`.
///
/// Many errors repeat their cause in their own text. A cause that the text before it ends with is left out.
///
/// No stored or given value is written. PostgreSQL puts values into the details of an error, which are never written,
/// and for some errors into the message as well. Then only the code is written.
pub fn causes<'a>(error: &'a (dyn Error + 'static)) -> Causes<'a> {
    Causes(error)
}

/// The result of [`causes`].
#[derive(Debug, Clone, Copy)]
pub struct Causes<'a>(&'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = String::new();
        let mut next = Some(self.0);
        while let Some(error) = next {
            if let Some(code) = code_of_refused_value(error) {
                return write!(f, "{}the database refused a value ({code})", separator(&written));
            }
            let text = error.to_string();
            if !written.ends_with(&text) {
                write!(f, "{}{text}", separator(&written))?;
                written = text;
            }
            next = error.source();
        }
        Ok(())
    }
}

fn separator(written: &str) -> &'static str {
    if written.is_empty() { "" } else { ": " }
}

/// The code of an error whose message may repeat a value: a data exception or a violated constraint of PostgreSQL, or
/// a value that cannot be decoded. The messages of SQLite name only columns.
fn code_of_refused_value(error: &(dyn Error + 'static)) -> Option<String> {
    let shared = error.downcast_ref::<Arc<sqlx::Error>>().map(|shared| &**shared);
    match shared.or_else(|| error.downcast_ref::<sqlx::Error>())? {
        sqlx::Error::Database(inner) => code_of(inner.try_downcast_ref::<PgDatabaseError>()?),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Some("it cannot be decoded".to_owned()),
        sqlx::Error::Encode(_) => Some("it cannot be encoded".to_owned()),
        _ => None,
    }
}

fn code_of(error: &PgDatabaseError) -> Option<String> {
    let code = error.code();
    let constraint = error.constraint().map(|name| format!(", constraint {name}")).unwrap_or_default();
    let is_about_value = code.starts_with("22") || code.starts_with("23");
    is_about_value.then(|| format!("code {code}{constraint}"))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn every_cause_is_written_once() {
        let full = io::Error::from_raw_os_error(28);
        let error = crate::Error::from(sqlx::Error::Io(full));
        let text = causes(&error).to_string();
        assert_eq!(
            text,
            "the database is not available: error communicating with database: No space left on device (os error 28)"
        );
    }

    #[test]
    fn a_value_that_cannot_be_decoded_is_not_written() {
        let error = crate::Error::from(sqlx::Error::Decode("hunter2 is no number".into()));
        let text = causes(&error).to_string();
        assert_eq!(
            text,
            "the database refused a statement: the database refused a value (it cannot be decoded)"
        );
    }
}
