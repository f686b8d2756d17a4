//! Verifying a key: what is asked about it, and the verdict.
//!
//! A refused key is a verdict like any other. Errors are for questions that cannot be read, and for when the server
//! cannot know.

mod judge;
mod object_only;
mod question;
mod verdict;

pub use judge::{Standing, judge};
pub use question::{COST_MAX, Question, Resource, ResourceDraft, Shown, VerifyDraft};
pub use verdict::{RateStanding, Verdict, VerifiedKey, VerifyCode};
