//! The member whom a dialog is about.

use model::{
    id::UserId,
    user::{Role, User, UserFilter, UserStatus},
};

use crate::fns::{
    Answer,
    members::{get_member, list_members},
};

/// A member, and what the dialogs need to know besides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Subject {
    pub user: User,
    /// Nobody else could manage the organization without them.
    pub is_only_admin: bool,
}

impl Subject {
    /// Why they have to stay as they are, if they have to. The server says the same.
    pub fn protection(&self) -> Option<String> {
        let name = &self.user.user_name;
        self.is_only_admin
            .then(|| format!("{name} is the only active admin. Make somebody else an admin first."))
    }
}

/// Loads a member.
pub(super) async fn load(user_id: UserId) -> Answer<Subject> {
    let user = get_member(user_id).await?;
    let is_admin = |user: &User| user.role == Role::Admin && user.status == UserStatus::Active;
    let is_only_admin = if is_admin(&user) {
        let filter =
            UserFilter { role: Some(Role::Admin), status: Some(UserStatus::Active), ..Default::default() };
        list_members(filter, 1).await?.total <= 1
    } else {
        false
    };
    Ok(Subject { user, is_only_admin })
}
