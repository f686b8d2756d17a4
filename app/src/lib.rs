//! The console of Keystead: the web application in which people manage keys. The server renders its pages, and the
//! browser hydrates them.

// The type of a page contains the types of all its parts, nested as deeply as the parts themselves.
#![recursion_limit = "512"]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]

mod app;
pub mod components;
pub mod error;
pub mod failures;
pub mod fns;
#[cfg(feature = "ssr")]
pub mod form_errors;
pub mod html;
pub mod hydration;
pub mod initial_data;
pub mod layouts;
pub mod live;
pub mod metadata_rows;
pub mod next;
pub mod pages;
pub mod paths;
pub mod query;
pub mod resource;
#[cfg(feature = "ssr")]
mod shell;
pub mod state;
#[cfg(feature = "ssr")]
mod theme;
pub mod ui;

pub use app::App;
#[cfg(feature = "ssr")]
pub use fns::caller::caller_of;
#[cfg(feature = "ssr")]
pub use initial_data::InitialData;
#[cfg(feature = "ssr")]
pub use shell::{ConsoleFiles, WasmParts, shell};
