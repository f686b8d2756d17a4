//! The names of files, and the names that the code defines, follow the glossary.

use std::fs;
use std::path::{Path, PathBuf};

const CRATES: [&str; 7] = ["app", "bench", "frontend", "model", "server", "service", "store"];

/// The keywords before the names that an item defines.
const DEFINE: [&str; 8] = ["const", "enum", "fn", "mod", "static", "struct", "trait", "type"];

/// Words that the glossary has replaced, with the terms to use instead.
const REPLACED: [(&str, &str); 29] = [
    ("alive", "valid, working, or hydrated"),
    ("arrival", "request context"),
    ("arrivals", "request context"),
    ("believe", "valid until"),
    ("believed", "valid until"),
    ("believes", "valid until"),
    ("desk", "fast path"),
    ("directory", "key cache"),
    ("door", "fast path"),
    ("front", "fast path, or console"),
    ("graces", "grace periods"),
    ("hand_over", "initial data"),
    ("hear", "invalidation"),
    ("heard", "invalidation"),
    ("judge", "verdict"),
    ("kept_answer", "idempotency record"),
    ("kept_answers", "idempotency record"),
    ("lives", "lifecycle"),
    ("marks", "expiry flags"),
    ("misplaced", "leaked secret"),
    ("narrowing", "filter"),
    ("occupant", "holder of a slot"),
    ("robot", "service account"),
    ("robots", "service accounts"),
    ("sighting", "activity, or use"),
    ("sightings", "activity, or uses"),
    ("standing", "key state"),
    ("stranger", "unauthenticated"),
    ("vouched", "proven account"),
];

#[test]
fn no_name_has_a_word_that_the_glossary_has_replaced() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in CRATES {
        collect(&root.join(name), &mut files);
    }
    assert!(files.len() > 800, "{} files", files.len());
    let wrong: Vec<_> = files.iter().flat_map(|file| wrong_names(root, file)).collect();
    assert!(wrong.is_empty(), "Use the terms of docs/glossary.md:\n{}", wrong.join("\n"));
}

#[test]
fn words_are_found_in_every_style_of_name() {
    for name in ["robot", "new_robot", "ROBOT_KEY", "RobotKey", "LesserRobot", "hand_over_data", "HandOver"] {
        assert!(replaced_word(name).is_some(), "{name}");
    }
    for name in ["robotic", "frontend", "over_hand", "Standings"] {
        assert_eq!(replaced_word(name), None, "{name}");
    }
    assert_eq!(defined("pub(crate) const fn find<T>(text: &str) -> T {").collect::<Vec<_>>(), ["fn", "find"]);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The names in a file that have a replaced word, each as a line of the failure message.
fn wrong_names(root: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(root).unwrap();
    let text = fs::read_to_string(file).unwrap();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let folders = path.iter().map(|part| part.to_str().unwrap().trim_end_matches(".rs"));
    let names = folders.chain(code.flat_map(defined));
    names
        .filter_map(|name| {
            let (word, term) = replaced_word(name)?;
            Some(format!("{}: {name} has the word {word}; the term is: {term}", path.display()))
        })
        .collect()
}

/// The names that a line of code defines.
fn defined(line: &str) -> impl Iterator<Item = &str> {
    let mut tokens = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|token| !token.is_empty());
    let mut before = tokens.next().unwrap_or_default();
    tokens.filter(move |token| DEFINE.contains(&std::mem::replace(&mut before, *token)))
}

/// The first replaced word of a name, and the term to use instead.
fn replaced_word(name: &str) -> Option<(&'static str, &'static str)> {
    let words = format!("_{}_", in_snake_case(name));
    REPLACED.into_iter().find(|(word, _)| words.contains(&format!("_{word}_")))
}

fn in_snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if was_lower && c.is_ascii_uppercase() {
            snake.push('_');
        }
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
