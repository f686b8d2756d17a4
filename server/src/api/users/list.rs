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
    /// The users, oldest first.
    results: Vec<UserModel<'a>>,
    /// Number of matching users.
    #[schema(examples(1))]
    total: u64,
    /// The value from the request, or the default.
    #[schema(examples(0))]
    skip: u32,
    /// The value from the request, or the default.
    #[schema(examples(50))]
    limit: u32,
}

#[utoipa::path(
    get,
    path = "/v1/organizations/users",
    tag = "Users",
    operation_id = "list_users_organizations",
    summary = "List users",
    description = "Lists the users of the organization, oldest first. Requires the permission `admin`, either without \
                   scopes or with a scope of the type `organization` or `user`.",
    params(
        ("skip" = Option<u32>, Query, description = "Number of records to skip.", minimum = 0, maximum = 2_147_483_647),
        ("limit" = Option<u32>, Query, description = "Maximum number of records in the response.", minimum = 1, maximum = 1000),
        ("role" = Option<Role>, Query, description = "Only those with this role."),
        ("status" = Option<UserStatus>, Query, description = "Only those with this status."),
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
