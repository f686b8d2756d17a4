//! The whole database as a sequence of rows that is the same for SQLite and PostgreSQL. Backups are written from it and
//! restored from it, and it moves a database from one kind to the other.

mod batch;
mod export;
mod import;
mod indexes;
mod postgres;
mod progress;
mod select;
mod sqlite;
mod tables;
mod tally;
mod value;

pub use batch::{Batch, Part, Parts, PartsSender, channel, row_lines};
pub use export::{Export, export};
pub use import::{import, import_as_it_was, is_import_unfinished, prepare};
pub(crate) use tables::PROGRESS;
pub use tables::{Column, Kind, LEFT_OUT, Table, table_names};
pub use tally::{TableTally, Tally};
