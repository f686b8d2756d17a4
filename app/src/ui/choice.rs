//! One of several values to choose from, as used by selects, radio groups and segmented controls.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is submitted.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A sentence below the label. Selects and segmented controls do not show it.
    pub hint: Option<String>,
    /// Why the value cannot be chosen. It is then shown, but disabled.
    pub refused: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Disables the choice, with the reason.
    #[must_use]
    pub fn refused(self, reason: impl Into<String>) -> Self {
        Self { refused: Some(reason.into()), ..self }
    }
}
