//! The page that lists the gateways.

use leptos::prelude::*;

use super::actions::gateway_actions;
use super::dialogs::GatewayDialogs;
use super::list::GatewayList;
use super::path::GatewaysPath;
use crate::components::for_admins::ForAdmins;
use crate::components::list_page::ListPage;
use crate::fns::gateways::list_gateways;
use crate::hydration::mark_hydrated;
use crate::paths;

/// The list of all gateways. Only admins may see it.
#[component]
pub fn GatewaysPage() -> impl IntoView {
    mark_hydrated();
    view! { <GatewaysForAdmins><Gateways/></GatewaysForAdmins> }
}

#[component]
fn Gateways() -> impl IntoView {
    let path = GatewaysPath::current();
    let actions = gateway_actions();
    let task = Memo::new(move |_| path.with(|path| path.task.clone()));
    let back = Signal::stored(paths::GATEWAYS.to_owned());
    view! {
        <ListPage
            path
            title="Gateways"
            sentence="With a gateway, a proxy checks the key of each request, so that your API needs no code for keys."
            new=Some("Create gateway")
            version=Signal::derive(move || actions.version())
            load=|_: GatewaysPath| list_gateways()
            list=move |rows, shown| view! { <GatewayList rows shown/> }.into_any()
        />
        <GatewayDialogs task back actions/>
    }
}

/// Shows a page to admins. Tells others who may see it.
#[component]
pub(super) fn GatewaysForAdmins(children: Children) -> impl IntoView {
    view! {
        <ForAdmins
            title="Gateways"
            what="Only admins see gateways"
            sentence="Gateways let proxies check keys. If an API needs one, ask an admin of the organization."
        >
            {children()}
        </ForAdmins>
    }
}
