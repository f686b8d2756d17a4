//! The layouts: what surrounds the content of a page.

mod console_layout;
mod plain_layout;

pub use console_layout::{ConsoleLayout, NavItem};
pub use plain_layout::PlainLayout;
