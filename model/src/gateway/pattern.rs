//! Path patterns: literal segments, `*` for any segment, `{name}` for a segment whose value is used, `**` for the rest.

use std::fmt;

use crate::field::{FieldError, Rule};
use crate::text::{check_line, check_stored_line};

use super::equivalence::{are_equivalent, normalized};
use super::path::Segment;

/// Longest pattern, in characters.
const PATTERN_LENGTH_MAX: usize = 500;
/// Longest name of a segment, in bytes.
const NAME_BYTES_MAX: usize = 32;

#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathPattern {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Any,
    Named(String),
    Rest,
}

/// How well a path matches a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// The path does not match.
    Differ,
    /// The path matches only for a server that ignores letter case, accents or the like.
    FitLoosely,
    /// The path matches exactly.
    Fit,
}

impl PathPattern {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_line(text, 1, PATTERN_LENGTH_MAX)?;
        Self::existing(text)
    }

    /// Reads a pattern that a gateway may already have. Rules for new texts that came later do not apply to it.
    fn existing(text: &str) -> Result<Self, FieldError> {
        check_stored_line(text, 1, PATTERN_LENGTH_MAX)?;
        let wrong = |message: &str| Err(FieldError::new(Rule::ValueError, message));
        let Some(rest) = text.strip_prefix('/') else {
            return wrong("Begin with a slash, as in /v1/things.");
        };
        if rest.ends_with('/') {
            return wrong("Leave out the slash at the end. It makes no difference.");
        }
        let mut pieces = Vec::new();
        for segment in rest.split('/').filter(|_| !rest.is_empty()) {
            if pieces.last() == Some(&Piece::Rest) {
                return wrong("Use ** only at the end.");
            }
            let piece = Piece::parse(segment)?;
            if matches!(piece, Piece::Named(_)) && pieces.contains(&piece) {
                return wrong("Give each segment in braces a different name.");
            }
            pieces.push(piece);
        }
        Ok(Self { text: text.to_owned(), pieces })
    }

    /// The pattern as it was entered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern has a segment with this name.
    pub fn names(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// The value of the named segment in a path that matches.
    pub fn named<'p>(&self, name: &str, segments: &'p [Segment<'_>]) -> Option<&'p str> {
        segments.get(self.place(name)?).map(Segment::as_str)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.pieces.iter().position(|piece| matches!(piece, Piece::Named(own) if own == name))
    }

    /// How well the segments of a path match.
    pub fn fit(&self, segments: &[Segment<'_>]) -> Pieces {
        let mut pieces = self.pieces.as_slice();
        let has_rest = pieces.last() == Some(&Piece::Rest);
        if let (true, Some((_rest, before))) = (has_rest, pieces.split_last()) {
            pieces = before;
        }
        let has_length =
            if has_rest { segments.len() >= pieces.len() } else { segments.len() == pieces.len() };
        if !has_length {
            return Pieces::Differ;
        }
        let mut fit = Pieces::Fit;
        for (piece, segment) in pieces.iter().zip(segments) {
            match piece {
                Piece::Literal(text) if text == segment.as_str() => {}
                Piece::Literal(text) if are_equivalent(&normalized(text), segment.plain()) => {
                    fit = Pieces::FitLoosely;
                }
                Piece::Literal(_) => return Pieces::Differ,
                Piece::Any | Piece::Named(_) | Piece::Rest => {}
            }
        }
        fit
    }
}

impl Piece {
    fn parse(segment: &str) -> Result<Self, FieldError> {
        let wrong = |message: &str| Err(FieldError::new(Rule::ValueError, message));
        match segment {
            "" => return wrong("Do not leave a segment empty. Paths with // are refused."),
            "." | ".." => return wrong("Leave out . and .. as segments. Paths with them are refused."),
            "*" => return Ok(Self::Any),
            "**" => return Ok(Self::Rest),
            _ => {}
        }
        if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let is_name = (1..=NAME_BYTES_MAX).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return if is_name {
                Ok(Self::Named(name.to_owned()))
            } else {
                wrong("Use only letters, digits and _ in the name of a segment, as in {bucket}.")
            };
        }
        if segment.contains(['*', '{', '}']) {
            return wrong("Use * and {name} only for a whole segment.");
        }
        if segment.contains(['\\', '%', ';', '?', '#']) {
            return wrong(
                "Write the path decoded, without \\ % ; ? and #. Paths with these characters are refused.",
            );
        }
        Ok(Self::Literal(segment.to_owned()))
    }
}

impl fmt::Debug for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for PathPattern {
    type Error = FieldError;
    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::existing(&text)
    }
}

