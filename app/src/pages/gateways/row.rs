//! One row of the list of gateways.

use leptos::prelude::*;
use model::gateway::GatewayRow;
use model::id::GatewayId;

use super::labels::summary;
use super::path::{GatewayDialog, GatewaysPath};
use crate::components::list_page::dialog_link;
use crate::paths;
use crate::ui::{Cell, Glyph, Icon, MenuLine, MenuLink, RelativeTime, RowActions};

/// The name links to the gateway's page.
#[component]
pub(super) fn GatewayRowView(row: Signal<GatewayRow>, shown: Memo<GatewaysPath>) -> impl IntoView {
    let (id, created_at) = row.with_untracked(|row| (row.gateway.gateway_id.clone(), row.gateway.created_at));
    let href = paths::gateway(&id);
    let name = Signal::derive(move || row.with(|row| row.gateway.name.clone()));
    let last_request = move || match row.with(|row| row.last_seen_at) {
        Some(at) => view! { <RelativeTime at/> }.into_any(),
        None => view! { <span class="key-quiet">"None so far"</span> }.into_any(),
    };
    view! {
        <tr>
            <Cell label="">
                <div class="item-cell">
                    <span class="item-mark"><Icon glyph=Glyph::Gateway/></span>
                    <a class="item-link" href=href>{name}</a>
                </div>
            </Cell>
            <Cell label="Key header">
                <code class="mono">{move || row.with(|row| row.gateway.key_header.as_str().to_owned())}</code>
            </Cell>
            <Cell label="Who passes">{move || row.with(|row| summary(&row.gateway))}</Cell>
            <Cell label="Last request">{last_request}</Cell>
            <Cell label="Created"><RelativeTime at=created_at/></Cell>
            <GatewayMenu id name shown/>
        </tr>
    }
}

#[component]
fn GatewayMenu(id: GatewayId, name: Signal<String>, shown: Memo<GatewaysPath>) -> impl IntoView {
    let (edit, remove) =
        (dialog_link(shown, GatewayDialog::Edit, &id), dialog_link(shown, GatewayDialog::Remove, &id));
    let page = paths::gateway(&id);
    view! {
        <RowActions id=format!("menu-{id}") name>
            <MenuLink href=edit icon=Glyph::Pencil>"Edit…"</MenuLink>
            <MenuLink href=page icon=Glyph::Terminal>"Proxy configuration"</MenuLink>
            <MenuLine/>
            <MenuLink href=remove icon=Glyph::Trash>"Remove…"</MenuLink>
        </RowActions>
    }
}
