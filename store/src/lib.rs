//! All SQL of Keystead, for SQLite and PostgreSQL. There is one module for each table, and one statement for both
//! databases wherever possible.
//!
//! Functions that read take a [`Connection`], which is a [`Reader`] or a [`Tx`]. Functions that write take a [`Tx`].
//! The service opens and commits transactions. A transaction that is dropped is rolled back.

pub mod accounts;
pub mod addresses;
pub mod archive;
pub mod audit;
pub mod caller_locks;
mod causes;
mod commit;
pub mod counts;
mod db;
mod decode;
pub mod disk_space;
mod error;
pub mod gateway_activity;
pub mod gateways;
mod hash;
pub mod idempotency_records;
pub mod inspection;
pub mod invalidations;
pub mod keys;
pub mod names;
pub mod nodes;
pub mod one_time_tokens;
pub mod organizations;
mod outdated_terms;
pub mod owner_revocations;
mod refusal;
pub mod search_terms;
pub mod service_accounts;
pub mod sessions;
mod spans;
mod stored_email;
mod stored_name;
#[cfg(feature = "testing")]
pub mod testing;
pub mod usage;
pub mod users;

pub use causes::{Causes, causes};
pub use db::{
    Connection, MigrationReport, PoolState, Reader, Settings, Store, Target, Tx, WithoutLog, newest_migration,
};
pub use error::{Error, Result};
pub use refusal::Refusal;
pub use spans::TRACES;
