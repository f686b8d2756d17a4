//! The list of gateways.

use leptos::prelude::*;
use model::gateway::GatewayRow;

use super::{
    path::{OpenDialog, list_with},
    row::GatewayRowView,
};
use crate::{
    paths,
    ui::{ButtonKind, ButtonLink, EmptyState, Glyph, Header, Table},
};

/// The table of gateways, or a notice that there are none.
#[component]
pub(super) fn GatewayList(rows: Vec<GatewayRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <NoGateways/> }.into_any();
    }
    let total = if rows.len() == 1 { "1 gateway".to_owned() } else { format!("{} gateways", rows.len()) };
    let rows = rows.into_iter().map(|row| view! { <GatewayRowView row/> }).collect_view();
    view! {
        <Table label="Gateways">
            <thead>
                <tr>
                    <Header label="Gateway"/>
                    <Header label="Key header"/>
                    <Header label="Who passes"/>
                    <Header label="Last request"/>
                    <Header label="Created"/>
                    <Header label="Actions" hidden=true/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        <p class="list-total">{total}</p>
    }
    .into_any()
}

#[component]
fn NoGateways() -> impl IntoView {
    view! {
        <EmptyState
            icon=Glyph::Gateway
            title="No gateways yet"
            sentence="With a gateway, a proxy in front of your API (nginx, Caddy, Traefik or Envoy) lets only requests with a \
                      valid key pass, and tells your API who calls."
        >
            <ButtonLink href=list_with(&OpenDialog::Create) kind=ButtonKind::Primary icon=Glyph::Plus>"Create gateway"</ButtonLink>
            <ButtonLink href=paths::CONNECT>"Check keys in your own code"</ButtonLink>
        </EmptyState>
    }
}
