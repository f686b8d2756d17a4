//! `GET /v1/organizations/users/{user_email}/api-keys`: lists the keys of a user.

use axum::response::Response;
use model::field::{FieldError, Rule};
use model::key::{KeyCursor, KeySort, UserKeyPage, UserKeyQuery};
use model::page::{PAGE_SIZE_MAX, PageSize};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::APIKeyModel;
use super::list_body::{KEYS_PER_PART, KeyListBody};
use crate::api::api_keys::cursor;
use crate::api::call::Call;
use crate::api::failure::Failure;
use crate::api::response;

/// An object, because the published client cannot read a list here.
#[derive(Serialize, ToSchema)]
struct APIKeyList<'a> {
    /// The keys, newest first.
    results: Vec<APIKeyModel<'a>>,
    /// How many they are.
    #[schema(examples(1))]
    total: usize,
    /// What finds the keys after these; null for the last ones. Only with `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Option<String>>,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/users/{user_email}/api-keys",
    tag = "API keys",
    operation_id = "list_keys_organizations_users_email",
    summary = "List a user's keys",
    description = "Lists the keys of a member, newest first, without their secrets: active ones, or all. A key without \
                  the permission `admin` lists the keys of its own user. Without `limit`, the answer holds all keys, \
                  and each is shown as it was when its part of the answer was read.",
    params(
        ("include_revoked" = Option<bool>, Query, description = "Whether revoked and expired keys are listed too."),
        ("limit" = Option<u32>, Query, description = "Keys in the answer at most; all by default.", minimum = 1, maximum = 1000),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of an earlier answer."),
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
    Ok(response::ok(APIKeyList { results, total, next_cursor: limit.map(|_| next_cursor(&page)) }))
}

fn next_cursor(page: &UserKeyPage) -> Option<String> {
    page.next.as_ref().map(|cursor| cursor::write(KeySort::default(), cursor))
}

fn read_cursor(text: &str) -> Result<KeyCursor, FieldError> {
    match cursor::read(text) {
        Ok((sort, cursor)) if sort == KeySort::default() => Ok(cursor),
        _ => Err(FieldError::new(Rule::ValueError, "Use the next_cursor of an earlier answer.")),
    }
}
