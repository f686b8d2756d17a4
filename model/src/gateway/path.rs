//! The path that a request asks for, read as its upstream will read it, or not at all.
//!
//! A rule guards a path only if gateway and upstream mean the same by it. Servers differ in what they make of `..`, `//`,
//! `%2F`, `%252F`, `\`, `;x` and the like, and every such difference is a way around a rule. So a path that any two of them
//! could read differently is refused; the rest has one reading.

use std::borrow::Cow;

use super::alike::plain;

/// The longest path that is read, in bytes, without its query.
const PATH_BYTES_MAX: usize = 8192;

/// A path that different servers may read differently, or that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the path can be read in different ways")]
pub struct Unreadable;

/// A path with one reading: its segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPath<'a>(Vec<Segment<'a>>);

/// A segment of a path, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment<'a> {
    text: Cow<'a, str>,
    /// Without all that some upstream ignores, where that is another text.
    plain: Option<String>,
}

impl<'a> AskedPath<'a> {
    /// Reads the path and query of a request line, as it was sent. The query is ignored; one slash at the end means the
    /// same as none, because many routers say so.
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

    /// The segments.
    pub fn segments(&self) -> &[Segment<'a>] {
        &self.0
    }
}

impl<'a> Segment<'a> {
    /// Decodes a segment once. Empty ones vanish in some servers, dots climb, and what is decoded into a sign with a meaning
    /// in addresses has it for some. The same goes for what an upstream may make one of these: `．．` is `..` to one that
    /// normalizes, and Windows takes `...` and blanks for nothing.
    fn read(raw: &'a str) -> Result<Self, Unreadable> {
        if !raw.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Unreadable);
        }
        let text = if raw.contains('%') { Cow::Owned(decode(raw)?) } else { Cow::Borrowed(raw) };
        let plain = plain(&text);
        if plain.is_empty() || is_ambiguous(&text) || (!text.is_ascii() && is_ambiguous(&plain)) {
            return Err(Unreadable);
        }
        let plain = (*plain != *text).then(|| plain.into_owned());
        Ok(Self { text, plain })
    }

    /// The segment, decoded.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The segment without all that some upstream ignores.
    pub(super) fn plain(&self) -> &str {
        self.plain.as_deref().unwrap_or(&self.text)
    }
}

fn is_ambiguous(text: &str) -> bool {
    // `x::$DATA` is the file `x` on Windows.
    text.chars().any(is_ambiguous_sign) || text.contains(":$")
}

/// A slash or a backslash parts segments, a percent sign may be decoded once more, `;` begins parameters that Java servers
/// cut off, `?` and `#` end a path, and control characters end a text. Windows programs of the old kind take other slashes
/// and, in East Asia, `¥` and `₩` for these.
fn is_ambiguous_sign(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '/' | '\\' | '%' | ';' | '?' | '#' | '\u{2044}' | '\u{2215}' | '\u{2216}' | '¥' | '₩'
        )
}

fn decode(raw: &str) -> Result<String, Unreadable> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit =
                    || bytes.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(Unreadable);
                let value = digit()? * 16 + digit()?;
                u8::try_from(value).map_err(|_| Unreadable)?
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_its_segments_decoded_once() {
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
            let read = AskedPath::read(target).unwrap();
            let read: Vec<_> = read.segments().iter().map(Segment::as_str).collect();
            assert_eq!(read, segments, "{target}");
        }
    }

    #[test]
    fn what_servers_may_read_differently_is_not_read() {
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
            assert_eq!(AskedPath::read(target), Err(Unreadable), "{target}");
        }
    }
}
