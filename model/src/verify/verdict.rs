//! Verdicts: the result of a verification.

use std::borrow::Cow;

use crate::id::OrganizationId;
use crate::key::{Environment, KeyOwner, Permissions, ResourceScope};
use crate::string_enum::string_enum;
use crate::time::Timestamp;
use crate::usage::Outcome;

string_enum! {
    /// The reason for a verdict.
    VerifyCode {
        /// The key may do what the request asks.
        Valid = "VALID",
        /// The secret is not a key of this organization.
        NotFound = "NOT_FOUND",
        /// The key was revoked.
        Revoked = "REVOKED",
        /// The key has expired.
        Expired = "EXPIRED",
        /// The key is disabled.
        Disabled = "DISABLED",
        /// The key's owner is suspended, disabled or removed.
        OwnerInactive = "OWNER_INACTIVE",
        /// The key lacks a required permission.
        InsufficientPermissions = "INSUFFICIENT_PERMISSIONS",
        /// The key's scopes do not cover the resource.
        OutOfScope = "OUT_OF_SCOPE",
        /// The key has reached its rate limit.
        RateLimited = "RATE_LIMITED",
    }
}

impl VerifyCode {
    /// The outcome that is counted for the key. `None` if there is no key.
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

/// The answer to a verify request. It borrows from the cached key where possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<'a> {
    pub code: VerifyCode,
    /// The key, if it belongs to the organization.
    pub key: Option<VerifiedKey<'a>>,
    /// The state of the rate limit. `None` if the key was refused before the rate limit was checked.
    pub rate: Option<RateLimitStatus>,
}

impl Verdict<'_> {
    /// The verdict on an unknown key.
    pub const NOT_FOUND: Self = Self { code: VerifyCode::NotFound, key: None, rate: None };

    pub fn is_valid(&self) -> bool {
        self.code == VerifyCode::Valid
    }

    /// Copies all borrowed data.
    pub fn into_owned(self) -> Verdict<'static> {
        Verdict { code: self.code, key: self.key.map(VerifiedKey::into_owned), rate: self.rate }
    }
}

/// The details of a verified key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedKey<'a> {
    pub key_id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub owner: Cow<'a, KeyOwner>,
    /// The owner's e-mail address or, for a service account, its name.
    pub owner_name: Cow<'a, str>,
    pub organization_id: Cow<'a, OrganizationId>,
    /// The key's permissions, limited to the ceiling of its owner.
    pub permissions: Permissions,
    /// Empty means no restriction.
    pub scopes: Cow<'a, [ResourceScope]>,
    pub expires_at: Option<Timestamp>,
    pub environment: Environment,
    /// As JSON without white space. `None` if it is empty.
    pub metadata: Option<Cow<'a, str>>,
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
            environment: self.environment,
            metadata: self.metadata.map(|metadata| Cow::Owned(metadata.into_owned())),
        }
    }
}

/// The state of a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// Requests allowed in any 60 seconds.
    pub limit: u32,
    /// Requests that would still be allowed now.
    pub remaining: u32,
    /// When the full limit is available again.
    pub reset_at: Timestamp,
    /// Whole seconds until another request of this cost would be allowed, or 0 if it would be allowed now. `None` if it
    /// never would, because its cost exceeds the limit.
    pub retry_after_seconds: Option<u64>,
}
