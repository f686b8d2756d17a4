//! `PATCH /v1/api-keys/{id}`: changes a key.

use axum::response::Response;
use model::Timestamp;
use model::key::{Access, AccessKeyPatchDraft, KeyName, KeyPatch};
use model::metadata::Metadata;

use super::dto::ApiKey;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::{envelope, response};

#[utoipa::path(
    patch,
    path = "/v1/api-keys/{id}",
    tag = "Keys by id",
    operation_id = "update_api_key",
    summary = "Change a key by id",
    description = "Changes the fields that are in the body. Absent fields stay as they are. Requires the permission \
                   `admin` or, for a key of a service account, the permissions `apikey:create` and `apikey:delete`.",
    params(
        ("If-Match" = Option<String>, Header),
    ),
    request_body = ApiKeyUpdateRequest,
    responses(
        (status = 200, description = "The changed key.", body = ApiKey),
        (status = 409, description = "The owner has another active key with the new name, or another request changed the \
                                      key at the same time."),
        (status = 412, description = "The key was changed in the meantime. This request changed nothing."),
    ),
)]
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let patch = read(call.members()?, call.service.now())?;
    let (key, precondition) = (call.key_by_id()?, call.precondition()?);
    let key = call.service.update_key(&call.caller, &key, patch, &precondition).await?;
    Ok(response::tagged(envelope::ok(&call, ApiKey::from(&key)), &key))
}

pub(in crate::api) fn read(mut body: Members, now: Timestamp) -> Result<KeyPatch, Failure> {
    body.fixed("environment", "The environment of a key never changes. Create another key instead.");
    ApiKeyUpdateRequest::checked(body, |draft| draft.check(now))
}

request_body! {
    /// A change to a key. Absent fields stay as they are.
    struct ApiKeyUpdateRequest for AccessKeyPatchDraft {
        /// The new name. If null, it stays as it is.
        name: Option<KeyName> = text or null,
        /// The new description. Null makes it empty.
        #[schema(max_length = 500, examples("ships the site to Europe"))]
        description: Option<String> = text_change,
        /// When the key expires: a time in the future. If null, the key never expires.
        #[schema(examples("2027-12-31T00:00:00Z"))]
        expires_at as "expiresAt": Option<Timestamp> = moment_change,
        /// What the key may do. If null, it stays as it is.
        scope: Option<Access> = text or null,
        /// The new metadata, which replaces all of the present one. Null removes it.
        metadata: Option<Metadata> = map_change,
    }
}
