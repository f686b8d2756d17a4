//! The audit log. A record is added in the transaction of the change that it describes, and is never changed.

mod filter;
mod insert;
mod list;
mod row;

pub use insert::{insert, insert_many};
pub use list::{changes_of, count, find, list};
pub(crate) use row::{Row, columns};
