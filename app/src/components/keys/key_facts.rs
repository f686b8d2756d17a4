//! The facts of one key.

use leptos::prelude::*;

use model::Timestamp;
use model::key::{Key, KeyDetails, LastUse};

use crate::ui::{CopyButton, Fact, Facts, RelativeTime, Section};

/// Who, when, and how much: all facts of a key but what it may do.
#[component]
pub fn KeyFacts(
    /// The key.
    details: KeyDetails,
    /// Requests a minute of a key without a limit of its own, where it is known.
    plan_limit: Option<u32>,
) -> impl IntoView {
    let KeyDetails { key, owner_email, owner_name, creator_email, .. } = details;
    let id = key.key_id.to_string();
    // A service account has no e-mail.
    let email =
        (!owner_email.is_empty()).then(|| view! { " · " <span class="key-quiet">{owner_email}</span> });
    let limit = limit_text(&key, plan_limit);
    let Key { shown_prefix, created_at, rotated_at, expires_at, last_use, revoked, .. } = key;
    let reason = revoked.map(|revocation| revocation.reason).filter(|reason| !reason.is_empty());
    view! {
        <Section id="facts-title" title="Overview">
            <Facts>
                <Fact label="Key id">
                    <code class="mono">{id.clone()}</code> <CopyButton text=id label="Copy the key id" icon_only=true/>
                </Fact>
                <Fact label="Secret"><code class="mono">{format!("{shown_prefix}…")}</code></Fact>
                <Fact label="Owner">{owner_name} {email}</Fact>
                <Fact label="Created"><Moment at=created_at/></Fact>
                <Fact label="Created by">{creator_email.unwrap_or_else(|| "The operator".to_owned())}</Fact>
                {rotated_at.map(|at| view! { <Fact label="Secret replaced"><Moment at/></Fact> })}
                <Fact label="Expires">
                    {match expires_at {
                        None => view! { "Never" }.into_any(),
                        Some(at) => view! { <Moment at/> }.into_any(),
                    }}
                </Fact>
                <Fact label="Rate limit">{limit}</Fact>
                <Fact label="Last used"><LastUseFact last_use/></Fact>
                {reason.map(|reason| view! { <Fact label="Reason for the revocation">{reason}</Fact> })}
            </Facts>
        </Section>
    }
}

/// A moment as a distance and, beside it, exactly.
#[component]
fn Moment(at: Timestamp) -> impl IntoView {
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

fn limit_text(key: &Key, plan_limit: Option<u32>) -> String {
    match (key.rate_limit_override, plan_limit) {
        (Some(limit), _) => format!("{limit} requests a minute"),
        (None, Some(limit)) => format!("The plan's: {limit} requests a minute"),
        (None, None) => "The plan's".to_owned(),
    }
}
