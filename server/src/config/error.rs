//! The error for a setting that cannot be used.

/// A setting that cannot be used. The message says which setting it is, what kind of value it has, and what would be
/// right. It never contains the value itself, which may be or contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The setting {flag} ({variable}) {given}. {right}", flag = flag(name), variable = variable(name))]
pub struct SettingError {
    /// In snake case, such as `public_url`.
    pub name: &'static str,
    /// What is wrong with the value, without the value: "is empty", "has no port".
    pub given: String,
    /// A sentence that says what to set.
    pub right: String,
}

impl SettingError {
    pub fn new(name: &'static str, given: impl Into<String>, right: impl Into<String>) -> Self {
        Self { name, given: given.into(), right: right.into() }
    }
}

/// The command-line flag of a setting.
pub fn flag(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}

/// The environment variable of a setting.
pub fn variable(name: &str) -> String {
    format!("KEYSTEAD_{}", name.to_uppercase())
}
