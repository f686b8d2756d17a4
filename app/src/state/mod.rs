//! The state that the whole console shares: the signed-in user, the theme, and the toasts.

pub mod me;
pub mod theme;
pub mod toasts;
