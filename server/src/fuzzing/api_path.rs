//! Fuzzes the parameters in the paths of the API.

use percent_encoding::percent_decode_str;

use super::input::escaped;
use crate::api::ROUTES;
use crate::api::fuzzed::parameters;

/// The input is a path as it was sent.
pub fn api_path(data: &[u8]) {
    let Ok(path) = std::str::from_utf8(data) else { return };
    for route in ROUTES {
        if !fits(route.path, path) {
            continue;
        }
        let expected =
            route.path.split('/').zip(path.split('/')).filter(|(wanted, _)| wanted.starts_with('{'));
        let expected: Option<Vec<_>> = expected.map(|(_, given)| decoded(given)).collect();
        let found = parameters(route.path, path);
        assert_eq!(found, expected, "{path}");
        let Some(values) = found else { continue };
        let mut left = values.iter();
        let written: Vec<_> = route
            .path
            .split('/')
            .map(|wanted| {
                if wanted.starts_with('{') {
                    left.next().map(|value| escaped(value)).unwrap_or_default()
                } else {
                    wanted.to_owned()
                }
            })
            .collect();
        assert_eq!(parameters(route.path, &written.join("/")), Some(values), "{path}");
    }
}

/// Matches like the router: segment by segment, without decoding.
fn fits(pattern: &str, path: &str) -> bool {
    pattern.split('/').count() == path.split('/').count()
        && pattern
            .split('/')
            .zip(path.split('/'))
            .all(|(wanted, given)| wanted == given || (wanted.starts_with('{') && !given.is_empty()))
}

/// Decodes with another library. It leaves broken escapes as they are, so they are checked separately.
fn decoded(text: &str) -> Option<String> {
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let is_whole = text.split('%').skip(1).all(is_escape);
    percent_decode_str(text).decode_utf8().ok().filter(|_| is_whole).map(Into::into)
}
