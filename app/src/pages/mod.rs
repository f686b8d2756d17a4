//! The pages of the console.

pub mod account;
pub mod connect;
pub mod gateways;
pub mod invitation;
pub mod keys;
pub mod lazy;
pub mod login;
pub mod not_found;
pub mod organization;
pub mod reset;
pub mod service_accounts;
pub mod setup;
pub mod users;
