//! Accepts connections, and closes those that a client keeps open without using them.
//!
//! The accept loop is our own, because `axum::serve` waits forever on a connection that sends nothing.

mod accept;
mod activity;
mod answering;
mod connection;
mod connection_slots;
mod handshake;
mod limits;
mod refusal;
mod socket;
mod stream;
mod write_timer;

pub(crate) use self::accept::{Accepted, accept};
pub(crate) use self::connection::{Answerer, serve as serve_connection, serve_over_tls};
pub(crate) use self::connection_slots::{Connection, ConnectionSlots};
pub use self::limits::Limits;
