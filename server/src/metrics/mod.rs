//! The port for Prometheus: `GET /metrics` shows what the server counts and measures.
//!
//! The counts are where things happen: in `service`, in `store`, and in [`crate::traffic`]. They are counted whether or
//! not the port is open.

mod page;
mod parts;
mod port;
mod source;
mod text;

pub(crate) use self::port::{CONNECTIONS_MAX, Metrics};
pub(crate) use self::source::Source;
