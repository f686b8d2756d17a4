//! `POST /v1/organizations/users/{user_email}/api-keys`: creates a key and returns its secret.

use axum::response::Response;
use model::Timestamp;
use model::key::{KeyDraft, KeyFields, KeyName, Permissions, ResourceScope};
use service::Action;

use super::dto::{APIKeyCreateResponse, respond_idempotent};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/organizations/users/{user_email}/api-keys",
    tag = "API keys",
    operation_id = "create_key_organizations_users_email",
    summary = "Create a key",
    description = "Creates an API key for a user of the organization. The response contains the secret in `key`. Only this \
                   response and the one to a rotation contain it. The new key works at once. It cannot have permissions or \
                   scopes that the caller's key lacks. Requires the permission `admin`, either without scopes or with a \
                   scope that covers the user or the key.",
    params(
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = APIKeyCreateRequest,
    responses(
        (status = 200, description = "The key with its secret.", body = APIKeyCreateResponse),
        (status = 403, description = "The caller's key does not allow this or lacks what it would grant, the user is not \
                                      active, the name is reserved, or the organization has reached the maximum number of \
                                      keys."),
        (status = 409, description = "The user already has an active key with this name."),
    ),
)]
pub(in crate::api) async fn create(call: Call) -> Result<Response, Failure> {
    let idempotent_request = call.idempotent_request()?;
    if let Some(idempotent_request) = &idempotent_request
        && let Some(repeated) =
            call.service.repeated_key(&call.caller, Action::CreateKeys, idempotent_request).await?
    {
        return Ok(respond_idempotent(&repeated));
    }
    let new = read(call.members()?, call.service.now())?;
    let (service, user) = (&call.service, call.user());
    if let Some(idempotent_request) = idempotent_request {
        return Ok(respond_idempotent(
            &service.create_key_idempotent(&call.caller, &user, new, &idempotent_request).await?,
        ));
    }
    let created = service.create_key(&call.caller, &user, new).await?;
    let response = response::secret(APIKeyCreateResponse::of(&created, service.now()));
    Ok(response::tagged(response, &created.key))
}

pub(in crate::api) fn read(body: Members, now: Timestamp) -> Result<KeyFields, Failure> {
    APIKeyCreateRequest::checked(body, |draft| draft.check(now))
}

request_body! {
    /// A key to create.
    struct APIKeyCreateRequest for KeyDraft, others absent {
        /// The name of the key. It must be unique among the user's active keys.
        name: KeyName = text,
        /// What the key is for. The default is an empty text.
        #[schema(max_length = 500, examples("ships the site"))]
        description: Option<String> = text or null,
        /// What the key may do. Each permission includes the weaker ones. The default is `read` only.
        #[schema(nullable = false)]
        permissions: Option<Permissions> = texts,
        /// The resources that the key is limited to. If absent or empty, the key is not limited to any.
        #[schema(max_items = 100)]
        scopes: Option<Vec<ResourceScope>> = objects::<ResourceScope> or null,
        /// Maximum number of requests in any 60 seconds. If absent, the default of the server applies.
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(600))]
        rate_limit_override: Option<u32> = integer or null,
        /// When the key expires: a time in the future, at any offset. If absent, the key never expires.
        #[schema(examples("2027-12-31T00:00:00Z"))]
        expires_at: Option<Timestamp> = moment or null,
    }
}
