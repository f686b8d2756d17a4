//! The search and the filter above the list of service accounts.

use leptos::prelude::*;

use super::path::{ServiceAccountsPath, View};
use super::status::view_name;
use crate::components::list_page::FilterForm;
use crate::ui::Choice;

/// Search and status.
#[component]
pub(super) fn ServiceAccountFilters(path: Memo<ServiceAccountsPath>) -> impl IntoView {
    let views = View::ALL.map(|view| Choice::new(view.word(), view_name(view)));
    let filters = vec![("status", "Status", views.into())];
    view! { <FilterForm path class="filters service-account-filters" search_label="Search by name" filters/> }
}