impl From<PathPattern> for String {
    fn from(pattern: PathPattern) -> Self {
        pattern.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::RequestPath;

    fn fit(pattern: &str, path: &str) -> Pieces {
        PathPattern::parse(pattern).unwrap().fit(RequestPath::read(path).unwrap().segments())
    }

    #[test]
    fn a_pattern_is_matched_segment_by_segment() {
        use Pieces::{Differ, Fit, FitLoosely};
        for (pattern, path, expected) in [
            ("/", "/", Fit),
            ("/", "/v1", Differ),
            ("/**", "/", Fit),
            ("/**", "/v1/x", Fit),
            ("/v1", "/v1/", Fit),
            ("/v1", "/v1?a=b", Fit),
            ("/v1", "/v10", Differ),
            ("/v1", "/v1/x", Differ),
            ("/v1/**", "/v1", Fit),
            ("/v1/**", "/v10", Differ),
            ("/v1/*", "/v1", Differ),
            ("/v1/*", "/v1/x", Fit),
            ("/v1/*", "/v1/x/y", Differ),
            ("/v1/{a}/x", "/v1/b/x", Fit),
            ("/v1/{a}/x", "/v1/b/y", Differ),
            ("/admin/**", "/Admin/x", FitLoosely),
            ("/admin/**", "/%41dmin/x", FitLoosely),
            ("/admin/**", "/%61dmin/x", Fit),
            // The Kelvin sign, whose lowercase is k.
            ("/keys", "/%E2%84%AAeys", FitLoosely),
            // The long s, whose uppercase is S.
            ("/admin/users/**", "/admin/u%C5%BFers", FitLoosely),
            ("/admin/users/**", "/admin/users./x", FitLoosely),
            ("/admin/users/**", "/admin/users%20/x", FitLoosely),
            ("/admin/users/**", "/admin/%EF%BD%95sers", FitLoosely),
            ("/admin/users/**", "/%C3%A1dmin/users", FitLoosely),
            ("/administration", "/ADMINI~1", FitLoosely),
            ("/café", "/cafe%CC%81", FitLoosely),
            ("/users.", "/users.", Fit),
            ("/admin/{name}", "/admin/users.", Fit),
            ("/admin/x", "/Admin/y", Differ),
            ("/a b", "/a%20b", Fit),
        ] {
            assert_eq!(fit(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_named_segment_is_found() {
        let pattern = PathPattern::parse("/v1/buckets/{bucket}/**").unwrap();
        let path = RequestPath::read("/v1/buckets/prod%20eu/objects/1").unwrap();
        assert_eq!(pattern.named("bucket", path.segments()), Some("prod eu"));
        assert_eq!(pattern.named("object", path.segments()), None);
    }

    #[test]
    fn patterns_that_never_match_or_mislead_are_refused() {
        let long = format!("/{}", "a".repeat(PATTERN_LENGTH_MAX));
        for text in [
            "",
            "v1",
            "*",
            "/v1/",
            "//",
            "/v1//x",
            "/**/x",
            "/**/**",
            "/v1/x*",
            "/v1/{a",
            "/v1/{}",
            "/v1/{a-b}",
            "/{a}/{a}",
            "/v1/..",
            "/./v1",
            "/v1%2Fx",
            "/v1;x",
            "/v1?x",
            "/v1#x",
            "/v1\\x",
            "/v1\nx",
            "/v1\u{202E}",
            &long,
        ] {
            assert!(PathPattern::parse(text).is_err(), "{text}");
        }
    }
}
