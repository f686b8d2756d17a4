//! Queries: permissions joined by AND and OR, such as `invoices.read AND (region.eu OR region.us)`.

use std::fmt;

use crate::field::{FieldError, Rule};

use super::word::Wanted;

/// The most characters of a query.
pub const QUERY_LENGTH_MAX: usize = 1000;
/// The most names in a query, each counted as often as it occurs.
pub const QUERY_NAMES_MAX: usize = 100;
/// The most parentheses inside each other.
pub const QUERY_DEPTH_MAX: usize = 20;

/// A query. AND binds more strongly than OR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionQuery(Node);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    One(Wanted),
    /// At least two parts, none of which is of this kind itself.
    All(Vec<Self>),
    /// At least two parts, none of which is of this kind itself.
    Any(Vec<Self>),
}

/// The part of what a request needs that a key does not have, for people.
#[derive(Debug, Clone, Copy)]
pub struct UnmetPart<'a>(Part<'a>);

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Word(&'a str),
    Node(&'a Node),
}

impl PermissionQuery {
    /// Reads a query. The error says at which character it breaks.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if text.chars().nth(QUERY_LENGTH_MAX).is_some() {
            let message = format!("Use at most {QUERY_LENGTH_MAX} characters.");
            return Err(FieldError::new(Rule::StringTooLong, message));
        }
        let mut parser = Parser { text, at: 0, names: 0 };
        let node = parser.any(0)?;
        match parser.token()? {
            (Token::End, _) => Ok(Self(node)),
            (_, at) => Err(parser.error(at, "expected AND, OR or the end")),
        }
    }

    /// The part that is not met. If several parts of an AND are not met, it is the first of them. An OR is not met as a
    /// whole.
    pub fn unmet(&self, has: &impl Fn(&Wanted) -> bool) -> Option<UnmetPart<'_>> {
        self.0.unmet(has).map(|node| UnmetPart(Part::Node(node)))
    }
}

impl Node {
    fn unmet(&self, has: &impl Fn(&Wanted) -> bool) -> Option<&Self> {
        match self {
            Self::One(wanted) => (!has(wanted)).then_some(self),
            Self::All(parts) => parts.iter().find_map(|part| part.unmet(has)),
            Self::Any(parts) => parts.iter().all(|part| part.unmet(has).is_some()).then_some(self),
        }
    }
}

