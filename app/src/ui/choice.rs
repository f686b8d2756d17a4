//! One of several values to choose from, as used by selects, radio groups and segmented choices.

/// A value and the words for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A sentence below the label, where there is room for one.
    pub hint: Option<String>,
    /// Why it cannot be chosen; then it is shown but disabled.
    pub refused: Option<String>,
}

impl Choice {
    /// A choice that is free to take.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// Adds the sentence below the label.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Shows it disabled, with the reason.
    #[must_use]
    pub fn refused(self, reason: impl Into<String>) -> Self {
        Self { refused: Some(reason.into()), ..self }
    }
}
