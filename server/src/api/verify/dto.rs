//! The JSON form of a verdict.

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{KeyOwner, Permissions, ResourceScope};
use model::verify::{RateLimitStatus, Verdict, VerifiedKey, VerifyCode};
use serde::Serialize;
use utoipa::ToSchema;

/// What came of verifying a key.
#[derive(Serialize, ToSchema)]
pub(crate) struct VerifyResponse<'a> {
    /// Whether the key may do what was asked.
    valid: bool,
    /// Why, in a word.
    code: VerifyCode,
    /// Null for what is no key of the organization, like all below.
    #[schema(required, value_type = Option<KeyId>)]
    key_id: Option<&'a str>,
    /// The key's name.
    #[schema(required, examples("ci"))]
    name: Option<&'a str>,
    #[schema(required)]
    owner: Option<VerifiedOwner<'a>>,
    #[schema(required)]
    organization_id: Option<&'a OrganizationId>,
    /// What the key may do, within what its owner may.
    #[schema(required)]
    permissions: Option<Permissions>,
    /// What the key is held to; empty for nothing.
    #[schema(required)]
    scopes: Option<&'a [ResourceScope]>,
    /// From when on it is refused; null for never.
    #[schema(required)]
    expires_at: Option<Timestamp>,
    /// Null when it did not come to counting.
    #[schema(required)]
    rate_limit: Option<VerifiedRate>,
    /// The name of this request, as in the header `X-Request-Id`.
    #[schema(examples("req_4fZk2Vw8uQp3nTy7Rb5c"))]
    request_id: &'a str,
}

/// Whose a key is.
#[derive(Serialize, ToSchema)]
struct VerifiedOwner<'a> {
    /// `user` or `service_account`.
    #[schema(examples("user"))]
    r#type: &'static str,
    #[schema(examples("usr_4fZk2Vw8uQp3nTy7Rb5c"))]
    id: &'a str,
    /// The e-mail or, of a service account, the name.
    #[schema(examples("ada@acme.example"))]
    name: &'a str,
}

/// Where a rate limit stands.
#[derive(Serialize, ToSchema)]
struct VerifiedRate {
    /// Requests in any 60 seconds.
    #[schema(examples(6000))]
    limit: u32,
    /// Those that would still pass now.
    #[schema(examples(5999))]
    remaining: u32,
    /// When all are there again, in seconds since 1970.
    #[schema(examples(1_795_305_660))]
    reset: i64,
}

impl<'a> VerifyResponse<'a> {
    pub(crate) fn of(verdict: &'a Verdict<'_>, request_id: &'a str) -> Self {
        let Verdict { code, key, rate } = verdict;
        let key = key.as_ref();
        Self {
            valid: verdict.is_valid(),
            code: *code,
            key_id: key.map(|key| &*key.key_id),
            name: key.map(|key| &*key.name),
            owner: key.map(VerifiedOwner::of),
            organization_id: key.map(|key| &*key.organization_id),
            permissions: key.map(|key| key.permissions),
            scopes: key.map(|key| &*key.scopes),
            expires_at: key.and_then(|key| key.expires_at),
            rate_limit: rate.map(|rate| {
                let RateLimitStatus { limit, remaining, reset_at, retry_after_seconds: _ } = rate;
                VerifiedRate { limit, remaining, reset: reset_at.seconds() }
            }),
            request_id,
        }
    }
}

impl<'a> VerifiedOwner<'a> {
    fn of(key: &'a VerifiedKey<'_>) -> Self {
        let r#type = match *key.owner {
            KeyOwner::User(_) => "user",
            KeyOwner::ServiceAccount(_) => "service_account",
        };
        Self { r#type, id: key.owner.as_str(), name: &key.owner_name }
    }
}
