//! The layouts: what surrounds the content of a page.

mod console_layout;
mod plain_layout;
mod theme_switch;
mod toasts;

pub use console_layout::{ConsoleLayout, NavItem};
pub use plain_layout::PlainLayout;
pub use theme_switch::ThemeSwitch;
