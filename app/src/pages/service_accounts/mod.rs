//! The pages about service accounts. A service account owns keys but is not a person.

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
mod row;
mod service_account;
mod status;
mod url;

pub use page::ServiceAccountsPage;
pub use service_account::ServiceAccountPage;
