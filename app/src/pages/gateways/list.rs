//! The list of gateways.

use leptos::prelude::*;
use model::gateway::GatewayRow;

use super::path::GatewaysPath;
use super::row::GatewayRowView;
use crate::components::list_page::{ItemList, OpenDialog};
use crate::paths;
use crate::ui::{ButtonKind, ButtonLink, EmptyState, Glyph};

/// The table of gateways, or a notice that there are none.
#[component]
pub(super) fn GatewayList(rows: Signal<Vec<GatewayRow>>, shown: Memo<GatewaysPath>) -> impl IntoView {
    let items = Memo::new(move |_| rows.get());
    view! {
        <ItemList
            shown
            items
            total=Signal::derive(move || items.with(|items| u64::try_from(items.len()).unwrap_or(u64::MAX)))
            noun=("gateway", "gateways")
            label="Gateways"
            columns=&["Gateway", "Key header", "Who passes", "Last request", "Created"]
            id=|row: &GatewayRow| row.gateway.gateway_id.to_string()
            row=move |row| view! { <GatewayRowView row shown/> }.into_any()
            empty=|| view! { <NoGateways/> }.into_any()
        />
    }
}

#[component]
fn NoGateways() -> impl IntoView {
    let create = GatewaysPath::default().with(OpenDialog::New).to_path();
    view! {
        <EmptyState
            icon=Glyph::Gateway
            title="No gateways yet"
            sentence="With a gateway, a proxy in front of your API (nginx, Caddy, Traefik or Envoy) lets only requests with a \
                      valid key pass, and tells your API who calls."
        >
            <ButtonLink href=create kind=ButtonKind::Primary icon=Glyph::Plus>"Create gateway"</ButtonLink>
            <ButtonLink href=paths::CONNECT>"Check keys in your own code"</ButtonLink>
        </EmptyState>
    }
}
