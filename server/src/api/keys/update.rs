//! `PATCH /v1/organizations/users/{user_email}/api-keys/{key_name}`: changes a key.

use axum::response::Response;
use model::Timestamp;
use model::key::{Change, KeyName, KeyPatch, KeyPatchDraft, KeyStatus, Permissions, ResourceScope};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::dto::APIKeyModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::Members;
use crate::api::http::response;

#[utoipa::path(
    patch,
    path = "/v1/organizations/users/{user_email}/api-keys/{key_name}",
    tag = "API keys",
    operation_id = "update_key_organizations_users_email_name",
    summary = "Change a key",
    description = "Changes what the body names; what is absent stays, and `{}` is a valid request. Permissions and \
                  scopes are replaced whole. `status` `revoked` revokes the key for good. Takes the permission \
                  `admin`, unscoped or with a scope that reaches the user or the key.",
    params(
        ("If-Match" = Option<String>, Header),
    ),
    request_body = APIKeyUpdateRequest,
    responses(
        (status = 200, description = "The key after the change.", body = APIKeyModel),
        (status = 403, description = "The key that asks may not do this, or grants more than it holds; `admin-key` is protected."),
        (status = 409, description = "The user has another active key of the new name, or somebody else changed the key at the same moment."),
        (status = 412, description = "Somebody else changed the key meanwhile; nothing happened."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = read(call.members()?, call.service.now())?;
    let key = call.service.update_key(&call.caller, &call.key(), patch, &call.precondition()?).await?;
    Ok(response::tagged(response::ok(APIKeyModel::of(&key, call.service.now())), &key))
}

pub(in crate::api) fn read(body: Members, now: Timestamp) -> Result<KeyPatch, Failure> {
    let mut body = body.ignoring_null(&["name", "permissions", "scopes", "status"]);
    let draft = KeyPatchDraft {
        name: body.text("name"),
        description: match body.text_change("description") {
            Change::Keep => None,
            Change::Clear => Some(String::new()),
            Change::Set(text) => Some(text),
        },
        permissions: body.texts("permissions"),
        scopes: body.scopes("scopes"),
        rate_limit_override: body.integer_change("rate_limit_override"),
        expires_at: body.text_change("expires_at"),
        status: body.text("status"),
    };
    body.finish(draft.check(now))
}

/// A change to a key. What is absent stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct APIKeyUpdateRequest {
    /// A new name. Null leaves it alone.
    name: Option<KeyName>,
    /// A new description. Null empties it.
    #[schema(max_length = 500, examples("ships the site to Europe"))]
    description: Option<String>,
    /// All permissions from now on. Null leaves them alone.
    permissions: Option<Permissions>,
    /// All scopes from now on; an empty list lifts every restriction. Null leaves them alone.
    #[schema(max_items = 100)]
    scopes: Option<Vec<ResourceScope>>,
    /// Requests in any 60 seconds. Null means the server's own limit.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(600))]
    rate_limit_override: Option<u32>,
    /// From when on the key is refused: a moment in the future. Null means never.
    #[schema(examples("2027-12-31T00:00:00Z"))]
    expires_at: Option<Timestamp>,
    /// `revoked` ends the key for good, `active` changes nothing. Null leaves it alone.
    status: Option<StatusChange>,
}

/// The values to which a request can set the status of a key.
enum StatusChange {}

impl utoipa::PartialSchema for StatusChange {
    fn schema() -> RefOr<Schema> {
        let words = [KeyStatus::Active, KeyStatus::Revoked].map(KeyStatus::as_str);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
    }
}

impl ToSchema for StatusChange {}
