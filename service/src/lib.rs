//! The use cases of Keystead. Each one checks permissions and makes its changes in one transaction with their audit
//! record.
//!
//! The console's server functions, the REST handlers and the command line translate their input, call one method of
//! [`Service`], and translate the result. They contain no rules of their own.

mod accounts;
mod actor;
mod addresses;
mod audit;
mod background;
mod backup;
mod batches;
mod clock;
mod counts;
mod crypto;
mod entropy;
mod error;
mod fair_queue;
mod gateway_cache;
mod gateways;
mod idempotency;
mod inspection;
mod invalidation_feed;
pub mod key_cache;
mod keys;
mod locks;
mod log_throttle;
pub mod mirror;
mod mirrors;
#[cfg(test)]
mod model_checked;
mod names;
mod nodes;
mod not_found;
mod operator;
mod operator_token;
mod organizations;
mod owner_revocations;
mod policy;
mod rate;
mod reauthorize;
mod search_terms;
mod service_accounts;
mod sessions;
mod setup;
mod sign_in_throttle;
mod single_flight;
mod state;
mod subnet;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod usage;
mod users;
mod uses;
mod verdict;
mod verify;
mod write_behind;

pub use accounts::{Reset, ResetLink};
pub use actor::{Actor, Caller, KeyActor, KeyActorOwner, KeyRef, Member, Owner, RequestContext};
pub use background::Background;
pub use backup::{
    BackupError, BackupFile, BackupSchedule, Copied, NewBackup, Passphrase, PassphraseTooShort, Progress,
    ScheduledBackups, Trouble, Written,
};
pub use clock::{Clock, Moment, TestClock};
pub use counts::{
    BackupCounts, Counts, KeyCacheReading, QueueReading, Readings, SignInCounts, SignInResult, Surface,
    Unverified, VerificationCounts,
};
pub use crypto::PlainToken;
pub use entropy::Entropy;
pub use error::{Error, FAILED, Result, STOPPING};
pub use gateways::{GATEWAYS_MAX, UnknownGateway, read_gateway_id};
pub use idempotency::{Idempotent, IdempotentRequest, SealKey};
pub use inspection::{Inspection, Inspector};
pub use keys::{Authenticated, NO_CREDENTIAL};
pub use log_throttle::LogThrottle;
pub use nodes::{Enforcement, Node, NodeState, host_name};
pub use operator::Operator;
pub use operator_token::OperatorToken;
pub use policy::Action;
pub use rate::{RateState, WINDOW_SECONDS};
pub use service_accounts::read_account_id;
pub use sessions::SignedIn;
pub use setup::{Bootstrapped, SameName, SetUp};
pub use state::{Service, Settings};
pub use store::archive::TableTally;
pub use store::counts::{DatabaseCounts, ErrorKind, Histogram, Recorded};
pub use store::users::Membership;
pub use store::{
    Causes, MigrationReport, PoolState, Settings as StoreSettings, Store, TRACES, Target, WithoutLog, causes,
};
pub use subnet::Subnet;
pub use usage::{KeyEndpoints, OpenRequest, UsageOfKey, UsageOfOrganization};
pub use users::Invited;
pub use verify::Checker;
