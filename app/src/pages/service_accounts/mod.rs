//! The organization's service accounts: owners of keys that are no persons.

mod account;
mod address;
mod create;
mod disable;
mod edit;
mod facts;
mod fields;
mod filters;
mod keys;
mod list;
mod page;
mod row;
mod status;
mod task;
mod words;

pub use account::AccountPage;
pub use page::AccountsPage;
