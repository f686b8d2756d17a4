//! `POST /v1/organizations/users/{user_email}/api-keys`: creates a key and returns its secret.

use axum::response::Response;
use model::Timestamp;
use model::key::{KeyDraft, KeyName, NewKey, Permissions, ResourceScope};
use service::Action;
use utoipa::ToSchema;

use super::dto::{APIKeyCreateResponse, respond_idempotent};
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/organizations/users/{user_email}/api-keys",
    tag = "API keys",
    operation_id = "create_key_organizations_users_email",
    summary = "Create a key",
    description = "Makes an API key for a member of the organization and shows its secret in `key`: here, after a \
                  rotation, and nowhere else. Nobody grants more than they hold: the permissions and scopes of the new \
                  key stay within those of the key that makes it. The key works at once. Takes the permission `admin`, \
                  unscoped or with a scope that reaches the user or the key.",
    params(
        ("Idempotency-Key" = Option<String>, Header),
    ),
    request_body = APIKeyCreateRequest,
    responses(
        (status = 200, description = "The key with its secret.", body = APIKeyCreateResponse),
        (status = 403, description = "The key that asks may not do this, grants more than it holds, the user is not active, the name is reserved, or there are as many keys as the server allows."),
        (status = 409, description = "The user has an active key of this name."),
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

pub(in crate::api) fn read(body: Members, now: Timestamp) -> Result<NewKey, Failure> {
    let mut body = body.ignoring_null(&["description", "scopes", "rate_limit_override", "expires_at"]);
    let draft = KeyDraft {
        name: body.text("name"),
        description: body.text("description"),
        permissions: body.texts("permissions"),
        scopes: body.scopes("scopes"),
        rate_limit_override: body.integer("rate_limit_override"),
        expires_at: body.text("expires_at"),
    };
    body.finish(draft.check(now))
}

/// A key to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct APIKeyCreateRequest {
    /// Unique among the user's active keys.
    name: KeyName,
    /// What the key is for; empty when absent.
    #[schema(max_length = 500, examples("ships the site"))]
    description: Option<String>,
    /// What the key may do; each permission includes those before it. `read` alone when absent.
    #[schema(nullable = false)]
    permissions: Option<Permissions>,
    /// Where the key may do it. No restriction when absent or empty.
    #[schema(max_items = 100)]
    scopes: Option<Vec<ResourceScope>>,
    /// Requests in any 60 seconds. The server's own limit when absent.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(600))]
    rate_limit_override: Option<u32>,
    /// From when on the key is refused: a moment in the future, at any offset. Never when absent.
    #[schema(examples("2027-12-31T00:00:00Z"))]
    expires_at: Option<Timestamp>,
}
