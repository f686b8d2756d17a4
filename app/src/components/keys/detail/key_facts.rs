//! The overview on a key's page.

use leptos::prelude::*;

use model::Timestamp;
use model::key::{Key, KeyDetails, KeyFields, KeyOwner, LastUse};

use crate::components::keys::list_path::KeyListPath;
use crate::paths;
use crate::state::me::use_me;
use crate::ui::{CopyButton, Fact, Facts, RelativeTime, Section};

/// All facts about a key except its permissions and scopes, which `KeyRights` shows.
#[component]
pub fn KeyFacts(
    details: KeyDetails,
    /// How many requests per minute a key without a limit of its own may make, if known.
    default_limit: Option<u32>,
) -> impl IntoView {
    let KeyDetails { key, owner_email, owner_name, creator_email, .. } = details;
    let id = key.key_id.to_string();
    let owner = key.owner.clone();
    let limit = limit_text(&key, default_limit);
    let Key { shown_prefix, created_at, rotated_at, fields, last_use, revoked, .. } = key;
    let KeyFields {
        expires_at,
        environment,
        name: _in_the_heading,
        description: _below_the_heading,
        permissions: _in_rights,
        scopes: _in_rights_as_well,
        rate_limit_override: _in_the_limit,
        metadata: _in_its_own_list,
    } = fields;
    let reason = revoked.map(|revocation| revocation.reason).filter(|reason| !reason.is_empty());
    view! {
        <Section id="facts-title" title="Overview">
            <Facts>
                <Fact label="Key id">
                    <code class="mono">{id.clone()}</code> <CopyButton text=id label="Copy the key id" icon_only=true/>
                </Fact>
                <Fact label="Secret"><code class="mono">{format!("{shown_prefix}…")}</code></Fact>
                <Fact label="Environment">{environment.to_string()}</Fact>
                <Fact label="Owner"><OwnerFact owner name=owner_name email=owner_email/></Fact>
                <Fact label="Created"><Moment at=created_at/></Fact>
                <Fact label="Created by">{creator_email.unwrap_or_else(|| "The operator".to_owned())}</Fact>
                {rotated_at.map(|at| view! { <Fact label="Last rotated"><Moment at/></Fact> })}
                <Fact label="Expires">
                    {match expires_at {
                        None => view! { "Never" }.into_any(),
                        Some(at) => view! { <Moment at/> }.into_any(),
                    }}
                </Fact>
                <Fact label="Rate limit">{limit}</Fact>
                <Fact label="Last used"><LastUseFact last_use/></Fact>
                {reason.map(|reason| view! { <Fact label="Reason for revoking">{reason}</Fact> })}
            </Facts>
        </Section>
    }
}

/// The owner. For admins, the name is a link: to the page of a service account, or to the list of a member's keys.
#[component]
fn OwnerFact(owner: KeyOwner, name: String, email: String) -> impl IntoView {
    let is_admin = use_me().is_admin();
    let service_account = owner.service_account_id().map(paths::service_account);
    let what = if service_account.is_some() { "Service account".to_owned() } else { email };
    let href = service_account.unwrap_or_else(|| KeyListPath::default().with_owner(Some(owner)).to_path());
    let name =
        if is_admin { view! { <a href=href>{name}</a> }.into_any() } else { view! { {name} }.into_any() };
    view! { {name} " · " <span class="key-quiet">{what}</span> }
}

/// A moment as relative time, with the exact time beside it.
#[component]
pub fn Moment(at: Timestamp) -> impl IntoView {
    view! { <RelativeTime at/> <span class="key-quiet key-exact">{at.to_text()}</span> }
}

#[component]
fn LastUseFact(last_use: Option<LastUse>) -> impl IntoView {
    let Some(LastUse { at, address, agent }) = last_use else {
        return view! { "Never used" }.into_any();
    };
    view! {
        <Moment at/>
        {address.map(|address| view! { <span class="key-use-part">"from " {address}</span> })}
        {agent.map(|agent| view! { <span class="key-use-part key-quiet">{agent}</span> })}
    }
    .into_any()
}

fn limit_text(key: &Key, default_limit: Option<u32>) -> String {
    match (key.fields.rate_limit_override, default_limit) {
        (Some(limit), _) => format!("{limit} requests per minute"),
        (None, Some(limit)) => format!("Default: {limit} requests per minute"),
        (None, None) => "Default".to_owned(),
    }
}
