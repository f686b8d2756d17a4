//! The two databases: connections, transactions and migrations. Only this module names a database driver, except for
//! the classification of errors, the code that reads rows of the bulk reader, the archive, and the test databases.

mod bulk;
mod checkpoint;
mod columns;
mod connection;
mod first_connection;
mod invalidation;
mod migrate;
mod missing_log;
mod pooled_connection;
mod postgres;
mod primary;
mod rows;
mod schema_rights;
mod sqlite;
mod statement;
mod store;
mod tx;
mod writer;

pub(crate) use bulk::{Bulk, BulkRow, SqliteFile};
pub(crate) use columns::{Column, Use, row, select, select_only};
pub use connection::{Conn, Connection, Reader};
pub use invalidation::Invalidation;
#[cfg(feature = "testing")]
pub use migrate::sqlite_migrations;
pub use migrate::{MigrationReport, newest_migration};
pub use missing_log::WithoutLog;
pub(crate) use pooled_connection::answer;
pub(crate) use rows::{insert_row, update_row};
pub(crate) use statement::{BuiltStatement, PerDatabase, Statement, build, record_outcome, run};
pub use store::{PoolState, Settings, Store, Target};
pub use tx::Tx;
