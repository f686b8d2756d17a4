//! Keys: one use case a file.

mod authenticate;
mod create;
mod disable;
mod get;
mod grace;
mod list;
mod load;
mod name;
mod owners;
mod revoke;
mod rotate;
mod secret;
mod update;

pub use authenticate::Authenticated;
pub(crate) use create::NewOwner;
pub(crate) use get::names;
pub(crate) use load::{NO_KEY, NO_USER};
