//! Creates organizations: by the first run in the browser, and by the operator's commands.

mod admin_key;
mod bootstrap;
mod first_run;
mod organization;

pub use bootstrap::{Bootstrapped, SameName};
pub use first_run::SetUp;
