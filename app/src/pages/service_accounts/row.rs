//! One row of the list of service accounts.

use leptos::prelude::*;
use model::{
    key::KeyOwner,
    service_account::{AccountStatus, AccountUse, ServiceAccount, ServiceAccountRow},
};

use super::{
    labels::in_short,
    path::{OpenDialog, ServiceAccountDialog, ServiceAccountsPath},
    status::AccountBadge,
};
use crate::{
    components::keys::{KeyListPath, keys_text},
    paths,
    ui::{ActionsCell, Cell, Glyph, Icon, MenuLine, MenuLink, RelativeTime, RowMenu},
};

/// The name links to the account's page, and the number of keys to the list of them.
#[component]
pub(super) fn AccountRow(row: ServiceAccountRow, shown: ServiceAccountsPath) -> impl IntoView {
    let ServiceAccountRow { account, usage } = row;
    let status = account.status();
    let href = paths::service_account(&account.service_account_id);
    let ServiceAccount { name, description, permissions, created_at, .. } = account.clone();
    let all_words = permissions.words().join("\n");
    let words = in_short(&permissions);
    let counted = account.clone();
    view! {
        <tr>
            <Cell label="">
                <div class="account-cell">
                    <span class="account-mark"><Icon glyph=Glyph::Bot/></span>
                    <div class="member-words">
                        <a class="account-link" href=href>{name}</a>
                        {(!description.is_empty()).then(|| view! { <span class="account-about">{description}</span> })}
                    </div>
                </div>
            </Cell>
            <Cell label="Permissions">
                {match words {
                    Some(words) => view! { <code class="mono account-rights" title=all_words>{words}</code> }.into_any(),
                    None => view! { <span class="key-quiet">"None here"</span> }.into_any(),
                }}
            </Cell>
            <Cell label="Keys"><KeysLink account=counted usage/></Cell>
            <Cell label="Last used"><AccountUsed usage/></Cell>
            <Cell label="Created"><RelativeTime at=created_at/></Cell>
            <Cell label="Status"><AccountBadge status/></Cell>
            <ActionsCell><AccountMenu account shown/></ActionsCell>
        </tr>
    }
}

/// The number of the account's keys, as a link to the list of them.
#[component]
fn KeysLink(account: ServiceAccount, usage: AccountUse) -> impl IntoView {
    if usage.keys.number == 0 {
        return view! { <span class="key-quiet">"No keys"</span> }.into_any();
    }
    view! { <a class="account-keys" href=keys_of(&account)>{keys_text(usage.keys)}</a> }.into_any()
}

/// When a key of the account was last used.
#[component]
pub(super) fn AccountUsed(usage: AccountUse) -> impl IntoView {
    let quiet = |words: &'static str| view! { <span class="key-quiet">{words}</span> }.into_any();
    match usage.last_used_at {
        Some(at) => view! { <RelativeTime at/> }.into_any(),
        None if usage.keys.or_more => quiet("See its keys"),
        None if usage.keys.number == 0 => quiet("–"),
        None => quiet("Never used"),
    }
}

/// The path of the list of an account's keys.
pub(super) fn keys_of(account: &ServiceAccount) -> String {
    let owner = KeyOwner::ServiceAccount(account.service_account_id.clone());
    KeyListPath::default().with_owner(Some(owner)).to_path()
}

/// The path of the form that creates a key for an account.
pub(super) fn new_key_of(account: &ServiceAccount) -> String {
    let owner = KeyOwner::ServiceAccount(account.service_account_id.clone());
    KeyListPath::default().with_owner(Some(owner)).creating(None).to_path()
}

#[component]
fn AccountMenu(account: ServiceAccount, shown: ServiceAccountsPath) -> impl IntoView {
    let id = account.service_account_id.clone();
    let link = |deed: ServiceAccountDialog| shown.with(OpenDialog::With(deed, id.clone())).to_path();
    let (edit, disable, page) =
        (link(ServiceAccountDialog::Edit), link(ServiceAccountDialog::Disable), paths::service_account(&id));
    let (create, keys) = (new_key_of(&account), keys_of(&account));
    let is_active = account.status() == AccountStatus::Active;
    view! {
        <RowMenu id=format!("menu-{id}") label=format!("Actions for {}", account.name)>
            {is_active.then(|| view! {
                <MenuLink href=edit icon=Glyph::Pencil>"Edit …"</MenuLink>
                <MenuLink href=create icon=Glyph::Plus>"Create a key …"</MenuLink>
                <MenuLink href=keys icon=Glyph::Key>"Show its keys"</MenuLink>
            })}
            <MenuLink href=page icon=Glyph::History>"Facts and history"</MenuLink>
            {is_active.then(|| view! {
                <MenuLine/>
                <MenuLink href=disable icon=Glyph::Ban>"Disable …"</MenuLink>
            })}
        </RowMenu>
    }
}
