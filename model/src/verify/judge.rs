//! The one place that reaches the verdict on a key.

use crate::key::{Operation, Permission, Permissions, ResourceScope};
use crate::time::Timestamp;

use super::{Question, VerifyCode};

/// What the verdict on a key depends on, but for its rate limit.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for something else, and any of them may hold")]
pub struct Standing<'a> {
    /// Whether it was revoked.
    pub is_revoked: bool,
    /// Whether it is out of service for a time.
    pub is_disabled: bool,
    /// Whether its owner's keys work.
    pub owner_is_active: bool,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Whether it has expired for good, whatever the clock says.
    pub has_ended: bool,
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
    if standing.has_ended || standing.expires_at.is_some_and(|end| end <= now) {
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
            has_ended: false,
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
        let ended = Standing { has_ended: true, ..key };
        assert_eq!(judge(&ended, &question, before), VerifyCode::Expired);
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
