//! The search and the filters above the list of members.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::user::{Role, UserStatus};

use super::path::UsersPath;
use crate::{
    components::{
        search::shorten_secret,
        users::{role_name, status_name},
    },
    paths,
    state::toasts::use_toasts,
    ui::{Choice, SearchBox, Select},
};

/// The submit button for browsers without JavaScript. It is a string because other browsers parse the content of
/// `noscript` as text, so there is no element to hydrate.
const APPLY: &str = "<button type=\"submit\" class=\"button button-secondary\">Apply</button>";

/// How long typing has to pause before the list is loaded again.
const PAUSE: Duration = Duration::from_millis(250);

/// Search, role and status, as a GET form that leads to the list. With WebAssembly, the path follows while the user
/// types.
#[component]
pub fn Filters(path: Memo<UsersPath>) -> impl IntoView {
    let start = path.get_untracked().filter;
    let search = RwSignal::new(start.search);
    let role = RwSignal::new(start.role.map_or("", Role::as_str).to_owned());
    let status = RwSignal::new(start.status.map_or("", UserStatus::as_str).to_owned());
    let navigate = StoredValue::new(use_navigate());
    let toasts = use_toasts();
    let go = move || {
        let mut wanted = UsersPath::default();
        wanted.filter.search = shorten_secret(search.get_untracked(), search, toasts);
        wanted.filter.role = Role::from_word(&role.get_untracked());
        wanted.filter.status = UserStatus::from_word(&status.get_untracked());
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&wanted.to_path(), options));
    };
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        waiting.try_update_value(|waiting| waiting.take().map(|handle| handle.clear()));
    };
    on_cleanup(stop_waiting);
    let typed = move |_: String| {
        stop_waiting();
        waiting.set_value(set_timeout_with_handle(go, PAUSE).ok());
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        go();
    };
    view! {
        <form class="filters" role="search" method="get" action=paths::MEMBERS on:submit=submit>
            <SearchBox
                id="search" label="Search by name or e-mail" value=search
                on_type=typed
            />
            <Select id="role" label="Role" label_hidden=true choices=roles() value=role on_choose=move |_: String| go()/>
            <Select id="status" label="Status" label_hidden=true choices=states() value=status on_choose=move |_: String| go()/>
            <noscript inner_html=APPLY></noscript>
        </form>
    }
}

fn roles() -> Vec<Choice> {
    let every = Role::ALL.iter().rev().map(|role| Choice::new(role.as_str(), role_name(*role)));
    std::iter::once(Choice::new("", "All roles")).chain(every).collect()
}

fn states() -> Vec<Choice> {
    let every = UserStatus::ALL.iter().map(|status| Choice::new(status.as_str(), status_name(*status)));
    std::iter::once(Choice::new("", "All statuses")).chain(every).collect()
}
