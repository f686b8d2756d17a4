//! What a check has found: one line of the output.

use serde::Serialize;

use crate::cli::config::printable;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    /// The server works, but something should be changed.
    Warning,
    /// The server does not work, or data are in danger.
    Problem,
}

#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// What was looked at, in one word.
    check: &'static str,
    level: Level,
    /// What was found and, if something is wrong, what to do.
    message: String,
}

impl Finding {
    pub(super) fn new(check: &'static str, level: Level, message: impl Into<String>) -> Self {
        Self { check, level, message: message.into() }
    }

    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Level::Ok, message)
    }

    pub(super) fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Level::Warning, message)
    }

    pub(super) fn problem(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Level::Problem, message)
    }

    pub(super) fn is_problem(&self) -> bool {
        self.level == Level::Problem
    }

    pub(super) fn text(&self) -> String {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Problem => "problem",
        };
        format!("{level:7}  {:11}  {}", self.check, printable(&self.message))
    }

    pub(super) fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}