impl<'a> UnmetPart<'a> {
    pub(super) fn of_word(word: &'a str) -> Self {
        Self(Part::Word(word))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    And,
    Or,
    Open,
    Close,
    End,
}

struct Parser<'a> {
    text: &'a str,
    /// The byte that is read next.
    at: usize,
    names: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self, depth: usize) -> Result<Node, FieldError> {
        let mut parts = vec![self.all(depth)?];
        while self.accept(Token::Or)? {
            parts.push(self.all(depth)?);
        }
        Ok(joined(parts, Node::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Node, FieldError> {
        let mut parts = vec![self.one(depth)?];
        while self.accept(Token::And)? {
            parts.push(self.one(depth)?);
        }
        Ok(joined(parts, Node::All))
    }

    fn one(&mut self, depth: usize) -> Result<Node, FieldError> {
        match self.token()? {
            (Token::Word(word), at) => {
                self.names += 1;
                if self.names > QUERY_NAMES_MAX {
                    return Err(self.error(at, &format!("there are more than {QUERY_NAMES_MAX} permissions")));
                }
                let wanted = Wanted::check(word);
                wanted
                    .map(Node::One)
                    .map_err(|error| self.error(at, &format!("this is no permission: {error}")))
            }
            (Token::Open, at) if depth == QUERY_DEPTH_MAX => Err(self
                .error(at, &format!("there are more than {QUERY_DEPTH_MAX} parentheses inside each other"))),
            (Token::Open, _) => {
                let inner = self.any(depth + 1)?;
                match self.token()? {
                    (Token::Close, _) => Ok(inner),
                    (_, at) => Err(self.error(at, "expected AND, OR or )")),
                }
            }
            (_, at) => Err(self.error(at, "expected a permission or (")),
        }
    }

    /// Reads the next token if it is this one.
    fn accept(&mut self, wanted: Token<'_>) -> Result<bool, FieldError> {
        let before = self.at;
        let (token, _) = self.token()?;
        if token != wanted {
            self.at = before;
        }
        Ok(token == wanted)
    }

    /// Reads a token. Returns it with the byte at which it begins.
    fn token(&mut self) -> Result<(Token<'a>, usize), FieldError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let begin = self.at + rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let rest = self.text.get(begin..).unwrap_or_default();
        let (token, length) = match rest.chars().next() {
            None => (Token::End, 0),
            Some('(') => (Token::Open, 1),
            Some(')') => (Token::Close, 1),
            Some(_) => {
                let end = rest.find([' ', '\t', '\r', '\n', '(', ')']).unwrap_or(rest.len());
                let word = rest.get(..end).unwrap_or_default();
                let token = match word {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    "and" | "or" => return Err(self.error(begin, "write AND and OR in capital letters")),
                    word => Token::Word(word),
                };
                (token, end)
            }
        };
        self.at = begin + length;
        Ok((token, begin))
    }

    /// An error at a byte. Characters are counted from 1.
    fn error(&self, at: usize, what: &str) -> FieldError {
        let character = self.text.get(..at).unwrap_or_default().chars().count() + 1;
        FieldError::new(Rule::ValueError, format!("At character {character}: {what}"))
    }
}

/// Joins parts by AND or OR. A part of the same kind is taken apart, because parentheses around it change nothing.
fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let kind = std::mem::discriminant(&join(Vec::new()));
    let flat = parts.into_iter().flat_map(|part| {
        let is_same = std::mem::discriminant(&part) == kind;
        match part {
            Node::All(inner) | Node::Any(inner) if is_same => inner,
            other => vec![other],
        }
    });
    join(flat.collect())
}

impl fmt::Display for PermissionQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for UnmetPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Part::Word(word) => f.write_str(word),
            Part::Node(node) => node.fmt(f),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Self::One(wanted) => return f.write_str(wanted.as_str()),
            Self::All(parts) => (parts, " AND "),
            Self::Any(parts) => (parts, " OR "),
        };
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                f.write_str(word)?;
            }
            match part {
                Self::Any(_) => write!(f, "({part})")?,
                part => part.fmt(f)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        PermissionQuery::parse(text).unwrap().to_string()
    }

    fn refused(text: &str) -> String {
        PermissionQuery::parse(text).unwrap_err().message
    }

    /// Which part of the query a key with these permissions lacks.
    fn unmet(text: &str, has: &[&str]) -> Option<String> {
        let query = PermissionQuery::parse(text).unwrap();
        query.unmet(&|wanted| has.contains(&wanted.as_str())).map(|part| part.to_string())
    }

    #[test]
    fn and_binds_more_strongly_than_or() {
        for (text, canonical) in [
            ("a.b", "a.b"),
            (" read\n", "read"),
            ("a AND b OR c AND d", "a AND b OR c AND d"),
            ("a AND (b OR c)", "a AND (b OR c)"),
            ("((a))AND(b)", "a AND b"),
            ("a OR (b OR (c OR d))", "a OR b OR c OR d"),
            ("(a AND b) AND c", "a AND b AND c"),
            ("(a AND b) OR c", "a AND b OR c"),
        ] {
            assert_eq!(shown(text), canonical, "{text}");
        }
    }

    #[test]
    fn the_part_that_failed_is_named() {
        for (text, has, lacks) in [
            ("a AND b", &["a", "b"] as &[_], None),
            ("a AND b", &["b"], Some("a")),
            ("a AND b", &[], Some("a")),
            ("a OR b", &["b"], None),
            ("a OR b", &[], Some("a OR b")),
            ("a AND (b OR c AND d)", &["a", "c"], Some("b OR c AND d")),
            ("a AND (b OR c AND d)", &["a", "c", "d"], None),
        ] {
            assert_eq!(unmet(text, has).as_deref(), lacks, "{text} {has:?}");
        }
    }

    #[test]
    fn a_broken_query_is_refused_with_the_place() {
        for (text, message) in [
            ("", "At character 1: expected a permission or ("),
            ("a AND", "At character 6: expected a permission or ("),
            ("a b", "At character 3: expected AND, OR or the end"),
            ("(a", "At character 3: expected AND, OR or )"),
            ("a)", "At character 2: expected AND, OR or the end"),
            ("a and b", "At character 3: write AND and OR in capital letters"),
            ("ä OR OR", "At character 1: this is no permission"),
            ("a AND NOT b", "At character 7: this is no permission"),
            ("a.*", "At character 1: this is no permission"),
            ("()", "At character 2: expected a permission or ("),
        ] {
            let refused = refused(text);
            assert!(refused.starts_with(message), "{text:?}: {refused}");
        }
    }

    #[test]
    fn length_names_and_parentheses_are_limited() {
        let names = |number: usize| vec!["a"; number].join(" OR ");
        assert!(PermissionQuery::parse(&names(QUERY_NAMES_MAX)).is_ok());
        assert!(refused(&names(QUERY_NAMES_MAX + 1)).ends_with("more than 100 permissions"));
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(PermissionQuery::parse(&nested(QUERY_DEPTH_MAX)).is_ok());
        assert!(refused(&nested(QUERY_DEPTH_MAX + 1)).contains("parentheses"));
        let long = format!("a{}", " ".repeat(QUERY_LENGTH_MAX - 1));
        assert!(PermissionQuery::parse(&long).is_ok());
        assert_eq!(refused(&format!("{long} ")), "Use at most 1000 characters.");
    }

    fn queries() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec!["a", "b.c", "read", "x:y"]).prop_map(str::to_owned);
        word.prop_recursive(4, 30, 4, |inner| {
            (prop::collection::vec(inner, 2..4), any::<bool>())
                .prop_map(|(parts, all)| format!("({})", parts.join(if all { " AND " } else { " OR " })))
        })
    }

    proptest! {
        #[test]
        fn a_query_means_the_same_when_it_is_written_and_read_again(text in queries(), has in any::<[bool; 4]>()) {
            let has = |wanted: &Wanted| {
                let words = ["a", "b.c", "read", "x:y"];
                words.iter().position(|word| *word == wanted.as_str()).is_some_and(|at| has[at])
            };
            if let Ok(query) = PermissionQuery::parse(&text) {
                let again = PermissionQuery::parse(&query.to_string()).unwrap();
                prop_assert_eq!(&again, &query);
                prop_assert_eq!(again.unmet(&has).is_some(), query.unmet(&has).is_some());
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a-z.()ANDOR é*\t]{0,60}") {
            if let Ok(query) = PermissionQuery::parse(&text) {
                prop_assert_eq!(PermissionQuery::parse(&query.to_string()).unwrap(), query);
            }
        }
    }
}
