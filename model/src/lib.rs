//! Words and rules of Keystead's domain, shared by the server and the browser: no clock, no I/O, no randomness, no
//! framework.

pub mod audit;
pub mod email;
pub mod field;
pub mod gateway;
pub mod id;
pub mod idempotency;
pub mod key;
#[cfg(not(target_family = "wasm"))]
mod lookalike;
pub mod misplaced;
#[cfg(feature = "openapi")]
mod openapi;
pub mod organization;
pub mod page;
pub mod password;
pub mod problem;
pub mod service_account;
pub mod session;
mod stored;
pub mod text;
pub mod time;
pub mod usage;
pub mod user;
pub mod verify;
mod words;

pub use stored::Stored;
pub use time::Timestamp;
