//! The member whom a dialog is about.

use leptos::prelude::*;
use model::{
    id::UserId,
    user::{Role, User, UserFilter, UserStatus},
};

use crate::{
    components::problem::ProblemView,
    fns::{
        Answer,
        members::{get_member, list_members},
    },
    ui::SkeletonLines,
    wire::read,
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

async fn load(user_id: UserId) -> Answer<Subject> {
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

/// Loads the member and shows the dialog's content for them.
#[component]
pub(super) fn WithSubject(
    user_id: UserId,
    /// The content.
    view: impl Fn(Subject) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let subject = read(move || user_id.clone(), load);
    view! {
        <Suspense fallback=|| view! { <SkeletonLines/> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match subject.await {
                        Ok(subject) => view(subject),
                        Err(error) => view! { <ProblemView error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}
