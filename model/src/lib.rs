//! The types and rules of Keystead's domain, shared by the server and the browser. They use no clock, no I/O, no
//! randomness and no framework.

pub mod audit;
pub mod email;
pub mod field;
pub mod gateway;
pub mod id;
pub mod idempotency;
pub mod invitee;
mod joiner;
pub mod key;
pub mod key_role;
pub mod leaked_secret;
#[cfg(not(target_family = "wasm"))]
mod lookalike;
pub mod metadata;
pub mod network;
#[cfg(feature = "openapi")]
mod openapi;
pub mod organization;
pub mod page;
pub mod password;
pub mod percent;
pub mod permission;
mod picture_url;
pub mod problem;
pub mod service_account;
pub mod session;
mod stored;
mod string_enum;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod time;
pub mod usage;
pub mod user;
pub mod verify;

pub use stored::Stored;
pub use time::Timestamp;
