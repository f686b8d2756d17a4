//! Reads the configuration file.
//!
//! A message contains the line and the name, but never a value and no text of the parser, because the value may be
//! a password.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::declared::{CONFIG, Kind};
use crate::config::{SettingError, read_at_most};

/// Maximum size in bytes.
const BYTES_MAX: u64 = 256 * 1024;
/// A longer name is not repeated in a message, because it may be a value in the wrong place.
const NAME_LENGTH_MAX: usize = 40;
/// More problems than this are not looked for. The file is something else then.
const PROBLEMS_MAX: usize = 20;
/// Names that differ in more than this share of their letters are not suggested.
const LIKENESS_MIN: f64 = 0.7;

/// The settings in a file, by their names. An empty text is left out.
pub(super) type Values = BTreeMap<String, String>;

/// Reads a file. Returns the values that can be used, and what is wrong with the others.
pub(super) fn read(file: &OsStr, known: &BTreeMap<String, Kind>) -> (Values, Vec<SettingError>) {
    let refuse = |trouble: &str| {
        let right = "Give a readable file with lines such as listen = \"127.0.0.1:3000\".";
        (Values::new(), vec![SettingError::new(CONFIG, trouble, right)])
    };
    if file.is_empty() {
        return refuse("is empty");
    }
    let name = file.display();
    let bytes = match read_at_most(file.as_ref(), BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(error) => return refuse(&format!("names {name}, which cannot be read ({error})")),
    };
    if bytes.len() as u64 > BYTES_MAX {
        return refuse(&format!("names {name}, which is larger than {} KiB", BYTES_MAX / 1024));
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return refuse(&format!("names {name}, which is not valid UTF-8"));
    };
    let (values, problems) = parse(text, known);
    let problems = problems
        .into_iter()
        .map(|Problem { line, trouble, right }| {
            SettingError::new(CONFIG, format!("names {name}, which {trouble} in line {line}"), right)
        })
        .collect();
    (values, problems)
}

/// Something that is wrong in one line.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: usize,
    /// The end of a sentence that begins with the file.
    pub trouble: String,
    /// A sentence that says what to do.
    pub right: String,
}

/// Parses the text of a file.
pub fn parse(text: &str, known: &BTreeMap<String, Kind>) -> (Values, Vec<Problem>) {
    let line_of = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let line = line_of(error.span().map_or(0, |span| span.start));
            let problem = if error.message() == "duplicate key" {
                Problem {
                    line,
                    trouble: "repeats a name".to_owned(),
                    right: "Give each name once.".to_owned(),
                }
            } else {
                let right = "Write each setting as name = \"text\" or name = 1.";
                Problem { line, trouble: "is not TOML".to_owned(), right: right.to_owned() }
            };
            return (Values::new(), vec![problem]);
        }
    };
    let (mut values, mut problems) = (Values::new(), Vec::new());
    for (name, value) in table.get_ref() {
        if problems.len() == PROBLEMS_MAX {
            break;
        }
        match entry(name.get_ref(), value, known) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => drop(values.insert(name.get_ref().to_string(), text)),
            Err((trouble, right)) => {
                problems.push(Problem { line: line_of(name.span().start), trouble, right });
            }
        }
    }
    problems.sort_by_key(|problem| problem.line);
    (values, problems)
}

