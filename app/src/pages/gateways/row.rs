//! One row of the list of gateways.

use leptos::prelude::*;
use model::gateway::{Gateway, GatewayRow};

use super::{
    labels::in_short,
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
    let (href, words) = (paths::gateway(&gateway.gateway_id), in_short(&gateway));
    let Gateway { name, key_header, created_at, .. } = gateway.clone();
    view! {
        <tr>
            <Cell label="">
                <div class="account-cell">
                    <span class="account-mark"><Icon glyph=Glyph::Gateway/></span>
                    <a class="account-link" href=href>{name}</a>
                </div>
            </Cell>
            <Cell label="Header with the key"><code class="mono">{key_header.as_str().to_owned()}</code></Cell>
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
    let link = |deed: GatewayDialog| list_with(&OpenDialog::With(deed, id.clone()));
    let (edit, remove, page) = (link(GatewayDialog::Edit), link(GatewayDialog::Remove), paths::gateway(&id));
    view! {
        <RowMenu id=format!("menu-{id}") label=format!("Actions for {name}")>
            <MenuLink href=edit icon=Glyph::Pencil>"Edit …"</MenuLink>
            <MenuLink href=page icon=Glyph::Terminal>"Configuration of the proxy"</MenuLink>
            <MenuLine/>
            <MenuLink href=remove icon=Glyph::Trash>"Remove …"</MenuLink>
        </RowMenu>
    }
}
