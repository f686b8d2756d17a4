//! Starts a server from checked settings.

mod error;
pub mod folder;
pub mod limits;
pub mod logs;
mod seal_key;
mod server;
mod service;

pub use error::BootError;
pub use server::{Server, console_address, start};
pub use service::{open_existing, open_service, open_unmigrated};
