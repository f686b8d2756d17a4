//! The JSON form of a verdict.

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Environment, KeyOwner, Permissions, ResourceScope};
use model::metadata::Metadata;
use model::verify::{RateLimitStatus, Verdict, VerifiedKey, VerifyCode};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// The verdict.
#[derive(Serialize, ToSchema)]
pub(crate) struct VerifyResponse<'a> {
    /// Whether the key is valid and may do what the request names.
    valid: bool,
    /// The reason.
    code: VerifyCode,
    /// The id of the key. All fields from here to `rate_limit` are null if the secret is no key of the organization.
    #[schema(required, value_type = Option<KeyId>)]
    key_id: Option<&'a str>,
    /// The name of the key.
    #[schema(required, examples("ci"))]
    name: Option<&'a str>,
    #[schema(required)]
    owner: Option<VerifiedOwner<'a>>,
    #[schema(required)]
    organization_id: Option<&'a OrganizationId>,
    /// The permissions of the key, limited by those of its owner.
    #[schema(required)]
    permissions: Option<Permissions>,
    /// The resources that the key is limited to. If empty, the key is not limited to any.
    #[schema(required)]
    scopes: Option<&'a [ResourceScope]>,
    /// When the key expires. Null if it never does.
    #[schema(required)]
    expires_at: Option<Timestamp>,
    /// Where the key belongs.
    #[schema(required)]
    environment: Option<Environment>,
    /// The data that your programs have stored with the key.
    #[schema(required, value_type = Option<Metadata>)]
    metadata: Option<&'a RawValue>,
    /// What is left of the rate limit of the key. Null if the verification was not counted.
    #[schema(required)]
    rate_limit: Option<VerifiedRate>,
    /// The id of this request, as in the header `X-Request-Id`.
    #[schema(examples("req_4fZk2Vw8uQp3nTy7Rb5c"))]
    request_id: &'a str,
}

/// The owner of a key.
#[derive(Serialize, ToSchema)]
struct VerifiedOwner<'a> {
    /// `user` or `service_account`.
    #[schema(examples("user"))]
    r#type: &'static str,
    #[schema(examples("usr_4fZk2Vw8uQp3nTy7Rb5c"))]
    id: &'a str,
    /// The e-mail address of the user, or the name of the service account.
    #[schema(examples("ada@acme.example"))]
    name: &'a str,
}

/// What is left of a rate limit.
#[derive(Serialize, ToSchema)]
struct VerifiedRate {
    /// Maximum number of requests in any 60 seconds.
    #[schema(examples(6000))]
    limit: u32,
    /// Number of requests that are left.
    #[schema(examples(5999))]
    remaining: u32,
    /// Time at which all requests are available again, in Unix seconds.
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
            environment: key.map(|key| key.environment),
            metadata: key.and_then(|key| metadata_of(key).or_else(|| serde_json::from_str("{}").ok())),
            rate_limit: rate.map(|rate| {
                let RateLimitStatus { limit, remaining, reset_at, retry_after_seconds: _ } = rate;
                VerifiedRate { limit, remaining, reset: reset_at.seconds() }
            }),
            request_id,
        }
    }
}

/// The metadata of a key, which is written into the response as it is stored. `None` if there is none.
pub(super) fn metadata_of<'a>(key: &'a VerifiedKey<'_>) -> Option<&'a RawValue> {
    serde_json::from_str(key.metadata.as_deref()?).ok()
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
