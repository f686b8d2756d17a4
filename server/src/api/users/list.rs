//! `GET /v1/organizations/users`

use axum::response::Response;
use model::page::{PAGE_SIZE_MAX, PageSize};
use model::user::{Role, UserFilter, UserStatus};
use serde::Serialize;

use super::UserModel;
use crate::api::answer;
use crate::api::call::Call;
use crate::api::failure::Failure;

#[derive(Serialize)]
struct UserList<'a> {
    results: Vec<UserModel<'a>>,
    total: u64,
    skip: u32,
    limit: u32,
}

/// Lists members, oldest first.
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let skip = query.number("skip", 0..=i32::MAX.unsigned_abs(), 0);
    let limit = query.number("limit", 1..=PAGE_SIZE_MAX, PageSize::default().get());
    let role = query.word("role", Role::check);
    let status = query.word("status", UserStatus::check);
    query.finish()?;
    let filter = UserFilter { role, status, search: String::new() };
    let page = call.service.list_users(&call.caller, &filter, skip.into(), limit).await?;
    let results = page.users.iter().map(UserModel::from).collect();
    Ok(answer::ok(UserList { results, total: page.total, skip, limit }))
}
