//! `PATCH /v1/organizations/users/{user_email}/api-keys/{key_name}`: changes a key.

use axum::response::Response;
use model::Timestamp;
use model::key::{KeyName, KeyPatch, KeyPatchDraft, KeyStatus, Permissions, ResourceScope};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::dto::APIKeyModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

#[utoipa::path(
    patch,
    path = "/v1/organizations/users/{user_email}/api-keys/{key_name}",
    tag = "API keys",
    operation_id = "update_key_organizations_users_email_name",
    summary = "Change a key",
    description = "Changes the fields that are in the body. Absent fields stay as they are, and `{}` is a valid body. \
                   Lists of permissions and scopes are replaced as a whole. The `status` `revoked` revokes the key for \
                   good. Requires the permission `admin`, either without scopes or with a scope that covers the user or \
                   the key.",
    params(
        ("If-Match" = Option<String>, Header),
    ),
    request_body = APIKeyUpdateRequest,
    responses(
        (status = 200, description = "The changed key.", body = APIKeyModel),
        (status = 403, description = "The caller's key does not allow this or lacks what it would grant, or the key is the \
                                      protected `admin-key`."),
        (status = 409, description = "The user has another active key with the new name, or another request changed the \
                                      key at the same time."),
        (status = 412, description = "The key was changed in the meantime. This request changed nothing."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = read(call.members()?, call.service.now())?;
    let key = call.service.update_key(&call.caller, &call.key(), patch, &call.precondition()?).await?;
    Ok(response::tagged(response::ok(APIKeyModel::of(&key, call.service.now())), &key))
}

pub(in crate::api) fn read(body: Members, now: Timestamp) -> Result<KeyPatch, Failure> {
    APIKeyUpdateRequest::checked(body, |draft| draft.check(now))
}

request_body! {
    /// A change to a key. Absent fields stay as they are.
    struct APIKeyUpdateRequest for KeyPatchDraft, others absent {
        /// The new name. If null, it stays as it is.
        name: Option<KeyName> = text or null,
        /// The new description. Null makes it empty.
        #[schema(max_length = 500, examples("ships the site to Europe"))]
        description: Option<String> = text_or_empty,
        /// The new permissions, which replace all present ones. If null, they stay as they are.
        permissions: Option<Permissions> = texts or null,
        /// The new scopes, which replace all present ones. An empty list removes every restriction. If null, they stay
        /// as they are.
        #[schema(max_items = 100)]
        scopes: Option<Vec<ResourceScope>> = objects::<ResourceScope> or null,
        /// Maximum number of requests in any 60 seconds. If null, the default of the server applies.
        #[schema(minimum = 1, maximum = 2_147_483_647, examples(600))]
        rate_limit_override: Option<u32> = integer_change,
        /// When the key expires: a time in the future. If null, the key never expires.
        #[schema(examples("2027-12-31T00:00:00Z"))]
        expires_at: Option<Timestamp> = moment_change,
        /// `revoked` revokes the key for good. `active` and null change nothing.
        status: Option<StatusChange> = text or null,
    }
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
