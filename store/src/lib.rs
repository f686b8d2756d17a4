//! All SQL of Keystead, for SQLite and PostgreSQL: one module a table, one statement for both wherever they agree.
//!
//! Reading functions take a [`Connection`], which is a [`Reader`] or a [`Tx`]; writing ones take a [`Tx`]. The service
//! opens and commits transactions; a transaction that is dropped has never been.

pub mod accounts;
pub mod acting;
pub mod answers;
pub mod audit;
pub mod changes;
mod db;
mod decode;
pub mod ends;
mod error;
pub mod gateways;
mod hash;
pub mod keys;
pub mod links;
pub mod organizations;
pub mod service_accounts;
pub mod sessions;
pub mod sightings;
mod terms;
#[cfg(feature = "testing")]
pub mod testing;
pub mod usage;
pub mod users;

pub use db::{Connection, MigrationReport, Reader, Settings, Store, Target, Tx};
pub use error::{Error, Result};
