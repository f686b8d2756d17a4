//! `GET /v1/organizations/users`: lists the users.

use axum::response::Response;
use model::page::{PAGE_SIZE_MAX, PageSize};
use model::user::{Role, UserFilter, UserStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::UserModel;
use crate::api::http::call::Call;
use crate::api::http::failure::Failure;
use crate::api::http::response;

#[derive(Serialize, ToSchema)]
struct UserList<'a> {
    /// The members, oldest first.
    results: Vec<UserModel<'a>>,
    /// How many fit in all.
    #[schema(examples(1))]
    total: u64,
    /// As asked for.
    #[schema(examples(0))]
    skip: u32,
    /// As asked for.
    #[schema(examples(50))]
    limit: u32,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/users",
    tag = "Users",
    operation_id = "list_users_organizations",
    summary = "List users",
    description = "Lists the members of the organization, oldest first. Takes the permission `admin`, unscoped or with \
                  a scope of `organization` or `user`.",
    params(
        ("skip" = Option<u32>, Query, description = "Records to leave out.", minimum = 0, maximum = 2_147_483_647),
        ("limit" = Option<u32>, Query, description = "Records in the answer at most.", minimum = 1, maximum = 1000),
        ("role" = Option<Role>, Query, description = "Those of one role."),
        ("status" = Option<UserStatus>, Query, description = "Those of one status."),
    ),
    responses((status = 200, description = "Some members.", body = UserList)),
)]
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
    Ok(response::ok(UserList { results, total: page.total, skip, limit }))
}
