//! The protocol that keeps a *mirror*, a copy of database rows in memory, from answering with outdated rows.
//!
//! A mirror answers from memory. Three rules keep its answers right, however reads and changes overlap:
//!
//! 1. **Read epochs.** Rows can change between reading them from the database and storing them in memory. So a reader
//!    opens a [`ReadEpoch`] *before* it reads ([`Mirror::begin_read`]). Every change is recorded in all open epochs.
//!    What was read is stored by [`Mirror::store`], which says what has changed since the epoch was opened. What has
//!    changed is not stored, or stored as out of date.
//! 2. **Invalidations.** [`Mirror::apply`] is called after the commit of each change and before its acknowledgment. It
//!    records the changes in the open epochs first, and then lets the mirror invalidate what it has. Once it has
//!    returned, no answer uses the old rows.
//! 3. **Validity.** Changes by other processes are read from a feed. The mirror is used only while that feed is current
//!    ([`Mirror::is_current`]). If the feed may have missed something, it reports [`Change::Everything`].
//!
//! The protocol does not know what is stored, or how. Each mirror decides that, and names what can change by its
//! [`Subject`]s.
//!
//! The locks come from the module `locks` beside this one. Tests of the protocol compile these sources once more, with
//! the locks of a model checker.

mod changed;
mod epochs;
mod protocol;

pub use changed::{Change, Changed, Subject};
pub use epochs::ReadEpoch;
pub use protocol::{CloseOnDrop, Mirror};
