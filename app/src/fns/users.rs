//! Server functions for the members of the organization.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::id::UserId;
use model::user::{User, UserFilter, UserPage};

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::signed_in;
#[cfg(feature = "ssr")]
use super::response::redirect_plain_form;
#[cfg(feature = "ssr")]
use crate::next::page_after_form;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use service::Owner;

/// How many members a page of the list shows.
pub const USERS_PAGE_SIZE: u32 = 50;

/// One page of the members. Pages count from 1.
#[server(name = ListMembers, prefix = "/console/api", endpoint = "members/list", input = Json)]
pub async fn list_users(filter: UserFilter, page: u32) -> FnResult<UserPage> {
    let (service, caller) = signed_in().await?;
    let skip = u64::from(page.saturating_sub(1)) * u64::from(USERS_PAGE_SIZE);
    Ok(service.list_users(&caller, &filter, skip, USERS_PAGE_SIZE).await?)
}

#[server(name = GetMember, prefix = "/console/api", endpoint = "members/get", input = Json)]
pub async fn get_user(user_id: UserId) -> FnResult<User> {
    let (service, caller) = signed_in().await?;
    Ok(service.get_user(&caller, &Owner::Id(user_id)).await?)
}

/// Adds a member, and redirects to the dialog that invites them if they cannot sign in yet.
#[server(name = AddMember, prefix = "/console/api", endpoint = "members/add")]
pub async fn add_user(
    email: String,
    user_name: String,
    role: String,
    back: Option<String>,
) -> FnResult<User> {
    let (service, caller) = signed_in().await?;
    let draft = model::user::UserDraft {
        email: Some(email),
        user_name: Some(user_name),
        role: Some(role),
        ..Default::default()
    };
    let user = service.add_user(&caller, draft.check()?).await?;
    let invitation = format!("{}?do=invite&user={}", paths::MEMBERS, user.user_id);
    let next = if user.can_sign_in { page_after_form(back.as_deref(), paths::MEMBERS) } else { &invitation };
    redirect_plain_form(next);
    Ok(user)
}

/// Changes a member's name, role or status. Absent values stay as they are.
#[server(name = UpdateMember, prefix = "/console/api", endpoint = "members/update")]
pub async fn update_user(
    user_id: UserId,
    user_name: Option<String>,
    role: Option<String>,
    status: Option<String>,
    back: Option<String>,
) -> FnResult<User> {
    let (service, caller) = signed_in().await?;
    let draft = model::user::UserPatchDraft { user_name, role, status, ..Default::default() };
    let user = service.update_user(&caller, &Owner::Id(user_id), draft.check()?).await?;
    redirect_plain_form(page_after_form(back.as_deref(), paths::MEMBERS));
    Ok(user)
}

/// Removes a member and revokes their keys.
#[server(name = RemoveMember, prefix = "/console/api", endpoint = "members/remove")]
pub async fn remove_user(user_id: UserId, back: Option<String>) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    service.remove_user(&caller, &Owner::Id(user_id)).await?;
    redirect_plain_form(page_after_form(back.as_deref(), paths::MEMBERS));
    Ok(())
}

/// Lets a member sign in again after too many failed attempts have closed their account.
#[server(name = AllowSignIn, prefix = "/console/api", endpoint = "members/allow_sign_in")]
pub async fn allow_sign_in(user_id: UserId, back: Option<String>) -> FnResult<()> {
    let (service, caller) = signed_in().await?;
    service.allow_sign_in(&caller, &user_id).await?;
    redirect_plain_form(page_after_form(back.as_deref(), paths::MEMBERS));
    Ok(())
}
