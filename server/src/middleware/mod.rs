//! The middleware that wraps the handler of every request.

mod body;
mod client;
mod docs;
mod edge;
mod guard;
mod hop;
mod log_line;
mod misdirected;
mod over_tls;
mod own_origin;
mod panic;

pub use body::limit_body;
pub use client::{ClientAddress, untrusted_forwarded};
pub use docs::guard_docs;
pub use edge::edge;
pub(crate) use edge::{agent, complete};
pub use guard::guard_console;
#[cfg(any(test, fuzzing))]
pub(crate) use guard::{has_console_host, is_from_console, strip_foreign_referrer};
pub(crate) use hop::read_hop;
pub(crate) use over_tls::OverTls;
pub use panic::panic_response;
