//! Fuzzes the parameters in the paths of the API.

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

/// Decodes by hand, so that the library is compared with something else.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(decoded).ok()
}
