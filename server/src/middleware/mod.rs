//! What happens to every request around its handler.

mod body;
mod client;
mod docs;
mod edge;
mod guard;
mod hop;
mod misplaced;
mod panic;
mod request_id;
mod seldom;

pub use body::{Unread, limit_body, read_body};
pub use client::ClientAddress;
pub use docs::guard_docs;
pub use edge::edge;
pub(crate) use edge::{agent, complete};
pub use guard::guard_console;
#[cfg(any(test, fuzzing))]
pub(crate) use guard::{forget_foreign_referrer, has_console_host, is_from_console};
pub(crate) use hop::read_hop;
pub use panic::panic_response;
pub use request_id::{RequestId, X_REQUEST_ID};
pub(crate) use seldom::Seldom;
