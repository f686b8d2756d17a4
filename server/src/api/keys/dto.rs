//! The JSON form of a key.

use axum::response::Response;
use model::Timestamp;
use model::id::{InternalId, KeyId, OrganizationId, UserId};
use model::key::{CreatedKey, Key, KeyName, KeyOwner, KeyStatus, Permissions, ResourceScope};
use serde::Serialize;
use service::Idempotent;
use utoipa::ToSchema;

use crate::api::http::response;

/// A key without its secret. Every member is written on every answer, with null where there is no value.
#[derive(Serialize, ToSchema)]
pub(super) struct APIKeyModel<'a> {
    /// Never changes, not even by a rotation.
    key_id: &'a KeyId,
    /// SHA-256 of the secret, in hexadecimal. It opens nothing.
    #[schema(
        examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        min_length = 64,
        max_length = 64
    )]
    key_hash: &'a str,
    /// Three dots after the secret's first ten characters: the published client refuses more than 13.
    #[schema(examples("sk_live_4m..."), min_length = 10, max_length = 13)]
    key_prefix: String,
    /// The organization's second id. It opens nothing either.
    internal_id: &'a InternalId,
    organization_id: &'a OrganizationId,
    /// The owner. A service account's key is never shown here.
    #[schema(value_type = UserId)]
    user_id: Option<&'a UserId>,
    /// Unique among the active keys of the owner.
    name: &'a KeyName,
    /// What the key is for; empty when nothing was said.
    #[schema(examples("ships the site"))]
    description: &'a str,
    /// What the key may do.
    permissions: Permissions,
    /// Where it may do it; no restriction when empty.
    scopes: &'a [ResourceScope],
    /// Requests in any 60 seconds; null for the server's own limit.
    #[schema(required, examples(600))]
    rate_limit_override: Option<u32>,
    /// The status of this moment. Nothing that anybody does changes the last two.
    status: KeyStatus,
    /// From when on the key is refused; null for never.
    #[schema(required)]
    expires_at: Option<Timestamp>,
    /// When it was last accepted; follows a use within 5 seconds. Null before the first.
    #[schema(required)]
    last_used_at: Option<Timestamp>,
    created_at: Timestamp,
    /// Who made it; null for the operator.
    #[schema(required)]
    created_by: Option<&'a UserId>,
    /// When it was revoked.
    #[schema(required, examples(json!(null)))]
    revoked_at: Option<Timestamp>,
    /// Who revoked it.
    #[schema(required, examples(json!(null)))]
    revoked_by: Option<&'a UserId>,
}

/// A key just made or rotated: the only answers that hold the secret.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct APIKeyCreateResponse<'a> {
    #[serde(flatten)]
    model: APIKeyModel<'a>,
    /// The secret. It is shown this once.
    #[schema(examples("sk_live_EXAMPLEexampleEXAMPLEexampleEXAMP000000"))]
    key: &'a str,
}

impl<'a> APIKeyModel<'a> {
    /// The key as it is at `now`, so that its status never lags behind the clock.
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
            ended_at: _,
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

/// Responds with a key and its secret. A repeated request gets exactly the same body.
pub(super) fn respond_idempotent(answered: &Idempotent<CreatedKey>) -> Response {
    let Idempotent { value, at, is_repeated } = answered;
    let mut response = response::tagged(response::secret(APIKeyCreateResponse::of(value, *at)), &value.key);
    if *is_repeated {
        response::mark_repeated(&mut response);
    }
    response
}
