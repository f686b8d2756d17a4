//! Usage counts of keys: counting in memory, writing them later, and reading them.

mod counter;
mod key;
mod organization;
mod request;
mod write;

pub(crate) use counter::Counter;
pub use key::{KeyEndpoints, UsageOfKey};
pub use organization::UsageOfOrganization;
pub use request::OpenRequest;
