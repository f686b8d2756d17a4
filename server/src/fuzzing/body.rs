//! Fuzzes every body that the API accepts, up to its checked type.

use model::Timestamp;
use model::field::{FIELD_ERRORS_MAX, FieldErrors, Rule};
use model::key::GRACE_SECONDS_MAX;
use model::leaked_secret::holds_secret;
use model::problem::{Code, Problem};
use serde_json::Value;

use super::input::{sample_key, with_keys};
use super::printed::{printed, texts};
use crate::api::fuzzed::{BODY_COUNT, Checked, read_body, read_form};

/// The longest message of one error, in bytes.
const MESSAGE_BYTES_MAX: usize = 1000;

/// The first byte of the input selects the kind of body. The rest is the body.
pub fn body(data: &[u8]) {
    let Some((place, body)) = data.split_first() else { return };
    let place = usize::from(*place) % (BODY_COUNT + 1);
    let body = std::str::from_utf8(body).map_or_else(|_| body.to_vec(), |text| with_keys(text).into_bytes());
    if place == BODY_COUNT {
        return form(&body);
    }
    match read(place, &body) {
        Ok(checked) => accepted(place, &body, &checked),
        Err(problem) => refused(&problem),
    }
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000)
}

fn read(place: usize, body: &[u8]) -> Result<Checked, Problem> {
    read_body(place, body, now())
}

/// Checks that errors are reported in our own words and in a bounded length.
fn refused(problem: &Problem) {
    let Problem { code, message, fields, .. } = problem;
    assert_eq!((*code, message.as_str()), (Code::Validation, "Validation error"));
    assert!(
        (1..=FIELD_ERRORS_MAX).contains(&fields.iter().count()),
        "{} broken rules",
        fields.iter().count()
    );
    for error in fields {
        assert!(!error.message.is_empty() && error.message.len() <= MESSAGE_BYTES_MAX, "{}", error.message);
        assert!(error.location.len() <= 6, "{error:?}");
    }
    let reported = serde_json::to_string(problem).unwrap_or_default();
    assert!(!holds_secret(&reported) && !reported.contains(char::is_control), "{reported}");
    let random = sample_key().reveal().get(20..).unwrap_or_default().to_owned();
    assert!(!reported.contains(&random), "{reported}");
}

fn accepted(place: usize, body: &[u8], checked: &Checked) {
    let shown = format!("{checked:?}");
    assert!(!holds_secret(&shown), "{shown}");
    if let Checked::Rotation(rotation) = checked {
        let end = rotation.valid_until(None, now());
        assert!(end.is_none_or(|end| end > now() && end <= now().plus_seconds(GRACE_SECONDS_MAX)), "{shown}");
    }
    for (text, longest) in texts(checked) {
        assert!(text.chars().count() <= longest, "{shown}");
        assert!(!text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')), "{shown}");
        assert!(!text.contains(['\u{202E}', '\u{200B}', '\u{FEFF}', '\u{2028}']), "{shown}");
    }
    let Ok(Value::Object(mut members)) = serde_json::from_slice(body) else {
        panic!("was no object: {shown}");
    };
    // The body has the same meaning with its members in another order and with other whitespace and escapes. So does a
    // body that is written from the checked value.
    let again =
        |value: &Value| read(place, value.to_string().as_bytes()).map(|checked| format!("{checked:?}"));
    if !members.values().any(has_fraction) {
        assert_eq!(again(&Value::Object(members.clone())).as_ref(), Ok(&shown));
    }
    if let Some(value) = printed(checked).filter(|value| !has_fraction(value)) {
        assert_eq!(again(&value).as_ref(), Ok(&shown), "{value}");
    }
    // An unknown member is refused in every body.
    members.insert("unasked".to_owned(), Value::Null);
    let unknown = again(&Value::Object(members)).map_err(|problem| rules(&problem.fields));
    assert_eq!(unknown, Err(vec![Rule::ExtraForbidden]), "{shown}");
}

/// Whether the value contains a float. The parser is not exact for floats and may read one as its neighbour.
fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn rules(errors: &FieldErrors) -> Vec<Rule> {
    errors.iter().map(|error| error.rule).collect()
}

/// Checks the form, which contains one secret.
fn form(body: &[u8]) {
    match read_form(body) {
        Ok(verify_request) => {
            let tokens = url::form_urlencoded::parse(body).filter(|(name, _)| name == "token");
            let tokens: Vec<_> = tokens.map(|(_, token)| token).collect();
            let [token] = tokens.as_slice() else { panic!("one secret, and not {}", tokens.len()) };
            assert_eq!(
                token.trim_ascii(),
                &*verify_request.secret,
                "as it was sent, without blanks around it"
            );
        }
        Err(problem) => refused(&problem),
    }
}