/// The value as text, or what is wrong and what would be right.
fn entry(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    known: &BTreeMap<String, Kind>,
) -> Result<String, (String, String)> {
    let Some(kind) = known.get(name) else { return Err(unknown(name, known)) };
    let text = match (value.get_ref(), kind) {
        (DeValue::String(text), _) => Some(text.to_string()),
        (DeValue::Integer(number), Kind::Number) => decimal(number.as_str(), number.radix()),
        (DeValue::Array(list), Kind::List) => {
            let texts: Option<Vec<_>> = list.iter().map(|entry| entry.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    };
    text.filter(|text| !text.contains('\0')).ok_or_else(|| {
        let right = match kind {
            Kind::Text => format!("Write {name} = \"text\"."),
            Kind::Number => format!("Write {name} = 1, with the right number."),
            Kind::List => format!("Write {name} = [\"text\", \"text\"]."),
        };
        (format!("gives {name} a value of the wrong type"), right)
    })
}

fn decimal(digits: &str, radix: u32) -> Option<String> {
    Some(i64::from_str_radix(digits, radix).ok()?.to_string())
}

fn unknown(name: &str, known: &BTreeMap<String, Kind>) -> (String, String) {
    let is_a_name = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-');
    if name == CONFIG {
        return (
            "names a further file".to_owned(),
            "A configuration file cannot name another one.".to_owned(),
        );
    }
    if name.len() > NAME_LENGTH_MAX || !name.bytes().all(is_a_name) {
        return ("has an unknown name".to_owned(), "Write each setting as name = \"text\".".to_owned());
    }
    let likeness = |other: &str| strsim::jaro_winkler(&name.replace('-', "_").to_lowercase(), other);
    let nearest = known.keys().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let right = match nearest.filter(|nearest| likeness(nearest) >= LIKENESS_MIN) {
        Some(nearest) => format!("Did you mean {nearest}?"),
        None => "keystead serve --help lists all settings.".to_owned(),
    };
    (format!("has the unknown name {name}"), right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeMap<String, Kind> {
        [("listen", Kind::Text), ("database_url", Kind::Text), ("connections_max", Kind::Number)]
            .into_iter()
            .chain([("trusted_proxies", Kind::List)])
            .map(|(name, kind)| (name.to_owned(), kind))
            .collect()
    }

    #[test]
    fn a_file_of_something_else_gives_a_few_problems_only() {
        let lines: Vec<_> = (0..1000).map(|number| format!("name{number} = 1")).collect();
        assert_eq!(parse(&lines.join("\n"), &known()).1.len(), PROBLEMS_MAX);
    }

    #[test]
    fn values_are_read_as_the_text_that_a_flag_would_have() {
        let text = "# A comment.\nlisten = \"127.0.0.1:1\"\nconnections_max = 1_000\ndatabase_url = ''\n\
                    trusted_proxies = [\"10.0.0.0/8\", '::1']\n";
        let (values, problems) = parse(text, &known());
        assert_eq!(problems, []);
        let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected =
            [("connections_max", "1000"), ("listen", "127.0.0.1:1"), ("trusted_proxies", "10.0.0.0/8,::1")];
        assert_eq!(values, expected);
        for text in ["connections_max = '1000'", "connections_max = 0x3E8"] {
            assert_eq!(parse(text, &known()).0["connections_max"], "1000", "{text}");
        }
        assert_eq!(parse("trusted_proxies = '::1'", &known()).0["trusted_proxies"], "::1");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_without_its_value() {
        for (text, line, trouble, right) in [
            ("\nlistn = \"hunter2\"", 2, "has the unknown name listn", "Did you mean listen?"),
            (
                "database-url = 'hunter2'",
                1,
                "has the unknown name database-url",
                "Did you mean database_url?",
            ),
            ("zzz = 'hunter2'", 1, "has the unknown name zzz", "keystead serve --help"),
            ("\"postgres://hunter2\" = 1", 1, "has an unknown name", "name = \"text\""),
            ("config = 'hunter2'", 1, "names a further file", "cannot name another"),
            ("[database]\nurl = 'hunter2'", 1, "has the unknown name database", "database_url"),
            ("listen = 3000", 1, "gives listen a value of the wrong type", "listen = \"text\""),
            ("listen = true", 1, "gives listen a value of the wrong type", "listen = \"text\""),
            ("listen = ['hunter2']", 1, "gives listen a value of the wrong type", "listen = \"text\""),
            ("listen = \"hunter2\\u0000\"", 1, "gives listen a value of the wrong type", "listen = \"text\""),
            ("connections_max = 1.5", 1, "gives connections_max a value of the wrong type", "= 1"),
            ("connections_max = 99999999999999999999", 1, "gives connections_max a value", "= 1"),
            ("trusted_proxies = [1]", 1, "gives trusted_proxies a value of the wrong type", "[\"text\""),
            ("listen = 'a'\n\nlisten = 'hunter2'", 3, "repeats a name", "once"),
            ("database_url = postgres://a:hunter2@b/c", 1, "is not TOML", "name = \"text\""),
            ("listen = 'a'\ndatabase_url = \"hunter2", 2, "is not TOML", "name = \"text\""),
        ] {
            let (_, problems) = parse(text, &known());
            let [problem] = problems.as_slice() else { panic!("{text}: {problems:?}") };
            assert_eq!(problem.line, line, "{text}");
            assert!(problem.trouble.starts_with(trouble) && problem.right.contains(right), "{problem:?}");
            assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
        }
    }

    #[test]
    fn all_problems_of_a_file_are_found_together_in_the_order_of_their_lines() {
        let (values, problems) = parse("zzz = 1\nlisten = 'a'\nconnections_max = true\naaa = 1", &known());
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(values.len(), 1);
    }
}
