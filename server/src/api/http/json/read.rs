//! Parses a body into the members of its outermost object.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use model::field::{Rule, Step};

use super::members::Members;
use super::tree::{DUPLICATE_MEMBER, Json};
use crate::api::http::failure::Failure;

/// Reads a body. Returns `None` if it is empty.
pub(in crate::api) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Option<Members>, Failure> {
    if body.is_empty() {
        // Some clients send a content type without content, for example `curl -d ''`.
        return Ok(None);
    }
    if !headers.get_all(CONTENT_TYPE).iter().all(|value| value.to_str().is_ok_and(is_json)) {
        return Err(Failure::NotJson);
    }
    let json = serde_json::from_slice::<Json>(body).map_err(|error| not_json(&error, body))?;
    match json {
        Json::Object(members) => Ok(Some(Members::new(members))),
        _ => Err(Failure::whole_body(vec![], Rule::ObjectType, "Send a JSON object.")),
    }
}

/// The error for a missing body.
pub(in crate::api) fn missing() -> Failure {
    Failure::whole_body(vec![], Rule::Missing, "Send a JSON object as the body.")
}

/// Whether a content type is `application/json`, with or without parameters.
pub(crate) fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

/// Reports where parsing stopped, and the reason in our own words. The parser's message could repeat what the client
/// sent.
fn not_json(error: &serde_json::Error, body: &[u8]) -> Failure {
    let reason = error.to_string();
    let message = if error.is_eof() {
        "The JSON is incomplete."
    } else if error.is_data() && reason.starts_with(DUPLICATE_MEMBER) {
        "An object contains the same field twice."
    } else if reason.starts_with("recursion limit exceeded") {
        "The JSON is nested too deeply."
    } else if reason.starts_with("number out of range") {
        "A number is out of range."
    } else {
        "The body is not JSON."
    };
    Failure::whole_body(vec![Step::from(offset(error, body))], Rule::JsonInvalid, message)
}

/// The byte at which parsing stopped. The parser reports a line and a column, both from 1; columns count bytes.
fn offset(error: &serde_json::Error, body: &[u8]) -> usize {
    if error.is_eof() {
        return body.len();
    }
    let lines = body.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let before: usize = lines.map(<[u8]>::len).sum();
    (before + error.column().saturating_sub(1)).min(body.len())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn refused(body: &[u8]) -> (String, u32, String) {
        let Err(Failure::Body(errors)) = read(&HeaderMap::new(), body) else { panic!("was read") };
        let error = errors.iter().next().unwrap();
        let Some(Step::Index(offset)) = error.location.first() else { panic!("without a place") };
        (error.rule.as_str().to_owned(), *offset, error.message.clone())
    }

    #[test]
    fn invalid_json_is_refused_with_its_location() {
        let deep = [vec![b'['; 20_000], vec![b']'; 20_000]].concat();
        for (body, offset, message) in [
            (b"{".as_slice(), 1, "The JSON is incomplete."),
            (b"{\"a\":\n\n nope}", 9, "The body is not JSON."),
            (b"{} x", 3, "The body is not JSON."),
            (b"\xEF\xBB\xBF{}", 0, "The body is not JSON."),
            (b"{\"a\":NaN}", 5, "The body is not JSON."),
            (b"{\"a\":1e400}", 9, "A number is out of range."),
            (b"{\"a\":1,\"b\":2,\"a\":1}", 15, "An object contains the same field twice."),
            (b"{\"a\":{\"\\u0061\":1,\"a\":1}}", 19, "An object contains the same field twice."),
            (b"{\"a\":\"\\ud800\"}", 12, "The body is not JSON."),
            (b"{\"a\":\"\\udc00\"}", 11, "The body is not JSON."),
            (b"{\"a\":\"\xFF\"}", 6, "The body is not JSON."),
            (b"{\"a\":\"\x00\"}", 6, "The body is not JSON."),
            (b"{\"a\":1,}", 7, "The body is not JSON."),
            (b"{'a':1}", 1, "The body is not JSON."),
            (&deep, 127, "The JSON is nested too deeply."),
        ] {
            let shown = String::from_utf8_lossy(&body[..body.len().min(30)]).into_owned();
            assert_eq!(refused(body), ("json_invalid".to_owned(), offset, message.to_owned()), "{shown}");
        }
    }

    #[test]
    fn a_content_type_other_than_json_is_refused() {
        let read_as = |values: &[&'static str]| {
            let headers = values.iter().map(|value| (CONTENT_TYPE, HeaderValue::from_static(value)));
            read(&headers.collect(), b"{}")
        };
        for good in ["application/json", "Application/JSON; charset=utf-8", "application/json ;x=y"] {
            assert!(read_as(&[good]).is_ok(), "{good}");
        }
        assert!(read_as(&[]).is_ok());
        for bad in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "*/*"] {
            assert!(matches!(read_as(&[bad]), Err(Failure::NotJson)), "{bad}");
        }
        assert!(matches!(read_as(&["application/json", "text/plain"]), Err(Failure::NotJson)));
    }
}
