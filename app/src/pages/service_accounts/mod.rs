//! The pages about service accounts. A service account owns keys but is not a person.

mod account;
mod actions;
mod create;
mod dialogs;
mod disable;
mod edit;
mod facts;
mod fields;
mod filters;
mod keys;
mod labels;
mod list;
mod page;
mod path;
mod row;
mod status;

pub use account::ServiceAccountPage;
pub use page::ServiceAccountsPage;
