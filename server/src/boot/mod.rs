//! Starts a server from checked settings, and runs it.

mod error;
pub mod folder;
pub mod limits;
pub mod logs;
mod seal_key;
mod serve;
mod server;
mod service;

pub use error::BootError;
pub use serve::serve;
pub use server::{Server, console_address, start};
pub use service::{open_existing, open_or_create, open_to_fill, open_unmigrated};
