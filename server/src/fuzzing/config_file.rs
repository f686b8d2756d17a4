//! Fuzzes the configuration file: what is read is usable text of known settings, and messages stay short.

use std::collections::BTreeMap;

use crate::config::{Kind, parse_config_file};

/// Twice the longest name and the sentences around it.
const MESSAGE_LENGTH_MAX: usize = 200;

/// The input is the file.
pub fn config_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let known: BTreeMap<_, _> =
        [("listen", Kind::Text), ("connections_max", Kind::Number), ("trusted_proxies", Kind::List)]
            .map(|(name, kind)| (name.to_owned(), kind))
            .into();
    let (values, problems) = parse_config_file(text, &known);
    for (name, value) in &values {
        assert!(known.contains_key(name) && !value.is_empty() && !value.contains('\0'), "{name} {value}");
    }
    let lines = text.split('\n').count();
    for problem in &problems {
        assert!((1..=lines).contains(&problem.line), "{problem:?}");
        for sentence in [&problem.trouble, &problem.right] {
            assert!(
                sentence.len() <= MESSAGE_LENGTH_MAX && !sentence.contains(char::is_control),
                "{sentence}"
            );
        }
    }
    let written: Vec<_> =
        values.iter().map(|(name, value)| format!("{name} = {}\n", quoted(value))).collect();
    let written = written.concat();
    assert_eq!(parse_config_file(&written, &known), (values, Vec::new()), "{written}");
}

/// A text as TOML writes it. JSON writes it in the same way, except for the delete character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
