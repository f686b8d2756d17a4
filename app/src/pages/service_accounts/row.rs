//! One row of the list of service accounts.

use leptos::prelude::*;
use model::key::KeyOwner;
use model::service_account::{AccountStatus, AccountUse, ServiceAccount, ServiceAccountRow};

use super::labels::summary;
use super::path::{ServiceAccountDialog, ServiceAccountsPath};
use super::status::ServiceAccountBadge;
use crate::components::keys::{KeyListPath, keys_text};
use crate::components::list_page::dialog_link;
use crate::paths;
use crate::ui::{Cell, Glyph, Icon, MenuLine, MenuLink, RelativeTime, RowActions};

/// The name links to the service account's page, and the number of keys to the list of them.
#[component]
pub(super) fn ServiceAccountTableRow(
    row: Signal<ServiceAccountRow>,
    shown: Memo<ServiceAccountsPath>,
) -> impl IntoView {
    let account = row.with_untracked(|row| row.account.clone());
    let href = paths::service_account(&account.service_account_id);
    let name = Signal::derive(move || row.with(|row| row.account.name.clone()));
    let description = move || {
        let text = row.with(|row| row.account.description.clone());
        (!text.is_empty()).then(|| view! { <span class="service-account-about">{text}</span> })
    };
    let status = Memo::new(move |_| row.with(|row| row.account.status()));
    view! {
        <tr>
            <Cell label="">
                <div class="item-cell">
                    <span class="item-mark"><Icon glyph=Glyph::Bot/></span>
                    <div class="member-words">
                        <a class="item-link" href=href>{name}</a>
                        {description}
                    </div>
                </div>
            </Cell>
            <Cell label="Permissions">{move || row.with(|row| permissions(&row.account))}</Cell>
            <Cell label="Keys"><KeysLink row/></Cell>
            <Cell label="Last used">
                {move || view! { <ServiceAccountLastUse usage=row.with(|row| row.usage)/> }}
            </Cell>
            <Cell label="Created"><RelativeTime at=account.created_at/></Cell>
            <Cell label="Status">{move || view! { <ServiceAccountBadge status=status.get()/> }}</Cell>
            <ServiceAccountMenu account name status shown/>
        </tr>
    }
}

fn permissions(account: &ServiceAccount) -> AnyView {
    match summary(&account.permissions) {
        Some(words) => {
            let all_words = account.permissions.words().join("\n");
            view! { <code class="mono service-account-rights" title=all_words>{words}</code> }.into_any()
        }
        None => view! { <span class="key-quiet">"None"</span> }.into_any(),
    }
}

/// The number of the service account's keys, as a link to the list of them.
#[component]
fn KeysLink(row: Signal<ServiceAccountRow>) -> impl IntoView {
    let href = row.with_untracked(|row| keys_of(&row.account));
    let number = Memo::new(move |_| row.with(|row| row.usage.keys));
    move || {
        if number.get().number == 0 {
            return view! { <span class="key-quiet">"No keys"</span> }.into_any();
        }
        view! { <a class="service-account-keys" href=href.clone()>{keys_text(number.get())}</a> }.into_any()
    }
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
fn ServiceAccountMenu(
    account: ServiceAccount,
    name: Signal<String>,
    status: Memo<AccountStatus>,
    shown: Memo<ServiceAccountsPath>,
) -> impl IntoView {
    let id = &account.service_account_id;
    let link = |dialog| dialog_link(shown, dialog, id);
    let (edit, disable) = (link(ServiceAccountDialog::Edit), link(ServiceAccountDialog::Disable));
    let (page, menu) = (paths::service_account(id), format!("menu-{id}"));
    let (create, keys) = (new_key_of(&account), keys_of(&account));
    let is_active = move || status.get() == AccountStatus::Active;
    view! {
        <RowActions id=menu name>
            {move || is_active().then(|| view! {
                <MenuLink href=edit icon=Glyph::Pencil>"Edit…"</MenuLink>
                <MenuLink href=create.clone() icon=Glyph::Plus>"Create a key…"</MenuLink>
                <MenuLink href=keys.clone() icon=Glyph::Key>"Show its keys"</MenuLink>
            })}
            <MenuLink href=page icon=Glyph::History>"Details and history"</MenuLink>
            {move || is_active().then(|| view! {
                <MenuLine/>
                <MenuLink href=disable icon=Glyph::Ban>"Disable…"</MenuLink>
            })}
        </RowActions>
    }
}
