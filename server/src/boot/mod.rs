//! Starts a server from checked settings, and runs it.

mod database_file;
mod error;
pub mod folder;
pub mod limits;
pub mod logs;
mod ports;
mod seal_key;
mod serve;
mod server;
mod service;
mod shared_folder;

pub use error::BootError;
pub use ports::bind;
pub use seal_key::check_seal_key;
pub use serve::serve;
pub use server::{Server, check_certificate, console_address, start, start_on};
pub use service::{open_existing, open_or_create, open_to_fill, open_unmigrated, target};
