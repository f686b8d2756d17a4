//! Service accounts: one use case a file.

mod create;
mod disable;
mod get;
mod list;
mod overview;
mod update;

pub use get::read_account_id;
