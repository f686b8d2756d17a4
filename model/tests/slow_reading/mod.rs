//! A slow and simple implementation of what a gateway requires of a request.
//!
//! Paths are built from pieces. For each piece the table lists its decoded form and its form in an upstream that
//! ignores as much as any upstream does. The implementation therefore needs no decoding, no tables of Unicode, and none
//! of the code under test.
//!
//! The fuzzing code uses it too (`server/src/fuzzing/`).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

use model::Timestamp;
use model::gateway::{Gateway, GatewayDraft, Refusal, Requirement, RuleDraft, RuleResourceDraft};
use model::id::{GatewayId, OrganizationId};

/// The piece as sent, decoded (`None` if it is ambiguous), and as the most lenient upstream reads it.
pub type Piece = (&'static str, Option<&'static str>, &'static str);

pub const PIECES: &[Piece] = &[
    ("a", Some("a"), "a"),
    ("A", Some("A"), "a"),
    ("%61", Some("a"), "a"),
    ("%C3%A1", Some("á"), "a"),
    ("%EF%BD%81", Some("ａ"), "a"),
    ("s", Some("s"), "s"),
    ("%C5%BF", Some("ſ"), "s"),
    ("i", Some("i"), "i"),
    ("%C4%B1", Some("ı"), "i"),
    ("%C4%B0", Some("İ"), "i"),
    ("%C3%9F", Some("ß"), "ss"),
    ("%D0%B0", Some("а"), "а"),
    ("%D0%90", Some("А"), "а"),
    ("%E6%9D%8E", Some("李"), "李"),
    ("%CC%81", Some("\u{301}"), ""),
    ("%E2%80%8B", Some("\u{200B}"), ""),
    (".", Some("."), "."),
    ("%2e", Some("."), "."),
    ("%EF%BC%8E", Some("．"), "."),
    ("%20", Some(" "), " "),
    ("%E3%80%80", Some("\u{3000}"), " "),
    (":", Some(":"), ":"),
    ("$", Some("$"), "$"),
    ("*", Some("*"), "*"),
    ("{b}", Some("{b}"), "{b}"),
    ("%2F", None, ""),
    ("%5c", None, ""),
    ("\\", None, ""),
    ("%25", None, ""),
    ("%3B", None, ""),
    (";", None, ""),
    ("#", None, ""),
    ("%00", None, ""),
    ("%C2%85", None, ""),
    ("%FF", None, ""),
    ("%C0%AF", None, ""),
    ("%zz", None, ""),
    ("%EF%BC%8F", None, ""),
    ("%E2%84%80", None, ""),
    ("é", None, ""),
    (" ", None, ""),
];

/// Segments of rules, as indices of `PIECES`.
pub const LITERALS: &[&[usize]] =
    &[&[0], &[0, 5], &[5, 5], &[7, 5], &[1], &[3], &[10], &[11, 0], &[13], &[0, 16], &[16, 0]];

#[derive(Debug, Clone)]
pub enum Part {
    Literal(&'static [usize]),
    Any,
}

#[derive(Debug, Clone)]
pub struct Rule {
    pub parts: Vec<Part>,
    pub has_rest: bool,
}

#[derive(Debug, Clone)]
pub struct Path {
    pub segments: Vec<Vec<Piece>>,
    pub ends_with_slash: bool,
    pub query: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Expected {
    Unreadable,
    Rule(usize),
    Otherwise,
}

fn text(pieces: &[usize], of: fn(&Piece) -> &'static str) -> String {
    pieces.iter().map(|&piece| of(&PIECES[piece])).collect()
}

/// The text as read by an upstream that ignores dots and spaces around it.
fn bare(text: &str) -> &str {
    text.trim_start_matches(' ').trim_end_matches([' ', '.'])
}

impl Part {
    fn written(&self, place: usize) -> String {
        match self {
            Self::Literal(pieces) => text(pieces, |piece| piece.1.unwrap()),
            Self::Any if place.is_multiple_of(2) => "*".to_owned(),
            Self::Any => format!("{{s{place}}}"),
        }
    }
}

impl Rule {
    pub fn written(&self) -> String {
        let parts = self.parts.iter().enumerate().map(|(place, part)| part.written(place));
        let parts: Vec<_> = parts.chain(self.has_rest.then(|| "**".to_owned())).collect();
        format!("/{}", parts.join("/"))
    }

    /// Whether the rule matches: exactly, and in the most lenient upstream.
    fn fits(&self, segments: &[(String, String)]) -> (bool, bool) {
        let (has, wants) = (segments.len(), self.parts.len());
        let has_length = has == wants || (self.has_rest && has > wants);
        let mut fits = (has_length, has_length);
        for (part, (exact, loose)) in self.parts.iter().zip(segments) {
            if let Part::Literal(pieces) = part {
                fits.0 &= *exact == text(pieces, |piece| piece.1.unwrap());
                fits.1 &= bare(loose) == bare(&text(pieces, |piece| piece.2));
            }
        }
        fits
    }
}

impl Path {
    pub fn sent(&self) -> String {
        let segments =
            self.segments.iter().map(|pieces| pieces.iter().map(|piece| piece.0).collect::<String>());
        let end = if self.ends_with_slash && !self.segments.is_empty() { "/" } else { "" };
        format!("/{}{end}{}", segments.collect::<Vec<_>>().join("/"), self.query)
    }

    /// Each segment decoded, and as the most lenient upstream reads it. `None` if any segment is ambiguous.
    fn read(&self) -> Option<Vec<(String, String)>> {
        let read = |pieces: &Vec<Piece>| {
            let exact: String = pieces.iter().map(|piece| piece.1).collect::<Option<_>>()?;
            let loose: String = pieces.iter().map(|piece| piece.2).collect();
            (!bare(&loose).is_empty() && !loose.contains(":$")).then_some((exact, loose))
        };
        // One slash at the end is ignored.
        let segments = match self.segments.split_last() {
            Some((last, before)) if last.is_empty() && !self.ends_with_slash => before,
            _ => &self.segments,
        };
        segments.iter().map(read).collect()
    }
}

pub fn expected(rules: &[Rule], path: &Path) -> Expected {
    let Some(segments) = path.read() else { return Expected::Unreadable };
    for (number, rule) in rules.iter().enumerate() {
        match rule.fits(&segments) {
            (true, _) => return Expected::Rule(number),
            (false, true) => return Expected::Unreadable,
            (false, false) => {}
        }
    }
    Expected::Otherwise
}

/// A gateway whose rules can be told apart by the resource that they require.
pub fn gateway(rules: &[Rule]) -> Gateway {
    let rule = |(number, rule): (usize, &Rule)| RuleDraft {
        path: Some(rule.written()),
        resource: Some(RuleResourceDraft {
            resource_type: Some("bucket".into()),
            id: Some(number.to_string()),
            operation: None,
        }),
        ..RuleDraft::default()
    };
    let draft = GatewayDraft {
        name: Some("api".into()),
        rules: Some(rules.iter().enumerate().map(rule).collect()),
        ..GatewayDraft::default()
    };
    let (id, organization) = (GatewayId::from_random("a1"), OrganizationId::from_random("b2"));
    draft.check().unwrap().into_gateway(id, organization, None, Timestamp::from_seconds(0))
}

pub fn reported(need: Requirement) -> Expected {
    match need {
        Requirement::Refused(Refusal::Unreadable) => Expected::Unreadable,
        Requirement::Key { resource: Some(resource), .. } => {
            Expected::Rule(resource.resource_id.parse().unwrap())
        }
        Requirement::Refused(Refusal::Closed) | Requirement::Key { .. } | Requirement::Nothing => {
            Expected::Otherwise
        }
    }
}
