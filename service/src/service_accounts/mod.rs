//! Service accounts: one file for each use case.

mod create;
mod disable;
mod get;
mod list;
mod overview;
mod update;

pub use get::read_account_id;
