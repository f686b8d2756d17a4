//! Reads the path of a request as its upstream will read it, or refuses it.
//!
//! A rule protects a path only if the gateway and the upstream read the path in the same way. Servers differ in how
//! they treat `..`, `//`, `%2F`, `%252F`, `\`, `;x` and the like, and every difference is a way around a rule. A path
//! that two servers could read differently is therefore refused.

use std::borrow::Cow;

use super::equivalence::normalized;
use crate::percent;

/// The longest accepted path, in bytes, without its query.
const PATH_BYTES_MAX: usize = 8192;

/// The text is not a path, or servers may read it in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the path can be read in different ways")]
pub struct Unreadable;

/// The segments of an unambiguous path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPath<'a>(Vec<Segment<'a>>);

/// A segment of a path, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment<'a> {
    text: Cow<'a, str>,
    /// The result of `normalized`, if it differs from `text`.
    plain: Option<String>,
}

impl<'a> RequestPath<'a> {
    /// Reads the target of a request line, as it was sent. The query is ignored. One slash at the end is ignored too,
    /// because many routers ignore it.
    pub fn read(target: &'a str) -> Result<Self, Unreadable> {
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let rest = path.strip_prefix('/').filter(|_| path.len() <= PATH_BYTES_MAX).ok_or(Unreadable)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.is_empty() {
            // Both `/` and `//` get here.
            return if path == "/" { Ok(Self(Vec::new())) } else { Err(Unreadable) };
        }
        rest.split('/').map(Segment::read).collect::<Result<_, _>>().map(Self)
    }

    pub fn segments(&self) -> &[Segment<'a>] {
        &self.0
    }
}

impl<'a> Segment<'a> {
    /// Decodes a segment once. Refuses empty segments, which some servers drop, `.` and `..`, which servers resolve,
    /// and characters that have a meaning in URLs for some server once they are decoded. Also refuses whatever an
    /// upstream may turn into one of these: some normalize `．．` to `..`, and Windows ignores `...` and spaces.
    fn read(raw: &'a str) -> Result<Self, Unreadable> {
        if !raw.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Unreadable);
        }
        let text = percent::decode(raw).ok_or(Unreadable)?;
        let plain = normalized(&text);
        if plain.is_empty() || is_ambiguous(&text) || (!text.is_ascii() && is_ambiguous(&plain)) {
            return Err(Unreadable);
        }
        let plain = (*plain != *text).then(|| plain.into_owned());
        Ok(Self { text, plain })
    }

    /// The decoded segment.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The normalized segment, without anything that some upstream ignores.
    pub(super) fn plain(&self) -> &str {
        self.plain.as_deref().unwrap_or(&self.text)
    }
}

fn is_ambiguous(text: &str) -> bool {
    // On Windows, `x::$DATA` is the file `x`.
    text.chars().any(is_ambiguous_sign) || text.contains(":$")
}

/// Slashes and backslashes separate segments. A percent sign may be decoded a second time. `;` begins parameters that
/// Java servers cut off. `?` and `#` end a path, and control characters end a text. Old Windows programs also treat
/// other slashes and, in East Asia, `¥` and `₩` as separators.
fn is_ambiguous_sign(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '/' | '\\' | '%' | ';' | '?' | '#' | '\u{2044}' | '\u{2215}' | '\u{2216}' | '¥' | '₩'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_segment_of_a_path_is_decoded_once() {
        for (target, segments) in [
            ("/", &[] as &[&str]),
            ("/?a=/../b", &[]),
            ("/v1/buckets", &["v1", "buckets"]),
            ("/v1/buckets/", &["v1", "buckets"]),
            ("/v1?x", &["v1"]),
            ("/%76%31/a%20b", &["v1", "a b"]),
            ("/%D0%BA", &["к"]),
            ("/a+b/@:&=!$'()*,~", &["a+b", "@:&=!$'()*,~"]),
            ("/.hidden/a..b", &[".hidden", "a..b"]),
            ("/report./v1:cancel", &["report.", "v1:cancel"]),
            ("/HEAD~1/caf%C3%A9", &["HEAD~1", "café"]),
            ("/%EF%BD%95", &["ｕ"]),
        ] {
            let read = RequestPath::read(target).unwrap();
            let read: Vec<_> = read.segments().iter().map(Segment::as_str).collect();
            assert_eq!(read, segments, "{target}");
        }
    }

    #[test]
    fn ambiguous_paths_are_refused() {
        let long = format!("/{}", "a".repeat(PATH_BYTES_MAX));
        for target in [
            "",
            "v1",
            "?a",
            "*",
            "http://host/v1",
            "//",
            "//v1",
            "/v1//x",
            "/v1//",
            "///",
            "/.",
            "/..",
            "/v1/./x",
            "/v1/../x",
            "/v1/..",
            "/v1/%2e%2e/x",
            "/v1/.%2E/x",
            "/v1/%2e",
            "/v1/..;/x",
            "/v1;a=b/x",
            "/v1%3Ba/x",
            "/v1%2Fx",
            "/v1%2fx",
            "/v1%252Fx",
            "/v1%25",
            "/v1\\x",
            "/v1%5Cx",
            "/v1%3Fx",
            "/v1%23x",
            "/v1#x",
            "/v1%00",
            "/v1%0A",
            "/v1%7F",
            "/v1%C2%85",
            "/v1 x",
            "/v1\tx",
            "/é",
            "/%",
            "/%2",
            "/%zz",
            "/%+1",
            "/%FF",
            "/%C0%AF",
            "/%ED%A0%80",
            "/%F0%82%82%AC",
            "/...",
            "/v1/%20",
            "/v1/%20.%20/x",
            "/v1/.%C2%A0",
            "/v1/%E3%80%80/x",
            "/v1/%E2%80%8B/x",
            "/v1/.%E2%80%8C./x",
            "/v1/%EF%BC%8E%EF%BC%8E/x",
            "/v1/%E2%80%A5/x",
            "/v1%EF%BC%8Fx",
            "/v1%EF%BC%BCx",
            "/v1%EF%BC%85",
            "/v1%EF%BC%9Bx",
            "/v1%CD%BEx",
            "/v1%EF%BC%9Fx",
            "/v1%EF%BC%83x",
            "/v1%E2%84%80x",
            "/v1%E2%81%84x",
            "/v1%E2%88%95x",
            "/v1%E2%88%96x",
            "/v1%C2%A5x",
            "/v1%E2%82%A9x",
            "/v1::$DATA",
            "/v1:$I30:$INDEX_ALLOCATION/x",
            &long,
        ] {
            assert_eq!(RequestPath::read(target), Err(Unreadable), "{target}");
        }
    }
}
