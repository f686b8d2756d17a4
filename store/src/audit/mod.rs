//! The audit log. Records are added, in the transaction of what they record, and never changed.

mod insert;
mod list;
mod narrowing;
mod row;

pub use insert::{insert, insert_many};
pub use list::{changes_of, count, find, list};
pub(crate) use row::{Row, columns};
