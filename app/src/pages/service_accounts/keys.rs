//! The keys of one service account.

use leptos::prelude::*;
use model::key::{KeyOwner, KeyPage, KeyRow, KeyView};
use model::service_account::{AccountStatus, ServiceAccount};

use super::row::new_key_of;
use crate::components::keys::{KeyListPath, KeyStatusBadge, LastUsed, keys_text, permission_text};
use crate::paths;
use crate::ui::{ButtonKind, ButtonLink, Cell, EmptyState, Glyph, Header, RelativeTime, Section, Table};

/// The newest keys, each with a link to its page, and a link to all keys of the service account.
#[component]
pub(super) fn ServiceAccountKeys(service_account: ServiceAccount, keys: KeyPage) -> impl IntoView {
    let owner = KeyOwner::ServiceAccount(service_account.service_account_id.clone());
    let all = KeyListPath::default().with_owner(Some(owner)).with_view(KeyView::All).to_path();
    let is_active = service_account.status() == AccountStatus::Active;
    if keys.rows.is_empty() {
        return view! {
            <Section id="keys-title" title="Keys"><NoKeys service_account is_active all/></Section>
        }
        .into_any();
    }
    let shown = keys.rows.len();
    let more = u64::try_from(shown).unwrap_or(u64::MAX) < keys.found.number;
    let words = if more {
        format!("The newest {shown} of {}.", keys_text(keys.found))
    } else if is_active {
        "Keys that work or can be enabled again.".to_owned()
    } else {
        "These keys no longer work.".to_owned()
    };
    let rows = keys.rows.into_iter().map(|row| view! { <ServiceAccountKeyRow row/> }).collect_view();
    view! {
        <Section
            id="keys-title"
            title="Keys"
            sentence=words
            action=move || view! { <ButtonLink small=true href=all>"View all keys"</ButtonLink> }
        >
            <Table label="Keys of the service account">
                <thead>
                    <tr>
                        <Header label="Name"/>
                        <Header label="Secret"/>
                        <Header label="Permissions"/>
                        <Header label="Last used"/>
                        <Header label="Expires"/>
                        <Header label="Status"/>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Section>
    }
    .into_any()
}

#[component]
fn ServiceAccountKeyRow(row: KeyRow) -> impl IntoView {
    let key = row.key.clone();
    let (name, permission) = (key.fields.name.as_str().to_owned(), permission_text(&key));
    let (href, status) = (paths::key(&key.key_id), format!("{}-status", key.key_id));
    view! {
        <tr>
            <Cell label=""><a class="key-name-link" href=href>{name}</a></Cell>
            <Cell label="Secret"><code class="mono key-masked">{format!("{}…", key.shown_prefix)}</code></Cell>
            <Cell label="Permissions">{permission}</Cell>
            <Cell label="Last used"><LastUsed last_use=key.last_use/></Cell>
            <Cell label="Expires">
                {match key.fields.expires_at {
                    None => view! { <span class="key-quiet">"Never"</span> }.into_any(),
                    Some(at) => view! { <RelativeTime at/> }.into_any(),
                }}
            </Cell>
            <Cell label="Status"><KeyStatusBadge id=status row/></Cell>
        </tr>
    }
}

#[component]
fn NoKeys(service_account: ServiceAccount, is_active: bool, all: String) -> impl IntoView {
    if !is_active {
        return view! {
            <EmptyState icon=Glyph::Key title="No keys" sentence="This service account had no keys."/>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Glyph::Key
            title="No working keys"
            sentence="Create a key for each place where the program runs, so that you can revoke each of them alone."
        >
            <ButtonLink href=new_key_of(&service_account) kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</ButtonLink>
            <ButtonLink href=all>"Show all keys"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}
