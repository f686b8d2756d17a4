//! How often keys are used: counting it beside the requests, and looking at it.

mod counter;
mod key;
mod organization;
mod request;
mod write;

pub(crate) use counter::Counter;
pub use key::{KeyEndpoints, UsageOfKey};
pub use organization::UsageOfOrganization;
pub use request::OpenRequest;
