//! One row of the list of service accounts.

use leptos::prelude::*;
use model::{
    key::KeyOwner,
    service_account::{AccountStatus, AccountUse, ServiceAccount, ServiceAccountRow},
};

use super::{
    labels::summary,
    path::{OpenDialog, ServiceAccountDialog, ServiceAccountsPath},
    status::ServiceAccountBadge,
};
use crate::{
    components::keys::{KeyListPath, keys_text},
    paths,
    ui::{ActionsCell, Cell, Glyph, Icon, MenuLine, MenuLink, RelativeTime, RowMenu},
};

/// The name links to the service account's page, and the number of keys to the list of them.
#[component]
pub(super) fn ServiceAccountTableRow(row: ServiceAccountRow, shown: ServiceAccountsPath) -> impl IntoView {
    let ServiceAccountRow { account: service_account, usage } = row;
    let status = service_account.status();
    let href = paths::service_account(&service_account.service_account_id);
    let ServiceAccount { name, description, permissions, created_at, .. } = service_account.clone();
    let all_words = permissions.words().join("\n");
    let words = summary(&permissions);
    let counted = service_account.clone();
    view! {
        <tr>
            <Cell label="">
                <div class="item-cell">
                    <span class="item-mark"><Icon glyph=Glyph::Bot/></span>
                    <div class="member-words">
                        <a class="item-link" href=href>{name}</a>
                        {(!description.is_empty()).then(|| view! { <span class="service-account-about">{description}</span> })}
                    </div>
                </div>
            </Cell>
            <Cell label="Permissions">
                {match words {
                    Some(words) => view! { <code class="mono service-account-rights" title=all_words>{words}</code> }.into_any(),
                    None => view! { <span class="key-quiet">"None"</span> }.into_any(),
                }}
            </Cell>
            <Cell label="Keys"><KeysLink service_account=counted usage/></Cell>
            <Cell label="Last used"><ServiceAccountLastUse usage/></Cell>
            <Cell label="Created"><RelativeTime at=created_at/></Cell>
            <Cell label="Status"><ServiceAccountBadge status/></Cell>
            <ActionsCell><ServiceAccountMenu service_account shown/></ActionsCell>
        </tr>
    }
}

/// The number of the service account's keys, as a link to the list of them.
#[component]
fn KeysLink(service_account: ServiceAccount, usage: AccountUse) -> impl IntoView {
    if usage.keys.number == 0 {
        return view! { <span class="key-quiet">"No keys"</span> }.into_any();
    }
    view! { <a class="service-account-keys" href=keys_of(&service_account)>{keys_text(usage.keys)}</a> }
        .into_any()
}

/// When a key of the service account was last used.
#[component]
pub(super) fn ServiceAccountLastUse(usage: AccountUse) -> impl IntoView {
    let quiet = |words: &'static str| view! { <span class="key-quiet">{words}</span> }.into_any();
    match usage.last_used_at {
        Some(at) => view! { <RelativeTime at/> }.into_any(),
        None if usage.keys.or_more => quiet("See keys"),
        None if usage.keys.number == 0 => quiet("–"),
        None => quiet("Never used"),
    }
}

/// The path of the list of a service account's keys.
pub(super) fn keys_of(service_account: &ServiceAccount) -> String {
    let owner = KeyOwner::ServiceAccount(service_account.service_account_id.clone());
    KeyListPath::default().with_owner(Some(owner)).to_path()
}

/// The path of the form that creates a key for a service account.
pub(super) fn new_key_of(service_account: &ServiceAccount) -> String {
    let owner = KeyOwner::ServiceAccount(service_account.service_account_id.clone());
    KeyListPath::default().with_owner(Some(owner)).creating(None).to_path()
}

#[component]
fn ServiceAccountMenu(service_account: ServiceAccount, shown: ServiceAccountsPath) -> impl IntoView {
    let id = service_account.service_account_id.clone();
    let link = |dialog: ServiceAccountDialog| shown.with(OpenDialog::With(dialog, id.clone())).to_path();
    let (edit, disable, page) =
        (link(ServiceAccountDialog::Edit), link(ServiceAccountDialog::Disable), paths::service_account(&id));
    let (create, keys) = (new_key_of(&service_account), keys_of(&service_account));
    let is_active = service_account.status() == AccountStatus::Active;
    view! {
        <RowMenu id=format!("menu-{id}") label=format!("Actions for {}", service_account.name)>
            {is_active.then(|| view! {
                <MenuLink href=edit icon=Glyph::Pencil>"Edit…"</MenuLink>
                <MenuLink href=create icon=Glyph::Plus>"Create a key…"</MenuLink>
                <MenuLink href=keys icon=Glyph::Key>"Show its keys"</MenuLink>
            })}
            <MenuLink href=page icon=Glyph::History>"Details and history"</MenuLink>
            {is_active.then(|| view! {
                <MenuLine/>
                <MenuLink href=disable icon=Glyph::Ban>"Disable…"</MenuLink>
            })}
        </RowMenu>
    }
}
