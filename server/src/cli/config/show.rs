//! `keystead config show` prints the settings.

use clap::Args;
use serde::Serialize;

use crate::cli::{Failure, print_line};
use crate::config::{Given, ServeArgs, Sources, masked};

#[derive(Args)]
pub(in crate::cli) struct Show {
    /// Prints each setting as one line of JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    _settings: ServeArgs,
}

/// A setting as it is shown.
#[derive(Serialize)]
struct Line<'a> {
    setting: &'a str,
    value: Option<String>,
    source: &'static str,
}

impl Show {
    pub(super) fn run(self, sources: &Sources, problems: Vec<Failure>) -> Result<(), Failure> {
        let Self { json, _settings: _ } = self;
        if let Some(first) = problems.into_iter().next() {
            return Err(first);
        }
        let lines: Vec<_> = sources.settings().iter().map(Line::of).collect();
        if json {
            let lines: Result<Vec<_>, _> = lines.iter().map(serde_json::to_string).collect();
            return print_line(&lines?.join("\n"));
        }
        print_line(&table(&lines))
    }
}

impl<'a> Line<'a> {
    fn of(given: &'a Given) -> Self {
        let value = given.value.as_ref().map(|value| masked(&given.name, &value.to_string_lossy()));
        Self { setting: &given.name, value, source: given.source.as_str() }
    }
}

fn table(lines: &[Line<'_>]) -> String {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| (line.setting, line.source, printable(line.value.as_deref().unwrap_or_default())))
        .chain(std::iter::once(("setting", "source", "value".to_owned())))
        .collect();
    let width =
        |column: fn(&(&str, &str, String)) -> usize| rows.iter().map(column).max().unwrap_or_default();
    let (names, sources) = (width(|row| row.0.len()), width(|row| row.1.len()));
    let print = |(name, source, value): &(&str, &str, String)| {
        format!("{name:names$}  {source:sources$}  {value}").trim_end().to_owned()
    };
    let (heading, settings) =
        rows.split_last().map_or((None, rows.as_slice()), |(last, rest)| (Some(last), rest));
    heading.into_iter().chain(settings).map(print).collect::<Vec<_>>().join("\n")
}

/// Escapes what would move the cursor or change the colors of a terminal.
pub(in crate::cli) fn printable(value: &str) -> String {
    value
        .chars()
        .flat_map(|letter| {
            let is_plain =
                !letter.is_control() && !matches!(letter, '\u{200e}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let escaped = (!is_plain).then(|| letter.escape_unicode());
            escaped.into_iter().flatten().chain(is_plain.then_some(letter))
        })
        .collect()
}
