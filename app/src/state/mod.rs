//! What the whole console shares while it is open: the colours and the toasts.

pub mod theme;
pub mod toasts;
