//! Write-behind: what requests record is collected in memory and written later, many items in one transaction, so that
//! no request waits for the write.
//!
//! - [`Collector`]: a map with a bound, in which what was recorded waits.
//! - [`WriteBehind`]: a collector or another memory of items, together with the statement that writes them.
//! - `writer`: takes a batch, writes it in one transaction, and puts it back if that fails. An item that can never be
//!   written is dropped.
//!
//! Last uses, usage counts, the activity of gateways, client info and failed sign-ins use it. A crash loses what was
//! not written yet. When the server stops, it writes everything.

mod collector;
mod source;
mod writer;

pub(crate) use collector::{Collected, Collector};
pub(crate) use source::WriteBehind;
