//! The two databases: opening, transactions, migrations. The only part that names a driver, but
//! for how the rows of one bulk reader are read.

mod bulk;
mod checkpoint;
mod connection;
mod lease;
mod migrate;
mod postgres;
mod sqlite;
mod statement;
mod store;
mod tx;
mod writer;

pub(crate) use bulk::BulkRow;
pub use connection::{Conn, Connection, Reader};
pub(crate) use lease::answer;
pub use migrate::MigrationReport;
pub(crate) use statement::{Built, Pair, Statement, build, noted, run};
pub use store::{Settings, Store, Target};
pub use tx::Tx;
