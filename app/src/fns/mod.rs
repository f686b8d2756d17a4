//! Server functions: what the console's pages ask of the server. Each is a public endpoint below `/console/api`, takes
//! POST alone, obtains its caller first, checks its draft and calls one method of the service.

#![expect(
    missing_docs,
    reason = "the framework makes a public field of each argument, where no comment can stand"
)]

pub mod account;
#[cfg(feature = "ssr")]
pub(crate) mod answer;
#[cfg(feature = "ssr")]
pub(crate) mod caller;
pub mod gateways;
pub mod invitation;
pub mod keys;
pub mod members;
pub mod organization;
pub mod reset;
pub mod service_accounts;
pub mod session;
pub mod setup;

use crate::error::ConsoleError;

/// What every server function gives.
pub type Answer<T> = Result<T, ConsoleError>;
