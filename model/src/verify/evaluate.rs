//! Evaluates a key: the only place where a verify code is decided, except for the rate limit.

use crate::key::{KeyStatus, Operation, Permission, Permissions, ResourceScope};
use crate::time::Timestamp;

use super::{VerifyCode, VerifyRequest};

/// The state of a key that a verdict depends on, except for its rate limit.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are independent of each other")]
pub struct KeyState<'a> {
    /// Whether the key belongs to another organization than the one that asks. It then counts as unknown.
    pub is_foreign: bool,
    /// When the secret ends, if it is an earlier secret in its grace period. After that it counts as unknown.
    pub secret_ends_at: Option<Timestamp>,
    pub is_revoked: bool,
    pub is_disabled: bool,
    /// Whether the owner's keys work.
    pub owner_is_active: bool,
    pub expires_at: Option<Timestamp>,
    /// Whether the key has expired for good, whatever the clock says.
    pub has_ended: bool,
    pub permissions: Permissions,
    /// The ceiling of the owner.
    pub ceiling: Permission,
    /// Empty means no restriction.
    pub scopes: &'a [ResourceScope],
}

/// Evaluates a key at a moment. If there are several reasons to refuse it, the first one in the order below is
/// returned. The caller checks the rate limit afterwards, so that only requests that would otherwise be valid are
/// counted.
pub fn evaluate(state: &KeyState<'_>, verify_request: &VerifyRequest<'_>, now: Timestamp) -> VerifyCode {
    if state.is_foreign || state.secret_ends_at.is_some_and(|end| end <= now) {
        return VerifyCode::NotFound;
    }
    match KeyStatus::at(now, state.is_revoked, state.has_ended, state.expires_at) {
        KeyStatus::Revoked => return VerifyCode::Revoked,
        KeyStatus::Expired => return VerifyCode::Expired,
        KeyStatus::Active => {}
    }
    if state.is_disabled {
        return VerifyCode::Disabled;
    }
    if !state.owner_is_active {
        return VerifyCode::OwnerInactive;
    }
    let operation = verify_request.resource.as_ref().and_then(|resource| resource.operation);
    let wanted = verify_request.permissions.strongest().max(operation.map(Operation::least_permission));
    let held = state.permissions.bounded(state.ceiling);
    if wanted.is_some() && held.strongest() < wanted {
        return VerifyCode::InsufficientPermissions;
    }
    let Some(resource) = &verify_request.resource else { return VerifyCode::Valid };
    let reaches = |scope: &ResourceScope| {
        scope.covers(resource.resource_type, &resource.resource_id)
            && match (&scope.operations, resource.operation) {
                (Some(allowed), Some(operation)) => allowed.contains(&operation),
                (None, _) | (_, None) => true,
            }
    };
    if state.scopes.is_empty() || state.scopes.iter().any(reaches) {
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

    fn state<'a>() -> KeyState<'a> {
        KeyState {
            is_foreign: false,
            secret_ends_at: None,
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
    ) -> VerifyRequest<'static> {
        let resource = resource.map(|(id, operation)| Resource {
            resource_type: ResourceType::Bucket,
            resource_id: id.to_owned(),
            operation,
        });
        VerifyRequest {
            permissions: permission.into_iter().collect::<Vec<_>>().into(),
            resource,
            cost: 1,
            ..VerifyRequest::default()
        }
    }

    #[test]
    fn the_end_of_a_key_is_reported_before_other_reasons() {
        let verify_request = asking(Some(Permission::Admin), None);
        let base = KeyState {
            is_foreign: true,
            secret_ends_at: Some(now()),
            is_revoked: true,
            is_disabled: true,
            owner_is_active: false,
            expires_at: Some(now()),
            ..state()
        };
        let steps: [(&dyn Fn(KeyState<'static>) -> KeyState<'static>, VerifyCode); 7] = [
            (&|s| s, VerifyCode::NotFound),
            (&|s| KeyState { is_foreign: false, ..s }, VerifyCode::NotFound),
            (&|s| KeyState { secret_ends_at: None, ..s }, VerifyCode::Revoked),
            (&|s| KeyState { is_revoked: false, ..s }, VerifyCode::Expired),
            (&|s| KeyState { expires_at: None, ..s }, VerifyCode::Disabled),
            (&|s| KeyState { is_disabled: false, ..s }, VerifyCode::OwnerInactive),
            (&|s| KeyState { owner_is_active: true, ..s }, VerifyCode::InsufficientPermissions),
        ];
        let mut key = base;
        for (change, code) in steps {
            key = change(key);
            assert_eq!(evaluate(&key, &verify_request, now()), code);
        }
    }

    #[test]
    fn a_key_is_expired_at_the_exact_time() {
        let key = KeyState { expires_at: Some(now()), ..state() };
        let verify_request = asking(None, None);
        assert_eq!(evaluate(&key, &verify_request, now()), VerifyCode::Expired);
        let before = Timestamp::from_micros(now().micros() - 1);
        assert_eq!(evaluate(&key, &verify_request, before), VerifyCode::Valid);
        let ended = KeyState { has_ended: true, ..key };
        assert_eq!(evaluate(&ended, &verify_request, before), VerifyCode::Expired);
    }

    #[test]
    fn an_earlier_secret_is_unknown_from_the_exact_time() {
        let key = KeyState { secret_ends_at: Some(now()), ..state() };
        let before = Timestamp::from_micros(now().micros() - 1);
        for (at, code) in [(before, VerifyCode::Valid), (now(), VerifyCode::NotFound)] {
            assert_eq!(evaluate(&key, &asking(None, None), at), code);
        }
    }

    #[test]
    fn a_key_can_do_no_more_than_its_owner() {
        let key = KeyState { ceiling: Permission::Read, ..state() };
        for (asked, code) in [
            (None, VerifyCode::Valid),
            (Some(Permission::Read), VerifyCode::Valid),
            (Some(Permission::Write), VerifyCode::InsufficientPermissions),
        ] {
            assert_eq!(evaluate(&key, &asking(asked, None), now()), code);
        }
        assert_eq!(
            evaluate(&state(), &asking(Some(Permission::Delete), None), now()),
            VerifyCode::InsufficientPermissions
        );
    }

    #[test]
    fn a_key_without_permissions_is_valid_only_if_none_is_required() {
        let key = KeyState { permissions: Permissions::default(), ..state() };
        assert_eq!(evaluate(&key, &asking(None, None), now()), VerifyCode::Valid);
        let asked = asking(Some(Permission::Read), None);
        assert_eq!(evaluate(&key, &asked, now()), VerifyCode::InsufficientPermissions);
    }

    #[test]
    fn scopes_limit_a_key_to_resources_and_operations() {
        let scope = |id: &str, operations| ResourceScope {
            resource_type: ResourceType::Bucket,
            resource_id: id.to_owned(),
            operations,
        };
        let scopes = [scope("prod-*", Some(vec![Operation::ReadData])), scope("dev", None)];
        let key = KeyState { scopes: &scopes, ..state() };
        for (resource, code) in [
            (None, VerifyCode::Valid),
            (Some(("prod-eu", None)), VerifyCode::Valid),
            (Some(("prod-eu", Some(Operation::ReadData))), VerifyCode::Valid),
            (Some(("prod-eu", Some(Operation::WriteData))), VerifyCode::OutOfScope),
            (Some(("dev", Some(Operation::WriteData))), VerifyCode::Valid),
            (Some(("dev", Some(Operation::DeleteData))), VerifyCode::InsufficientPermissions),
            (Some(("test", None)), VerifyCode::OutOfScope),
        ] {
            assert_eq!(evaluate(&key, &asking(None, resource), now()), code, "{resource:?}");
        }
    }
}
