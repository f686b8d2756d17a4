//! From checked settings to a server that is ready.

mod error;
pub mod folder;
pub mod limits;
pub mod logs;
mod seal;
mod server;
mod service;

pub use error::BootError;
pub use server::{Server, console_address, start};
pub use service::{open_existing, open_service, open_unmigrated};
