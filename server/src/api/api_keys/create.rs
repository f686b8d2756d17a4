//! `POST /v1/api-keys`: creates a key and returns its secret.

use axum::response::Response;
use model::Timestamp;
use model::id::ServiceAccountId;
use model::key::{Access, AccessKeyDraft, Environment, KeyName, NewAccessKey};
use model::metadata::Metadata;
use service::{Action, Owner};

use super::dto::{CreatedApiKey, respond_idempotent};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::{envelope, response};

#[utoipa::path(
    post,
    path = "/v1/api-keys",
    tag = "Keys by id",
    operation_id = "create_api_key",
    summary = "Create a key by scope",
    description = "Creates a key for the caller or for a service account. The response contains the secret in `key`. It is \
                   shown only once. A key with the scope `read-write` can read, write and delete, but cannot manage keys. \
                   Requires the permission `admin` or, for a key of a service account, the permission `apikey:create`.",
    params(
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = ApiKeyCreateRequest,
    responses(
        (status = 200, description = "The key with its secret.", body = CreatedApiKey),
        (status = 403, description = "The caller's key does not allow this, or the organization has reached the maximum \
                                      number of keys."),
        (status = 409, description = "The owner already has an active key with this name."),
    ),
)]
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let idempotent_request = call.idempotent_request()?;
    if let Some(idempotent_request) = &idempotent_request
        && let Some(repeated) =
            call.service.repeated_key(&call.caller, Action::CreateKeys, idempotent_request).await?
    {
        return Ok(respond_idempotent(&call, &repeated));
    }
    let NewAccessKey { fields, service_account_id } = read(call.members()?, call.service.now())?;
    let owner = service_account_id.map_or(Owner::Caller, Owner::ServiceAccount);
    if let Some(idempotent_request) = idempotent_request {
        let answered =
            call.service.create_key_idempotent(&call.caller, &owner, fields, &idempotent_request).await?;
        return Ok(respond_idempotent(&call, &answered));
    }
    let created = call.service.create_key(&call.caller, &owner, fields).await?;
    Ok(response::tagged(envelope::secret(&call, CreatedApiKey::from(&created)), &created.key))
}

pub(in crate::api) fn read(body: Members, now: Timestamp) -> Result<NewAccessKey, Failure> {
    ApiKeyCreateRequest::checked(body, |draft| draft.check(now))
}

request_body! {
    /// A key to create.
    struct ApiKeyCreateRequest for AccessKeyDraft {
        name: KeyName = text,
        /// What the key is for.
        #[schema(max_length = 500, examples("ships the site"))]
        description: Option<String> = text or null,
        /// When the key expires: a time in the future. If absent, the key never expires.
        #[schema(examples("2027-12-31T00:00:00Z"))]
        expires_at as "expiresAt": Option<Timestamp> = moment or null,
        /// What the key may do. The default is `read`.
        scope: Option<Access> = text or null,
        /// Where the key belongs. The default is `live`. It never changes.
        environment: Option<Environment> = text or null,
        /// Any data that your programs want to store.
        metadata: Option<Metadata> = map or null,
        /// The id of the service account that will own the key. If absent, the caller owns it.
        service_account_id as "serviceAccountId": Option<ServiceAccountId> = text or null,
    }
}
