//! Keys: one file for each use case.

mod authenticate;
mod create;
mod disable;
mod get;
mod grace_period;
mod list;
mod load;
mod owners;
mod revoke;
mod rotate;
mod secret;
mod update;

pub use authenticate::{Authenticated, NO_CREDENTIAL};
pub(crate) use create::NewOwner;
pub(crate) use get::names;
