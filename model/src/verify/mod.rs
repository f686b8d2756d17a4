//! Verification of a key: the verify request and the verdict.
//!
//! The refusal of a key is a normal verdict. Errors are only returned for malformed requests, and if the server cannot
//! find out the state of the key.

mod evaluate;
mod object_only;
mod request;
mod verdict;

pub use evaluate::{KeyState, evaluate};
pub use request::{COST_MAX, PresentedSecret, Resource, ResourceDraft, VerifyDraft, VerifyRequest};
pub use verdict::{RateLimitStatus, Verdict, VerifiedKey, VerifyCode};
