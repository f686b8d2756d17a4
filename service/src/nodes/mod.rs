//! Nodes: the servers that share a PostgreSQL database. Each says in a row of its own that it runs and which changes it
//! has applied. So the operator sees all of them, and a caller can wait until a revocation is in effect everywhere.
//!
//! Verification does not depend on any of this. On SQLite there is one server, which answers from memory and writes
//! nothing.

mod enforcement;
mod heartbeat;
mod host_name;
mod list;
mod this_node;

pub use enforcement::Enforcement;
pub use host_name::host_name;
pub use list::{Node, NodeState};
pub(crate) use this_node::{FeedReading, ThisNode};
