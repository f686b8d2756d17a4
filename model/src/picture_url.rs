//! URLs of pictures: of the logo of an organization, and of people.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::Change;
use crate::leaked_secret::check_no_secret;
use crate::text::check_length;

/// Longest picture URL, in characters.
const URL_LENGTH_MAX: usize = 2048;

/// Checks the URL of a picture. Only `http` and `https` are allowed, so that no page contains a `javascript:` URL.
pub(crate) fn check_url(text: &str) -> Result<String, FieldError> {
    check_length(text, 1, URL_LENGTH_MAX)?;
    check_no_secret(text)?;
    let is_url = ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#']))
    });
    if is_url
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\'))
    {
        Ok(text.to_owned())
    } else {
        Err(FieldError::new(Rule::ValueError, "Use an address that begins with https:// or http://."))
    }
}

pub(crate) fn check_url_change(
    change: &Change<String>,
    field: &str,
    errors: &mut FieldErrors,
) -> Change<String> {
    match change {
        Change::Set(text) => errors.take(field, check_url(text)).map_or(Change::Keep, Change::Set),
        other => other.clone(),
    }
}
