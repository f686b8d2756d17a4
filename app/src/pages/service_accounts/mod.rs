//! The pages about service accounts. A service account owns keys but is not a person.

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
mod service_account;
mod status;

pub use page::ServiceAccountsPage;
pub use service_account::ServiceAccountPage;
