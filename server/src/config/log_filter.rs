//! Checks the filter of log lines. `tracing` itself accepts every word, as the name of a part that nobody has, and
//! would then log nothing.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::SettingError;

/// The crates of this program that log.
const OWN: [&str; 4] = ["app", "server", "service", "store"];

/// The libraries that log. A part of a filter may name one of them.
const LIBRARIES: [&str; 27] = [
    "any_spawner",
    "axum",
    "axum_core",
    "h2",
    "hyper",
    "hyper_util",
    "leptos",
    "leptos_axum",
    "leptos_dom",
    "leptos_meta",
    "leptos_router",
    "leptos_server",
    "log",
    "multer",
    "reactive_graph",
    "rustls",
    "server_fn",
    "sqlx",
    "sqlx_core",
    "sqlx_postgres",
    "sqlx_sqlite",
    "tachys",
    "tokio",
    "tokio_util",
    "tonic",
    "tower",
    "tower_http",
];

/// Checks a filter: a level, or several `PART=LEVEL`, separated by commas. Blanks around them are removed.
pub(super) fn log_filter(name: &'static str, text: &str) -> Result<String, SettingError> {
    let refuse = |given: String| Err(SettingError::new(name, given, right()));
    if text.trim().is_empty() {
        return refuse("is empty".to_owned());
    }
    let directives: Vec<_> = text.split(',').map(str::trim).collect();
    for (index, directive) in directives.iter().enumerate() {
        if let Some(trouble) = trouble_with(directive) {
            let number = index + 1;
            return refuse(format!("{trouble} at position {number}"));
        }
    }
    // `tracing` accepts no blanks.
    let filter = directives.join(",");
    match EnvFilter::builder().parse(&filter) {
        Ok(_) => Ok(filter),
        Err(_) => refuse("is not a log filter".to_owned()),
    }
}

/// What is wrong with one part of the filter. `None` if nothing is.
fn trouble_with(directive: &str) -> Option<&'static str> {
    match directive.split_once('=') {
        Some((_, level)) if !is_level(level) => Some("has an unknown level"),
        Some((part, _)) if !is_part(part) => Some("names an unknown part"),
        None if !is_level(directive) && !is_part(directive) => Some("has an unknown word"),
        _ => None,
    }
}

/// A level in any letter case. `tracing` also accepts numbers, which nobody can read without its documentation.
fn is_level(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|letter| letter.is_ascii_alphabetic())
        && word.parse::<LevelFilter>().is_ok()
}

/// Whether a module path begins with a crate that logs. The modules below it are not checked.
fn is_part(path: &str) -> bool {
    let name = path.split("::").next().unwrap_or_default();
    OWN.contains(&name) || LIBRARIES.contains(&name)
}

fn right() -> String {
    format!(
        "Give error, warn, info, debug, trace or off, or a level for each part, such as warn,server=debug. The parts are \
         {}, and of the libraries {}.",
        OWN.join(", "),
        LIBRARIES.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_known_parts_are_accepted() {
        for text in [
            "info",
            "WARN",
            "off",
            "Trace",
            "server=debug",
            "warn,server=debug",
            "warn, server::gateway=Debug,store=off",
            "info,sqlx=warn,sqlx::query=debug,hyper=info,tower=info",
            "server",
        ] {
            assert_eq!(log_filter("log", text), Ok(text.replace(' ', "")));
        }
    }

    #[test]
    fn a_mistyped_level_or_part_is_refused_with_the_words_there_are() {
        for (text, given) in [
            ("", "is empty"),
            (" ", "is empty"),
            ("warning", "has an unknown word at position 1"),
            ("verbose", "has an unknown word at position 1"),
            ("5", "has an unknown word at position 1"),
            ("info,server=4", "has an unknown level at position 2"),
            ("info,", "has an unknown word at position 2"),
            ("srever=debug", "names an unknown part at position 1"),
            ("info,server=debug,serv=debug", "names an unknown part at position 3"),
            ("server=loud", "has an unknown level at position 1"),
            ("server=", "has an unknown level at position 1"),
            ("=info", "names an unknown part at position 1"),
            ("keystead=debug", "names an unknown part at position 1"),
            ("server[request]=debug", "names an unknown part at position 1"),
        ] {
            let error = log_filter("log", text).unwrap_err();
            assert_eq!(error.given, given, "{text}");
            assert!(error.right.contains("error, warn, info, debug, trace or off"), "{}", error.right);
            assert!(error.right.contains("server, service, store"), "{}", error.right);
        }
    }
}
