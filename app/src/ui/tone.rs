//! What a colour means. A tone never stands alone: an icon or a word says the same.

/// The meaning that a part shows in colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to act on.
    #[default]
    Neutral,
    /// Chosen or of note.
    Accent,
    /// Works, or is done.
    Success,
    /// Wants a look soon.
    Warning,
    /// Broken, refused or destructive.
    Danger,
}

impl Tone {
    /// The class that carries the tone in every stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Accent => "tone-accent",
            Self::Success => "tone-success",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }
}
