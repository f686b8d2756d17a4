//! What happens in Keystead: who may, in which order, in one transaction with its audit record.
//!
//! The console's server functions, the REST handlers and the command line translate their input, call one method of
//! [`Service`], and translate the answer. A rule seen in one of them is in the wrong place.

mod accounts;
mod actor;
mod attempts;
mod audit;
mod background;
mod clock;
mod crypto;
mod ends;
mod entropy;
mod error;
mod gateways;
mod keys;
mod once;
mod operator;
mod organizations;
mod policy;
mod rate;
mod recheck;
mod service_accounts;
mod sessions;
mod setup;
mod state;
mod subnet;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod turns;
mod usage;
mod users;
mod uses;
mod verify;

pub use accounts::{Reset, ResetLink};
pub use actor::{Actor, Caller, KeyActor, KeyHolder, KeyRef, Member, Origin, Owner};
pub use background::Background;
pub use clock::{Clock, Moment, TestClock};
pub use crypto::PlainToken;
pub use entropy::Entropy;
pub use error::{Error, Result};
pub use gateways::{GATEWAYS_MAX, UnknownGateway, read_gateway_id};
pub use keys::{Authenticated, NO_CREDENTIAL};
pub use once::{Answered, Once, SealKey};
pub use operator::{Operator, OperatorToken};
pub use policy::Action;
pub use rate::{RateState, WINDOW_SECONDS};
pub use service_accounts::read_account_id;
pub use sessions::SignedIn;
pub use setup::{Bootstrapped, SetUp};
pub use state::{Service, Settings};
pub use store::{MigrationReport, Settings as StoreSettings, Store, Target};
pub use subnet::Subnet;
pub use usage::{KeyEndpoints, OpenRequest, UsageOfKey, UsageOfOrganization};
pub use verify::Checker;
