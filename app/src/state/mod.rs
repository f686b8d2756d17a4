//! What the whole console shares while it is open: who is signed in, the colours, the toasts.

pub mod me;
pub mod theme;
pub mod toasts;
