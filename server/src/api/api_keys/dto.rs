//! The JSON form of a key. Members without a value are left out.

use axum::response::Response;
use model::Timestamp;
use model::id::{KeyId, OrganizationId, ServiceAccountId, UserId};
use model::key::{Access, CreatedKey, Environment, Key, KeyFields, KeyName, KeyOwner, LastUse};
use model::metadata::Metadata;
use serde::Serialize;
use service::Idempotent;
use utoipa::ToSchema;

use crate::api::http::call::Call;
use crate::api::http::{envelope, response};

/// A key without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApiKey<'a> {
    /// The id of the key. It never changes, and equals `key_id` in other endpoints.
    id: &'a KeyId,
    /// The first ten characters of the secret.
    #[schema(examples("sk_live_4m"))]
    key_prefix: &'a str,
    /// The name of the key. It is unique among the owner's active keys.
    name: &'a KeyName,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(examples("ships the site"))]
    description: &'a str,
    /// What the key may do.
    scope: Access,
    /// Where the key belongs. It never changes.
    environment: Environment,
    /// The data that your programs have stored.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    #[schema(value_type = Option<Metadata>)]
    metadata: &'a Metadata,
    organization_id: &'a OrganizationId,
    /// The id of the owner, if it is a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a UserId>,
    /// The id of the owner, if it is a service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<&'a ServiceAccountId>,
    created_at: Timestamp,
    /// The id of the creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'a KeyOwner>,
    /// When the key expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    /// When the key was last accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// The client address of the last use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("203.0.113.9"))]
    last_used_ip: Option<&'a str>,
    /// The user agent of the last use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("curl/8.5.0"))]
    last_used_user_agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<Timestamp>,
    /// When the key was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
}

/// A key that was created or rotated. Only these responses contain the secret.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedApiKey<'a> {
    #[serde(flatten)]
    model: ApiKey<'a>,
    /// The secret. It is shown only in this response.
    #[schema(examples("sk_live_EXAMPLEexampleEXAMPLEexampleEXAMP000000"))]
    key: &'a str,
}

/// Responds with a key and its secret. A repeated response is marked as such.
pub(super) fn respond_idempotent(call: &Call, answered: &Idempotent<CreatedKey>) -> Response {
    let Idempotent { value, at: _, is_repeated } = answered;
    let mut response = response::tagged(envelope::secret(call, CreatedApiKey::from(value)), &value.key);
    if *is_repeated {
        response::mark_repeated(&mut response);
    }
    response
}

impl<'a> From<&'a Key> for ApiKey<'a> {
    fn from(key: &'a Key) -> Self {
        let Key {
            key_id,
            organization_id,
            internal_id: _,
            owner,
            key_hash: _,
            shown_prefix: _in_key_prefix,
            fields:
                KeyFields {
                    name,
                    description,
                    permissions,
                    scopes: _,
                    rate_limit_override: _,
                    expires_at,
                    environment,
                    metadata,
                },
            created_at,
            created_by,
            rotated_at: _,
            last_use,
            disabled,
            revoked,
            ended_at: _,
            version: _in_the_etag,
        } = key;
        let used = last_use.as_ref();
        Self {
            id: key_id,
            key_prefix: key.short_prefix(),
            name,
            description,
            scope: Access::of(*permissions),
            environment: *environment,
            metadata,
            organization_id,
            user_id: owner.user_id(),
            service_account_id: owner.service_account_id(),
            created_at: *created_at,
            created_by: created_by.as_ref(),
            expires_at: *expires_at,
            last_used_at: used.map(|used: &LastUse| used.at),
            last_used_ip: used.and_then(|used| used.address.as_deref()),
            last_used_user_agent: used.and_then(|used| used.agent.as_deref()),
            disabled_at: disabled.as_ref().map(|disabling| disabling.at),
            revoked_at: revoked.as_ref().map(|revocation| revocation.at),
        }
    }
}

impl<'a> From<&'a CreatedKey> for CreatedApiKey<'a> {
    fn from(created: &'a CreatedKey) -> Self {
        let CreatedKey { key, secret } = created;
        Self { model: key.into(), key: secret.reveal() }
    }
}
