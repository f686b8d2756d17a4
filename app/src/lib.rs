//! Keystead's console: what an organization's admin opens in the browser, rendered on the server and then hydrated.

// The type of a page holds the types of all its parts, nested as deep as they are.
#![recursion_limit = "512"]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

pub mod alive;
mod app;
pub mod arrival;
pub mod components;
pub mod error;
pub mod fns;
pub mod html;
#[cfg(feature = "ssr")]
pub mod known_words;
pub mod layouts;
pub mod next;
pub mod pages;
pub mod query;
#[cfg(feature = "ssr")]
mod shell;
pub mod state;
#[cfg(feature = "ssr")]
mod theme;
pub mod ui;
pub mod wire;

pub use app::App;
#[cfg(feature = "ssr")]
pub use arrival::Arrival;
#[cfg(feature = "ssr")]
pub use shell::{ConsoleFiles, WasmParts, shell};
