//! How many sign-ins had each result.

use store::counts::ShardedCounts;

use crate::error::{Error, Result};

/// The result of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInResult {
    SignedIn,
    /// The e-mail address or the password is wrong, or the account is closed after too many failures.
    Refused,
    /// There were too many attempts, so the password was not compared.
    TooManyAttempts,
    /// The password is right, but the person belongs to no organization any more.
    NoMembership,
    /// The server failed.
    Failed,
}

impl SignInResult {
    pub const ALL: [Self; 5] =
        [Self::SignedIn, Self::Refused, Self::TooManyAttempts, Self::NoMembership, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::Refused => "refused",
            Self::TooManyAttempts => "too_many_attempts",
            Self::NoMembership => "no_membership",
            Self::Failed => "failed",
        }
    }

    fn of<T>(outcome: &Result<T>) -> Self {
        match outcome {
            Ok(_) => Self::SignedIn,
            Err(Error::Unauthorized(_)) => Self::Refused,
            Err(Error::TooManyAttempts { .. }) => Self::TooManyAttempts,
            Err(Error::Forbidden(_)) => Self::NoMembership,
            Err(_) => Self::Failed,
        }
    }
}

/// Sign-ins by result.
#[derive(Default)]
pub struct SignInCounts(ShardedCounts<{ SignInResult::ALL.len() }>);

impl SignInCounts {
    pub(crate) fn record<T>(&self, outcome: &Result<T>) {
        self.0.add(SignInResult::of(outcome) as usize, 1);
    }

    pub fn total(&self, result: SignInResult) -> u64 {
        self.0.total(result as usize)
    }
}
