//! `PATCH /v1/organizations/users/{user_email}/api-keys/{key_name}`

use axum::response::Response;
use model::key::{Change, KeyPatchDraft};

use super::shape::APIKeyModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

/// Changes what the body names; `{}` changes nothing.
pub(in crate::api) async fn update(call: Call) -> Result<Response, Failure> {
    let mut body = call.members()?.ignoring_null(&["name", "permissions", "scopes", "status"]);
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
    let patch = body.finish(draft.check(call.service.now()))?;
    let key = call.service.update_key(&call.caller, &call.key(), patch, &call.basis()?).await?;
    Ok(answer::tagged(answer::ok(APIKeyModel::of(&key, call.service.now())), &key))
}
