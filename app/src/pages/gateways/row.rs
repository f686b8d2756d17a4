//! One row of the list of gateways.

use leptos::prelude::*;
use model::gateway::{Gateway, GatewayRow};

use super::{
    labels::summary,
    path::{GatewayDialog, OpenDialog, list_with},
};
use crate::{
    paths,
    ui::{ActionsCell, Cell, Glyph, Icon, MenuLine, MenuLink, RelativeTime, RowMenu},
};

/// The name links to the gateway's page.
#[component]
pub(super) fn GatewayRowView(row: GatewayRow) -> impl IntoView {
    let GatewayRow { gateway, first_seen_at: _, last_seen_at } = row;
    let (href, words) = (paths::gateway(&gateway.gateway_id), summary(&gateway));
    let Gateway { name, key_header, created_at, .. } = gateway.clone();
    view! {
        <tr>
            <Cell label="">
                <div class="item-cell">
                    <span class="item-mark"><Icon glyph=Glyph::Gateway/></span>
                    <a class="item-link" href=href>{name}</a>
                </div>
            </Cell>
            <Cell label="Key header"><code class="mono">{key_header.as_str().to_owned()}</code></Cell>
            <Cell label="Who passes">{words}</Cell>
            <Cell label="Last request">
                {match last_seen_at {
                    Some(at) => view! { <RelativeTime at/> }.into_any(),
                    None => view! { <span class="key-quiet">"None so far"</span> }.into_any(),
                }}
            </Cell>
            <Cell label="Created"><RelativeTime at=created_at/></Cell>
            <ActionsCell><GatewayMenu gateway/></ActionsCell>
        </tr>
    }
}

#[component]
fn GatewayMenu(gateway: Gateway) -> impl IntoView {
    let Gateway { gateway_id: id, name, .. } = gateway;
    let link = |dialog: GatewayDialog| list_with(&OpenDialog::With(dialog, id.clone()));
    let (edit, remove, page) = (link(GatewayDialog::Edit), link(GatewayDialog::Remove), paths::gateway(&id));
    view! {
        <RowMenu id=format!("menu-{id}") label=format!("Actions for {name}")>
            <MenuLink href=edit icon=Glyph::Pencil>"Edit…"</MenuLink>
            <MenuLink href=page icon=Glyph::Terminal>"Proxy configuration"</MenuLink>
            <MenuLine/>
            <MenuLink href=remove icon=Glyph::Trash>"Remove…"</MenuLink>
        </RowMenu>
    }
}
