//! The meaning of a colour. A tone never stands alone: an icon or a word says the same.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to act on.
    #[default]
    Neutral,
    /// Selected, or worth noticing.
    Accent,
    /// Works, or is done.
    Success,
    /// Needs attention soon.
    Warning,
    /// Broken, refused or destructive.
    Danger,
}

impl Tone {
    /// The CSS class of the tone, which all stylesheets share.
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
