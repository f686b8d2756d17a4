//! `GET /v1/organizations/users/{user_email}/api-keys`: lists the keys of a user.

use axum::response::Response;
use model::field::{FieldError, Rule};
use model::key::{KeyCursor, KeySort, UserKeyPage, UserKeyQuery};
use model::page::{PAGE_SIZE_MAX, PageSize};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::APIKeyModel;
use super::list_body::{KEYS_PER_PART, KeyListBody};
use crate::api::api_keys::cursor;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// The keys of a user. This is an object, because the published client cannot read a list here.
#[derive(Serialize, ToSchema)]
struct APIKeyList<'a> {
    /// The keys, newest first.
    results: Vec<APIKeyModel<'a>>,
    /// Number of keys in `results`.
    #[schema(examples(1))]
    total: usize,
    /// The cursor of the next keys. Null after the last key. Only present with `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Value>,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/users/{user_email}/api-keys",
    tag = "API keys",
    operation_id = "list_keys_organizations_users_email",
    summary = "List a user's keys",
    description = "Lists the active keys of a user, newest first and without their secrets. With `include_revoked`, \
                   revoked and expired keys are included. A key without the permission `admin` can list only the keys \
                   of its own user. Without `limit`, the response contains all keys. A long list is sent in parts, \
                   and each key is shown as it was when its part was read.",
    params(
        ("include_revoked" = Option<bool>, Query, description = "Whether to include revoked and expired keys."),
        ("limit" = Option<u32>, Query, description = "Maximum number of keys in the response. Without it, the response \
                                                      contains all keys.", minimum = 1, maximum = 1000),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of an earlier response. The list continues \
                                                          after that response."),
    ),
    responses((status = 200, description = "The keys.", body = APIKeyList)),
)]
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let include_ended = query.flag("include_revoked");
    let limit = query.optional_number("limit", 1..=PAGE_SIZE_MAX);
    let after = query.word("cursor", read_cursor);
    query.finish()?;
    let size = PageSize::new(limit.unwrap_or(KEYS_PER_PART));
    let query = UserKeyQuery { include_ended, after, size };
    let page = call.service.list_keys_of_user(&call.caller, &call.user(), &query).await?;
    if limit.is_none() && page.next.is_some() {
        return Ok(response::streamed(KeyListBody::of(call, query, page).into_stream()));
    }
    let now = call.service.now();
    let results: Vec<_> = page.keys.iter().map(|key| APIKeyModel::of(key, now)).collect();
    let total = results.len();
    Ok(response::ok(APIKeyList { results, total, next_cursor: limit.map(|_| next_cursor(&page).into()) }))
}

fn next_cursor(page: &UserKeyPage) -> Option<String> {
    page.next.as_ref().map(|cursor| cursor::write(KeySort::default(), cursor))
}

fn read_cursor(text: &str) -> Result<KeyCursor, FieldError> {
    match cursor::read(text) {
        Ok((sort, cursor)) if sort == KeySort::default() => Ok(cursor),
        _ => Err(FieldError::new(Rule::ValueError, "Use the next_cursor of an earlier response.")),
    }
}
