//! The request body that creates or changes a service account.

use model::metadata::Metadata;
use model::service_account::{NewServiceAccount, ServiceAccountDraft};
use utoipa::ToSchema;

use crate::api::http::failure::Failure;
use crate::api::http::json::Members;

pub(in crate::api) fn read(body: Members) -> Result<NewServiceAccount, Failure> {
    let mut body = body.ignoring_null(&["description", "metadata"]);
    let draft = ServiceAccountDraft {
        name: body.text("name"),
        description: body.text("description"),
        permissions: body.texts("permissions"),
        metadata: body.map("metadata"),
    };
    body.finish(draft.check())
}

/// A service account to create, or the new state of one.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(super) struct ServiceAccountRequest {
    /// The name of the service account. It must be unique among the active ones.
    #[schema(min_length = 1, max_length = 100, examples("deployer"))]
    name: String,
    /// What the service account is for.
    #[schema(max_length = 500, examples("ships the site"))]
    description: Option<String>,
    /// Permissions such as `apikey:read`. Permissions that Keystead does not know are stored, but allow nothing here.
    #[schema(max_items = 100, examples("apikey:read"))]
    permissions: Vec<String>,
    /// Any data that your programs want to store. If absent, it stays as it is.
    metadata: Option<Metadata>,
}
