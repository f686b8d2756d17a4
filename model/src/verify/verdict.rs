//! The verdict on a key, as it is told.

use std::borrow::Cow;

use crate::id::OrganizationId;
use crate::key::{KeyOwner, Permissions, ResourceScope};
use crate::time::Timestamp;
use crate::usage::Outcome;
use crate::words::words;

words! {
    /// What came of verifying a key.
    VerifyCode {
        /// It may do what was asked.
        Valid = "VALID",
        /// It is no key of this organization.
        NotFound = "NOT_FOUND",
        /// It was revoked.
        Revoked = "REVOKED",
        /// Its time has passed.
        Expired = "EXPIRED",
        /// It is out of service for a time.
        Disabled = "DISABLED",
        /// Its owner is suspended, disabled or removed.
        OwnerInactive = "OWNER_INACTIVE",
        /// It lacks a permission that was asked for.
        InsufficientPermissions = "INSUFFICIENT_PERMISSIONS",
        /// Its scopes do not reach the resource.
        OutOfScope = "OUT_OF_SCOPE",
        /// It has used up its requests.
        RateLimited = "RATE_LIMITED",
    }
}

impl VerifyCode {
    /// What is counted for the key; nothing where there is no key.
    pub fn outcome(self) -> Option<Outcome> {
        Some(match self {
            Self::NotFound => return None,
            Self::Valid => Outcome::Valid,
            Self::Revoked => Outcome::Revoked,
            Self::Expired => Outcome::Expired,
            Self::Disabled => Outcome::Disabled,
            Self::OwnerInactive => Outcome::OwnerInactive,
            Self::InsufficientPermissions => Outcome::InsufficientPermissions,
            Self::OutOfScope => Outcome::OutOfScope,
            Self::RateLimited => Outcome::RateLimited,
        })
    }
}

/// The answer to a question, with what is lent by whoever knows the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// What came of it.
    pub code: VerifyCode,
    /// The key, where there is one.
    pub key: Option<VerifiedKey<'a>>,
    /// Where its rate limit stands, when the question came so far.
    pub rate: Option<RateStanding>,
}

impl Verdict<'_> {
    /// There is no such key.
    pub const NOT_FOUND: Self = Self { code: VerifyCode::NotFound, key: None, rate: None };

    /// Whether the key may do what was asked.
    pub fn is_valid(&self) -> bool {
        self.code == VerifyCode::Valid
    }

    /// The same with everything its own.
    pub fn into_owned(self) -> Verdict<'static> {
        Verdict { code: self.code, key: self.key.map(VerifiedKey::into_owned), rate: self.rate }
    }
}

/// What is told of a key that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedKey<'a> {
    /// Its id.
    pub key_id: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its owner.
    pub owner: Cow<'a, KeyOwner>,
    /// The owner's e-mail or, of a service account, name.
    pub owner_name: Cow<'a, str>,
    /// The organization.
    pub organization_id: Cow<'a, OrganizationId>,
    /// What it may do, within what its owner may.
    pub permissions: Permissions,
    /// Where it may do it; empty means everywhere.
    pub scopes: Cow<'a, [ResourceScope]>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

impl VerifiedKey<'_> {
    fn into_owned(self) -> VerifiedKey<'static> {
        VerifiedKey {
            key_id: Cow::Owned(self.key_id.into_owned()),
            name: Cow::Owned(self.name.into_owned()),
            owner: Cow::Owned(self.owner.into_owned()),
            owner_name: Cow::Owned(self.owner_name.into_owned()),
            organization_id: Cow::Owned(self.organization_id.into_owned()),
            permissions: self.permissions,
            scopes: Cow::Owned(self.scopes.into_owned()),
            expires_at: self.expires_at,
        }
    }
}

/// Where a rate limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateStanding {
    /// Requests in any 60 seconds.
    pub limit: u32,
    /// Requests that would still pass now.
    pub remaining: u32,
    /// When all of them are there again.
    pub reset_at: Timestamp,
    /// Whole seconds until a refused question would pass; 0 if it passed.
    pub retry_after_seconds: u64,
}
