//! The JSON form of a key.

use axum::response::Response;
use model::Timestamp;
use model::id::{InternalId, KeyId, OrganizationId, UserId};
use model::key::{CreatedKey, Key, KeyFields, KeyName, KeyOwner, KeyStatus, Permissions, ResourceScope};
use serde::Serialize;
use service::Idempotent;
use utoipa::ToSchema;

use crate::api::http::response;

/// A key without its secret. Every field is present in every response, and null if it has no value.
#[derive(Serialize, ToSchema)]
pub(super) struct APIKeyModel<'a> {
    /// The id of the key. It never changes, not even by a rotation.
    key_id: &'a KeyId,
    /// SHA-256 of the secret in hexadecimal. It is not accepted as a credential.
    #[schema(
        examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        min_length = 64,
        max_length = 64
    )]
    key_hash: &'a str,
    /// The first ten characters of the secret and three dots. The published client refuses more than 13 characters.
    #[schema(examples("sk_live_4m..."), min_length = 10, max_length = 13)]
    key_prefix: String,
    /// The internal id of the organization. It is not accepted as a credential.
    internal_id: &'a InternalId,
    organization_id: &'a OrganizationId,
    /// The id of the owner. Keys of service accounts are not available here.
    #[schema(value_type = UserId)]
    user_id: Option<&'a UserId>,
    /// The name of the key. It is unique among the owner's active keys.
    name: &'a KeyName,
    /// What the key is for. May be empty.
    #[schema(examples("ships the site"))]
    description: &'a str,
    /// What the key may do.
    permissions: Permissions,
    /// The resources that the key is limited to. If empty, the key is not limited to any.
    scopes: &'a [ResourceScope],
    /// Maximum number of requests in any 60 seconds. If null, the default of the server applies.
    #[schema(required, examples(600))]
    rate_limit_override: Option<u32>,
    /// The current status. No request changes `revoked` or `expired`.
    status: KeyStatus,
    /// When the key expires. Null if it never does.
    #[schema(required)]
    expires_at: Option<Timestamp>,
    /// When the key was last accepted. It is up to date within 5 seconds. Null if the key was never used.
    #[schema(required)]
    last_used_at: Option<Timestamp>,
    created_at: Timestamp,
    /// The id of the creator. Null for the operator.
    #[schema(required)]
    created_by: Option<&'a UserId>,
    /// When the key was revoked.
    #[schema(required, examples(json!(null)))]
    revoked_at: Option<Timestamp>,
    /// The id of the user who revoked the key. Null for a service account and for the operator.
    #[schema(required, examples(json!(null)))]
    revoked_by: Option<&'a UserId>,
}

/// A key that was created or rotated. Only these responses contain the secret.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct APIKeyCreateResponse<'a> {
    #[serde(flatten)]
    model: APIKeyModel<'a>,
    /// The secret. It is shown only in this response.
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
            shown_prefix: _in_key_prefix,
            fields:
                KeyFields {
                    name,
                    description,
                    permissions,
                    scopes,
                    rate_limit_override,
                    expires_at,
                    environment: _,
                    metadata: _,
                },
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
            key_prefix: format!("{}...", key.short_prefix()),
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
