//! The search and the filter above the list of service accounts.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    path::{ServiceAccountsPath, View},
    status::view_name,
};
use crate::{
    components::search::shorten_secret,
    paths,
    query::SEARCH_LENGTH_MAX,
    state::toasts::use_toasts,
    ui::{Choice, SearchBox, Select},
};

/// The submit button for browsers without JavaScript. It is a string because other browsers parse the content of
/// `noscript` as text, so there is no element to hydrate.
const APPLY: &str = "<button type=\"submit\" class=\"button button-secondary\">Apply</button>";

/// How long typing has to pause before the list is loaded again.
const PAUSE: Duration = Duration::from_millis(250);

/// Search and status, as a GET form that leads to the list. With WebAssembly, the path follows while the user types.
#[component]
pub(super) fn Filters(path: Memo<ServiceAccountsPath>) -> impl IntoView {
    let start = path.get_untracked();
    let sent = StoredValue::new((start.search.clone(), start.view));
    let (search, status) = (RwSignal::new(start.search), RwSignal::new(start.view.word().to_owned()));
    let navigate = StoredValue::new(use_navigate());
    let toasts = use_toasts();
    let go = move || {
        let wanted = ServiceAccountsPath {
            view: View::of(&status.get_untracked()),
            search: shorten_secret(search.get_untracked(), search, toasts),
            ..ServiceAccountsPath::default()
        };
        sent.set_value((wanted.search.clone(), wanted.view));
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&wanted.to_path(), options));
    };
    // Links such as *Show all* change the path, and then the fields follow it. If the new path is the one that
    // the form itself asked for, the fields keep what was typed since.
    Effect::new(move || {
        let now = path.with(|path| (path.search.clone(), path.view));
        if now != sent.get_value() {
            search.set(now.0.clone());
            status.set(now.1.word().to_owned());
            sent.set_value(now);
        }
    });
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
    let views: Vec<_> = View::ALL.map(|view| Choice::new(view.word(), view_name(view))).into();
    view! {
        <form class="filters service-account-filters" role="search" method="get" action=paths::SERVICE_ACCOUNTS on:submit=submit>
            <SearchBox
                id="search" label="Search by name" value=search on_type=typed
                length_max=u32::try_from(SEARCH_LENGTH_MAX).unwrap_or(u32::MAX)
            />
            <Select
                id="status" label="Status" label_hidden=true choices=views value=status
                on_choose=move |_: String| go()
            />
            <noscript inner_html=APPLY></noscript>
        </form>
    }
}
