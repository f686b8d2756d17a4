//! Metadata: the rows of a form that edit it, and the list that shows it.

mod field;
mod list;
mod row;

pub use field::MetadataField;
pub use list::MetadataList;
