//! The refusal of a setting.

/// A setting that cannot be used. Says which, what kind of thing was given, and what would be right; never the value
/// itself, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The setting {flag} ({variable}) {given}. {right}", flag = flag(name), variable = variable(name))]
pub struct SettingError {
    /// The setting, as in `public_url`.
    pub name: &'static str,
    /// What was given, in kind: "is empty", "has no port".
    pub given: String,
    /// A sentence that says what to set.
    pub right: String,
}

impl SettingError {
    /// Refuses a setting.
    pub fn new(name: &'static str, given: impl Into<String>, right: impl Into<String>) -> Self {
        Self { name, given: given.into(), right: right.into() }
    }
}

/// The flag of a setting.
pub fn flag(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// The variable of a setting.
pub fn variable(name: &str) -> String {
    format!("KEYSTEAD_{}", name.to_uppercase())
}
