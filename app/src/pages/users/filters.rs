//! The search and the filters above the list of members.

use leptos::prelude::*;
use model::user::{Role, UserStatus};

use super::path::UsersPath;
use crate::components::list_page::FilterForm;
use crate::components::users::{role_name, status_name};
use crate::ui::Choice;

/// Search, role and status.
#[component]
pub fn UserFilters(path: Memo<UsersPath>) -> impl IntoView {
    let filters = vec![("role", "Role", roles()), ("status", "Status", states())];
    view! { <FilterForm path search_label="Search by name or e-mail" filters/> }
}

fn roles() -> Vec<Choice> {
    let every = Role::ALL.iter().rev().map(|role| Choice::new(role.as_str(), role_name(*role)));
    std::iter::once(Choice::new("", "All roles")).chain(every).collect()
}

fn states() -> Vec<Choice> {
    let every = UserStatus::ALL.iter().map(|status| Choice::new(status.as_str(), status_name(*status)));
    std::iter::once(Choice::new("", "All statuses")).chain(every).collect()
}
