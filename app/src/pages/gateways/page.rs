//! The page that lists the gateways.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    actions::Actions,
    dialogs::GatewayDialogs,
    list::GatewayList,
    path::{OpenDialog, list_with, open_dialog_of},
};
use crate::{
    components::{for_admins::ForAdmins, problem::ProblemView},
    fns::gateways::list_gateways,
    hydration::mark_hydrated,
    paths,
    query::use_query,
    resource::read,
    state::me::use_me,
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
};

/// The list of all gateways. Only admins may see it.
#[component]
pub fn GatewaysPage() -> impl IntoView {
    mark_hydrated();
    if use_me().is_admin() {
        view! { <Gateways/> }.into_any()
    } else {
        view! { <GatewaysForAdmins/> }.into_any()
    }
}

#[component]
fn Gateways() -> impl IntoView {
    let query = use_query();
    let task = Memo::new(move |_| query.with(open_dialog_of));
    let actions = Actions::new();
    let gateways = read(move || actions.version(), |_| list_gateways());
    let back = Signal::stored(paths::GATEWAYS.to_owned());
    let sentence =
        "With a gateway, a proxy checks the key of each request, so that your API needs no code for keys.";
    view! {
        <Title text="Gateways"/>
        <PageHeader title="Gateways" sentence=Some(sentence.to_owned())>
            <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=list_with(&OpenDialog::Create)>"Create gateway"</ButtonLink>
        </PageHeader>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || gateways.get().map(|found| match found {
                Ok(rows) => view! { <GatewayList rows/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| gateways.refetch()/> }.into_any(),
            })}
        </Transition>
        <GatewayDialogs task back actions/>
    }
}

/// Shown to users who are not admins.
#[component]
pub(super) fn GatewaysForAdmins() -> impl IntoView {
    view! {
        <ForAdmins
            page="Gateways"
            title="Only admins see gateways"
            sentence="Gateways let proxies check keys. If an API needs one, ask an admin of the organization."
        />
    }
}
