//! The details of one gateway.

use leptos::prelude::*;
use model::gateway::{Gateway, GatewayDetails, HandedHeader};

use super::fields::header_description;
use crate::components::keys::Moment;
use crate::ui::{CopyButton, Fact, Facts, Section};

/// The id, the key header, and who created the gateway and when.
#[component]
pub(super) fn GatewayFacts(details: GatewayDetails) -> impl IntoView {
    let GatewayDetails { gateway, creator, .. } = details;
    let Gateway { gateway_id, key_header, hide_key, created_at, updated_at, .. } = gateway;
    let id = gateway_id.to_string();
    let shown = if key_header.is_authorization() { ": Bearer <key>" } else { ": <key>" };
    view! {
        <Section id="facts-title" title="Overview">
            <Facts>
                <Fact label="Gateway id">
                    <code class="mono">{id.clone()}</code>
                    <CopyButton text=id label="Copy the gateway id" icon_only=true/>
                </Fact>
                <Fact label="Key header">
                    <code class="mono">{format!("{}{shown}", key_header.as_str())}</code>
                </Fact>
                <Fact label="Key in the request">
                    {if hide_key { "Removed by the proxy" } else { "Passed on to your API" }}
                </Fact>
                <Fact label="Created"><Moment at=created_at/></Fact>
                <Fact label="Created by">{creator.unwrap_or_else(|| "The operator".to_owned())}</Fact>
                {(updated_at != created_at).then(|| view! { <Fact label="Last changed"><Moment at=updated_at/></Fact> })}
            </Facts>
        </Section>
    }
}

/// The identity headers that the upstream receives.
#[component]
pub(super) fn IdentityHeaderFacts(gateway: Gateway) -> impl IntoView {
    let all = HandedHeader::ALL
        .iter()
        .map(|header| {
            let what = if gateway.headers.has(*header) {
                header_description(*header)
            } else {
                "Turned off. Always empty."
            };
            view! {
                <li class="gateway-identity-header">
                    <code class="mono">{header.as_str()}</code>
                    <span class="key-quiet">{what}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Section
            id="handed-title"
            title="Identity headers"
            sentence="The proxy sets these headers on every request that passes, and replaces what the client sent in them."
        >
            <ul class="gateway-identity-headers">{all}</ul>
        </Section>
    }
}
