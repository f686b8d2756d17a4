//! Decides whether a key may be used. Verifications, gateways, introspection and the authentication of callers all ask
//! here.
//!
//! Each of them describes the key as a [`KeyState`]: from the key cache, or with [`key_state`] from the database.
//! `model::verify::evaluate` then decides everything but the rate limit.

use model::Timestamp;
use model::key::{Permission, SERVICE_ACCOUNT_CEILING};
use model::user::UserStatus;
use model::verify::{KeyState, VerifyCode, VerifyRequest, evaluate};
use store::keys::{Credential, CredentialOwner};

use crate::rate::RateState;

/// A decision about a key.
pub(crate) struct Decision {
    pub(crate) code: VerifyCode,
    /// The state of the rate limit. `None` if the key was refused before it was checked.
    pub(crate) rate: Option<RateState>,
}

/// Decides about a request. `take` counts it against the rate limit of the key. It is called only if the request would
/// pass otherwise.
pub(crate) fn decide(
    state: &KeyState<'_>,
    verify_request: &VerifyRequest<'_>,
    now: Timestamp,
    take: impl FnOnce() -> Result<RateState, RateState>,
) -> Decision {
    match evaluate(state, verify_request, now) {
        VerifyCode::Valid => match take() {
            Ok(rate) => Decision { code: VerifyCode::Valid, rate: Some(rate) },
            Err(rate) => Decision { code: VerifyCode::RateLimited, rate: Some(rate) },
        },
        code => Decision { code, rate: None },
    }
}

/// Whether a key is valid, for a caller that does not count the request.
pub(crate) fn is_valid(state: &KeyState<'_>, now: Timestamp) -> bool {
    evaluate(state, &VerifyRequest::default(), now) == VerifyCode::Valid
}

/// The state of a key as read from the database, for the organization that the key belongs to.
pub(crate) fn key_state(found: &Credential) -> KeyState<'_> {
    let Credential { key, owner, earlier_until } = found;
    KeyState {
        is_foreign: false,
        secret_ends_at: *earlier_until,
        is_revoked: key.revoked.is_some(),
        is_disabled: key.disabled.is_some(),
        owner_is_active: is_active(owner),
        expires_at: key.fields.expires_at,
        has_ended: key.ended_at.is_some(),
        permissions: key.fields.permissions,
        ceiling: ceiling(owner),
        scopes: &key.fields.scopes,
    }
}

/// Whether the keys of an owner work.
pub(crate) fn is_active(owner: &CredentialOwner) -> bool {
    match owner {
        CredentialOwner::User { status, is_removed, .. } => *status == UserStatus::Active && !is_removed,
        CredentialOwner::ServiceAccount { is_disabled, .. } => !is_disabled,
    }
}

/// The strongest permission that a key of an owner can have.
pub(crate) fn ceiling(owner: &CredentialOwner) -> Permission {
    match owner {
        CredentialOwner::User { role, .. } => role.ceiling(),
        CredentialOwner::ServiceAccount { .. } => SERVICE_ACCOUNT_CEILING,
    }
}
