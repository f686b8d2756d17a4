//! The member that a dialog is about.

use model::id::UserId;
use model::user::{Role, User, UserFilter, UserStatus};

use crate::fns::FnResult;
use crate::fns::users::{get_user, list_users};

/// A member, and what else the dialogs need to know.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct LoadedUser {
    pub user: User,
    /// Whether this member is the only active admin.
    pub is_only_admin: bool,
}

impl LoadedUser {
    /// Why the role and the access of this member cannot be taken away. `None` if they can. The server enforces the
    /// same rule.
    pub fn protection(&self) -> Option<String> {
        let name = &self.user.user_name;
        self.is_only_admin
            .then(|| format!("{name} is the only active admin. Make someone else an admin first."))
    }
}

pub(super) async fn load(user_id: UserId) -> FnResult<LoadedUser> {
    let user = get_user(user_id).await?;
    let is_admin = |user: &User| user.role == Role::Admin && user.status == UserStatus::Active;
    let is_only_admin = if is_admin(&user) {
        let filter =
            UserFilter { role: Some(Role::Admin), status: Some(UserStatus::Active), ..Default::default() };
        list_users(filter, 1).await?.total <= 1
    } else {
        false
    };
    Ok(LoadedUser { user, is_only_admin })
}
