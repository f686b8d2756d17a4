//! The details of one service account.

use leptos::prelude::*;
use model::service_account::{ServiceAccount, ServiceAccountDetails, ServiceAccountPermissions};

use super::labels::known_and_other;
use super::row::ServiceAccountLastUse;
use crate::components::keys::{Moment, keys_text};
use crate::components::metadata::MetadataList;
use crate::ui::{CopyButton, Fact, Facts, Section};

/// The id, the use of its keys, who created the service account and when, its permissions, and its metadata.
#[component]
pub(super) fn ServiceAccountFacts(details: ServiceAccountDetails) -> impl IntoView {
    let ServiceAccountDetails { account: service_account, usage, creator } = details;
    let ServiceAccount {
        service_account_id, permissions, metadata, created_at, updated_at, disabled_at, ..
    } = service_account;
    let id = service_account_id.to_string();
    let is_changed = updated_at != created_at && disabled_at != Some(updated_at);
    view! {
        <Section id="facts-title" title="Overview">
            <Facts>
                <Fact label="Service account id">
                    <code class="mono">{id.clone()}</code>
                    <CopyButton text=id label="Copy the service account id" icon_only=true/>
                </Fact>
                <Fact label="Working keys">{keys_text(usage.keys)}</Fact>
                <Fact label="Last used"><ServiceAccountLastUse usage/></Fact>
                <Fact label="Created"><Moment at=created_at/></Fact>
                <Fact label="Created by">{creator.unwrap_or_else(|| "The operator".to_owned())}</Fact>
                {is_changed.then(|| view! { <Fact label="Last changed"><Moment at=updated_at/></Fact> })}
                {disabled_at.map(|at| view! { <Fact label="Disabled"><Moment at/></Fact> })}
            </Facts>
        </Section>
        <Section
            id="rights-title"
            title="Permissions"
            sentence="In Keystead, the keys of the service account can do only this. For your API, each key has its own \
                      permission."
        >
            <Rights permissions/>
        </Section>
        <MetadataList metadata/>
    }
}

#[component]
fn Rights(permissions: ServiceAccountPermissions) -> impl IntoView {
    let (rights, others) = known_and_other(&permissions);
    if rights.is_empty() && others.is_empty() {
        return view! {
            <p class="fact-note">"None. Its keys cannot manage anything in Keystead, but your own services can verify them."</p>
        }
        .into_any();
    }
    let rights: Vec<_> = rights
        .into_iter()
        .map(|right| {
            view! {
                <li class="service-account-granted">
                    <span class="service-account-granted-name">{right.title()}</span>
                    <code class="mono service-account-right-word">{right.as_str()}</code>
                    <span class="service-account-granted-what">{right.sentence()}</span>
                </li>
            }
        })
        .collect();
    let others = (!others.is_empty()).then(|| view! {
        <p class="service-account-others">
            <span class="key-quiet">"In your own services: "</span> <code class="mono">{others.join(", ")}</code>
        </p>
    });
    view! {
        {(!rights.is_empty()).then(|| view! { <ul class="service-account-granted-list">{rights}</ul> })}
        {others}
    }
    .into_any()
}
