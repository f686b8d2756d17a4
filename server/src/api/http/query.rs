//! Reads query parameters by name, each at most once. Unknown parameters are ignored, because published clients send
//! some.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use model::Timestamp;
use model::field::{FieldError, FieldErrors, Rule};
use model::percent::decode;
use model::time::check_range;

use super::failure::Failure;

/// The most records in a page of the lists with `limit` and `offset`.
pub(in crate::api) const LIMIT_MAX: u32 = 100;
/// The number of records in such a page if the client gives no limit.
pub(in crate::api) const LIMIT_DEFAULT: u32 = 20;
/// The most records that such a list can skip.
pub(in crate::api) const OFFSET_MAX: u32 = i32::MAX.unsigned_abs();

/// Names and values of parameters.
type Pairs<'a> = Vec<(&'a str, &'a str)>;

const NOT_UTF8: &str = "Use UTF-8, percent-encoded.";

/// A query that is read parameter by parameter. [`Query::finish`] reports all errors together.
pub(in crate::api) struct Query {
    pairs: Vec<(String, Option<String>)>,
    errors: FieldErrors,
}

impl Query {
    /// Splits a query string. A name or value that cannot be decoded is an error only if its parameter is read.
    pub(in crate::api) fn of(query: &str) -> Self {
        let form = |text: &str| decode(&text.replace('+', " ")).map(Cow::into_owned);
        let pairs = query.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            form(name).map_or_else(|| (name.to_owned(), None), |name| (name, form(value)))
        });
        Self { pairs: pairs.collect(), errors: FieldErrors::default() }
    }

    /// A boolean. An absent parameter is false.
    pub(in crate::api) fn flag(&mut self, name: &'static str) -> bool {
        self.read(name, |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(FieldError::new(Rule::BoolParsing, "Use true or false.")),
        })
        .unwrap_or(false)
    }

    /// A whole number within bounds.
    pub(in crate::api) fn number(
        &mut self,
        name: &'static str,
        bounds: RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        self.optional_number(name, bounds).unwrap_or(default)
    }

    /// A whole number within bounds, or `None` if the parameter is absent.
    pub(in crate::api) fn optional_number(
        &mut self,
        name: &'static str,
        bounds: RangeInclusive<u32>,
    ) -> Option<u32> {
        self.read(name, |text| whole_number(text, &bounds))
    }

    /// A value that `check` parses.
    pub(in crate::api) fn word<T>(
        &mut self,
        name: &'static str,
        check: fn(&str) -> Result<T, FieldError>,
    ) -> Option<T> {
        self.read(name, check)
    }

    pub(in crate::api) fn text(&mut self, name: &'static str) -> Option<String> {
        self.read(name, |text| Ok(text.to_owned()))
    }

    /// All parameters `group.NAME`, as names with values. All errors are those of the group, because a response must
    /// not repeat a name that the client made up.
    pub(in crate::api) fn members<T>(
        &mut self,
        group: &'static str,
        check: fn(Pairs<'_>) -> Result<Vec<T>, FieldError>,
    ) -> Vec<T> {
        let in_group = self.pairs.iter().filter_map(|(given, value)| {
            let name = given.strip_prefix(group)?.strip_prefix('.')?;
            Some(value.as_deref().map(|value| (name, value)))
        });
        let found: Option<Vec<_>> = in_group.collect();
        let undecodable = || FieldError::new(Rule::ValueError, NOT_UTF8);
        let checked = found.ok_or_else(undecodable).and_then(check);
        self.errors.take(group, checked).unwrap_or_default()
    }

    /// A time range: its first moment, and the first moment after it.
    pub(in crate::api) fn range(
        &mut self,
        from: &'static str,
        until: &'static str,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let (start, end) = (self.read(from, moment), self.read(until, moment));
        self.errors.take(until, check_range(start, end));
        (start, end)
    }

    /// Fails if any parameter that was read is invalid.
    pub(in crate::api) fn finish(self) -> Result<(), Failure> {
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::Query(self.errors)) }
    }

    fn read<T>(
        &mut self,
        name: &'static str,
        check: impl FnOnce(&str) -> Result<T, FieldError>,
    ) -> Option<T> {
        let mut values = self.pairs.iter().filter(|(given, _)| given == name).map(|(_, value)| value);
        let first = values.next()?;
        let result = match (first, values.next()) {
            (_, Some(_)) => Err(FieldError::new(Rule::ValueError, "Give this parameter only once.")),
            (None, None) => Err(FieldError::new(Rule::ValueError, NOT_UTF8)),
            (Some(text), None) => check(text),
        };
        self.errors.take(name, result)
    }
}

/// Parses a date and time of ISO 8601. A plus sign that the client did not escape has been decoded as a space, so the
/// last space may stand for one.
fn moment(text: &str) -> Result<Timestamp, FieldError> {
    let with_plus = || text.rsplit_once(' ').map(|(moment, offset)| format!("{moment}+{offset}"));
    Timestamp::parse(text).or_else(|error| Timestamp::parse(&with_plus().ok_or(error)?)).map_err(|_| {
        FieldError::new(Rule::DatetimeParsing, "Use a date and time such as 2026-11-22T08:30:00Z.")
    })
}

