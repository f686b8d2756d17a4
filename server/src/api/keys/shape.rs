//! A key on the wire.

use axum::response::Response;
use model::Timestamp;
use model::id::{InternalId, KeyId, OrganizationId, UserId};
use model::key::{CreatedKey, Key, KeyName, KeyOwner, KeyStatus, Permissions, ResourceScope};
use serde::Serialize;
use service::Answered;

use crate::api::answer;

/// A key without its secret. Every member is written on every answer, with null where there is no value.
#[derive(Serialize)]
pub(super) struct APIKeyModel<'a> {
    key_id: &'a KeyId,
    key_hash: &'a str,
    /// Three dots after the secret's first ten characters: the published client refuses more than 13.
    key_prefix: String,
    internal_id: &'a InternalId,
    organization_id: &'a OrganizationId,
    /// A service account's key is never shown here.
    user_id: Option<&'a UserId>,
    name: &'a KeyName,
    description: &'a str,
    permissions: Permissions,
    scopes: &'a [ResourceScope],
    rate_limit_override: Option<u32>,
    status: KeyStatus,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: Option<&'a UserId>,
    revoked_at: Option<Timestamp>,
    revoked_by: Option<&'a UserId>,
}

/// A key just made or rotated: the only answers that hold the secret.
#[derive(Serialize)]
pub(in crate::api) struct APIKeyCreateResponse<'a> {
    #[serde(flatten)]
    model: APIKeyModel<'a>,
    key: &'a str,
}

impl<'a> APIKeyModel<'a> {
    /// The key as it is at `now`: the status shown never lags behind the clock.
    pub(super) fn of(key: &'a Key, now: Timestamp) -> Self {
        let Key {
            key_id,
            organization_id,
            internal_id,
            owner,
            key_hash,
            shown_prefix: _in_masked,
            name,
            description,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            created_at,
            created_by,
            rotated_at: _,
            last_use,
            disabled: _,
            revoked,
            version: _,
        } = key;
        Self {
            key_id,
            key_hash,
            key_prefix: key.masked(),
            internal_id,
            organization_id,
            user_id: owner.user_id(),
            name,
            description,
            permissions: *permissions,
            scopes,
            rate_limit_override: *rate_limit_override,
            status: key.status(now),
            expires_at: *expires_at,
            last_used_at: last_use.as_ref().map(|used| used.at),
            created_at: *created_at,
            created_by: created_by.as_ref().and_then(KeyOwner::user_id),
            revoked_at: revoked.as_ref().map(|revocation| revocation.at),
            revoked_by: revoked
                .as_ref()
                .and_then(|revocation| revocation.by.as_ref())
                .and_then(KeyOwner::user_id),
        }
    }
}

impl<'a> APIKeyCreateResponse<'a> {
    pub(in crate::api) fn of(created: &'a CreatedKey, now: Timestamp) -> Self {
        let CreatedKey { key, secret } = created;
        Self { model: APIKeyModel::of(key, now), key: secret.reveal() }
    }
}

/// Answers with a key and its secret, perhaps once more: the same to the letter.
pub(super) fn answer_once(answered: &Answered<CreatedKey>) -> Response {
    let Answered { value, at, is_repeated } = answered;
    let mut response = answer::secret(APIKeyCreateResponse::of(value, *at));
    if *is_repeated {
        answer::mark_repeated(&mut response);
    }
    response
}
