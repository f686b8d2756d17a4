//! The verdict on a key, and the one place that reaches it.

use std::borrow::Cow;

use crate::id::OrganizationId;
use crate::key::{KeyOwner, Operation, Permission, Permissions, ResourceScope};
use crate::time::Timestamp;
use crate::usage::Outcome;
use crate::words::words;

use super::Question;

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

/// What the verdict on a key depends on, but for its rate limit.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Whether it was revoked.
    pub is_revoked: bool,
    /// Whether it is out of service for a time.
    pub is_disabled: bool,
    /// Whether its owner's keys work.
    pub owner_is_active: bool,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// What it may do.
    pub permissions: Permissions,
    /// The strongest permission of any key of its owner.
    pub ceiling: Permission,
    /// Where it may do it; empty means everywhere.
    pub scopes: &'a [ResourceScope],
}

/// Reaches the verdict at a moment. The first thing that stands against the key is the one that is said; a rate limit
/// comes after all of them, so that only what would otherwise pass is counted.
pub fn judge(standing: &Standing<'_>, question: &Question<'_>, now: Timestamp) -> VerifyCode {
    if standing.is_revoked {
        return VerifyCode::Revoked;
    }
    if standing.expires_at.is_some_and(|end| end <= now) {
        return VerifyCode::Expired;
    }
    if standing.is_disabled {
        return VerifyCode::Disabled;
    }
    if !standing.owner_is_active {
        return VerifyCode::OwnerInactive;
    }
    let operation = question.resource.as_ref().and_then(|resource| resource.operation);
    let wanted = question.permissions.strongest().max(operation.map(Operation::least_permission));
    let held = standing.permissions.bounded(standing.ceiling);
    if wanted.is_some() && held.strongest() < wanted {
        return VerifyCode::InsufficientPermissions;
    }
    let Some(resource) = &question.resource else { return VerifyCode::Valid };
    let reaches = |scope: &ResourceScope| {
        scope.covers(resource.resource_type, &resource.resource_id)
            && match (&scope.operations, resource.operation) {
                (Some(allowed), Some(operation)) => allowed.contains(&operation),
                (None, _) | (_, None) => true,
            }
    };
    if standing.scopes.is_empty() || standing.scopes.iter().any(reaches) {
        VerifyCode::Valid
    } else {
        VerifyCode::OutOfScope
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::ResourceType;
    use crate::verify::Resource;

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_305_600)
    }

    fn standing<'a>() -> Standing<'a> {
        Standing {
            is_revoked: false,
            is_disabled: false,
            owner_is_active: true,
            expires_at: None,
            permissions: Permissions::from(vec![Permission::Write]),
            ceiling: Permission::Admin,
            scopes: &[],
        }
    }

    fn asking(
        permission: Option<Permission>,
        resource: Option<(&str, Option<Operation>)>,
    ) -> Question<'static> {
        let resource = resource.map(|(id, operation)| Resource {
            resource_type: ResourceType::Bucket,
            resource_id: id.to_owned(),
            operation,
        });
        Question {
            permissions: permission.into_iter().collect::<Vec<_>>().into(),
            resource,
            cost: 1,
            ..Question::default()
        }
    }

    #[test]
    fn what_ended_a_key_is_said_first() {
        let question = asking(Some(Permission::Admin), None);
        let base = Standing {
            is_revoked: true,
            is_disabled: true,
            owner_is_active: false,
            expires_at: Some(now()),
            ..standing()
        };
        let steps: [(&dyn Fn(Standing<'static>) -> Standing<'static>, VerifyCode); 5] = [
            (&|s| s, VerifyCode::Revoked),
            (&|s| Standing { is_revoked: false, ..s }, VerifyCode::Expired),
            (&|s| Standing { expires_at: None, ..s }, VerifyCode::Disabled),
            (&|s| Standing { is_disabled: false, ..s }, VerifyCode::OwnerInactive),
            (&|s| Standing { owner_is_active: true, ..s }, VerifyCode::InsufficientPermissions),
        ];
        let mut key = base;
        for (change, code) in steps {
            key = change(key);
            assert_eq!(judge(&key, &question, now()), code);
        }
    }

    #[test]
    fn the_end_belongs_to_the_time_after() {
        let key = Standing { expires_at: Some(now()), ..standing() };
        let question = asking(None, None);
        assert_eq!(judge(&key, &question, now()), VerifyCode::Expired);
        let before = Timestamp::from_micros(now().micros() - 1);
        assert_eq!(judge(&key, &question, before), VerifyCode::Valid);
    }

    #[test]
    fn a_key_may_no_more_than_its_owner() {
        let key = Standing { ceiling: Permission::Read, ..standing() };
        for (asked, code) in [
            (None, VerifyCode::Valid),
            (Some(Permission::Read), VerifyCode::Valid),
            (Some(Permission::Write), VerifyCode::InsufficientPermissions),
        ] {
            assert_eq!(judge(&key, &asking(asked, None), now()), code);
        }
        assert_eq!(
            judge(&standing(), &asking(Some(Permission::Delete), None), now()),
            VerifyCode::InsufficientPermissions
        );
    }

    #[test]
    fn a_key_without_permissions_passes_only_when_none_is_asked_for() {
        let key = Standing { permissions: Permissions::default(), ..standing() };
        assert_eq!(judge(&key, &asking(None, None), now()), VerifyCode::Valid);
        let asked = asking(Some(Permission::Read), None);
        assert_eq!(judge(&key, &asked, now()), VerifyCode::InsufficientPermissions);
    }

    #[test]
    fn scopes_hold_a_key_to_resources_and_operations() {
        let scope = |id: &str, operations| ResourceScope {
            resource_type: ResourceType::Bucket,
            resource_id: id.to_owned(),
            operations,
        };
        let scopes = [scope("prod-*", Some(vec![Operation::ReadData])), scope("dev", None)];
        let key = Standing { scopes: &scopes, ..standing() };
        for (resource, code) in [
            (None, VerifyCode::Valid),
            (Some(("prod-eu", None)), VerifyCode::Valid),
            (Some(("prod-eu", Some(Operation::ReadData))), VerifyCode::Valid),
            (Some(("prod-eu", Some(Operation::WriteData))), VerifyCode::OutOfScope),
            (Some(("dev", Some(Operation::WriteData))), VerifyCode::Valid),
            (Some(("dev", Some(Operation::DeleteData))), VerifyCode::InsufficientPermissions),
            (Some(("test", None)), VerifyCode::OutOfScope),
        ] {
            assert_eq!(judge(&key, &asking(None, resource), now()), code, "{resource:?}");
        }
    }
}