fn whole_number(text: &str, bounds: &RangeInclusive<u32>) -> Result<u32, FieldError> {
    let (least, most) = (bounds.start(), bounds.end());
    let too_small = || FieldError::new(Rule::GreaterThanEqual, format!("Use {least} or more."));
    let too_large = || FieldError::new(Rule::LessThanEqual, format!("Use {most} or less."));
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((whole, fraction)) = digits.split_once('.')
        && is_number(whole)
        && is_number(fraction)
    {
        return Err(FieldError::new(Rule::IntFromFloat, "Use a whole number."));
    }
    if !is_number(digits) {
        return Err(FieldError::new(Rule::IntType, "Use a whole number."));
    }
    let number = match digits.parse::<u32>() {
        Ok(0) => 0,
        Ok(_) | Err(_) if is_negative => return Err(too_small()),
        Ok(number) => number,
        Err(_) => return Err(too_large()),
    };
    if number < *least {
        Err(too_small())
    } else if number > *most {
        Err(too_large())
    } else {
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule_of(query: &str, read: impl FnOnce(&mut Query)) -> Option<Rule> {
        let mut query = Query::of(query);
        read(&mut query);
        query.errors.iter().next().map(|error| error.rule)
    }

    #[test]
    fn a_flag_is_one_of_four_words() {
        for (text, value) in
            [("x=true", true), ("x=TRUE", true), ("x=1", true), ("x=False", false), ("x=0", false)]
        {
            let mut query = Query::of(text);
            assert_eq!((query.flag("x"), query.finish().is_ok()), (value, true), "{text}");
        }
        for text in ["x=", "x", "x=yes", "x=2", "x=tr%75", "x=true+", "x=%FF", "x=%zz"] {
            let rule = rule_of(text, |query| _ = query.flag("x"));
            assert!(matches!(rule, Some(Rule::BoolParsing | Rule::ValueError)), "{text}");
        }
        for text in ["", "y=2", "X=2", "%FF=2"] {
            assert_eq!(rule_of(text, |query| _ = query.flag("x")), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_a_date_and_time_or_a_date() {
        let expected = Timestamp::parse("2026-11-22T08:30:00Z").unwrap();
        for text in ["2026-11-22T08:30:00Z", "2026-11-22T10:30:00%2B02:00", "2026-11-22T10:30:00+02:00"] {
            let mut query = Query::of(&format!("a={text}"));
            assert_eq!(
                (query.range("a", "b"), query.finish().is_ok()),
                ((Some(expected), None), true),
                "{text}"
            );
        }
        let mut query = Query::of("a=2026-11-22");
        assert_eq!(query.range("a", "b").0, Timestamp::parse("2026-11-22T00:00:00Z").ok());
        for text in
            ["", "x", "1795336200", "2026-13-01", "2026-11-22T", "%F0%9F%98%80", "2026-11-22T08:30:00Z Z"]
        {
            let query = format!("a={text}");
            assert_eq!(
                rule_of(&query, |query| _ = query.range("a", "b")),
                Some(Rule::DatetimeParsing),
                "{text}"
            );
        }
        let same = "a=2026-11-22&b=2026-11-22";
        assert_eq!(rule_of(same, |query| _ = query.range("a", "b")), Some(Rule::ValueError));
    }

    #[test]
    fn a_parameter_is_given_at_most_once() {
        for text in ["x=true&x=true", "x=true&%78=false", "x=1&y=1&x"] {
            assert_eq!(rule_of(text, |query| _ = query.flag("x")), Some(Rule::ValueError), "{text}");
        }
    }

    #[test]
    fn a_group_has_all_parameters_with_its_name() {
        let check =
            |found: Pairs<'_>| Ok(found.into_iter().map(|(name, value)| format!("{name}={value}")).collect());
        for (text, expected) in [
            ("m.a=1&x=2&m.b+c=%C3%A9&%6d.d=", &["a=1", "b c=é", "d="][..]),
            ("m=1&mm.a=1&M.a=1&.m.a=1", &[]),
            ("m.=1&m.a.b", &["=1", "a.b="]),
        ] {
            let mut query = Query::of(text);
            assert_eq!(
                (query.members("m", check), query.finish().is_ok()),
                (expected.iter().map(|&text| text.to_owned()).collect(), true),
                "{text}"
            );
        }
        for text in ["m.a=%FF", "m.%FF=1", "m.%zz"] {
            assert_eq!(
                rule_of(text, |query| _ = query.members("m", check)),
                Some(Rule::ValueError),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_is_an_integer_within_bounds() {
        for (text, rule) in [
            ("n=1", None),
            ("n=1000", None),
            ("n=007", None),
            ("n=0", Some(Rule::GreaterThanEqual)),
            ("n=-0", Some(Rule::GreaterThanEqual)),
            ("n=-99999999999999999999", Some(Rule::GreaterThanEqual)),
            ("n=1001", Some(Rule::LessThanEqual)),
            ("n=99999999999999999999", Some(Rule::LessThanEqual)),
            ("n=5.0", Some(Rule::IntFromFloat)),
            ("n=5.", Some(Rule::IntType)),
            ("n=%2B5", Some(Rule::IntType)),
            ("n=", Some(Rule::IntType)),
            ("n=0x1", Some(Rule::IntType)),
            ("n=1e2", Some(Rule::IntType)),
        ] {
            assert_eq!(rule_of(text, |query| _ = query.number("n", 1..=1000, 50)), rule, "{text}");
        }
    }
}
