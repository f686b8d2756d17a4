//! Server functions: the requests that the console's pages send to the server. Each is a public endpoint below
//! `/console/api` that accepts only POST. It identifies its caller first, if it needs one, then checks its draft, and
//! calls one method of the service.

#![expect(
    missing_docs,
    reason = "the framework makes a public field of each argument, where no comment can stand"
)]

pub mod account;
#[cfg(feature = "ssr")]
pub(crate) mod caller;
pub mod gateways;
pub mod invitation;
pub mod keys;
pub mod nodes;
pub mod organization;
pub mod reset;
#[cfg(feature = "ssr")]
pub(crate) mod response;
pub mod service_accounts;
pub mod session;
pub mod setup;
pub mod users;

use crate::error::ConsoleError;

/// What every server function returns.
pub type FnResult<T> = Result<T, ConsoleError>;
