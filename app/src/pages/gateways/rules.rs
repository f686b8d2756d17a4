//! The rules of one gateway, in the order in which they are tried.

use leptos::prelude::*;
use model::gateway::{Gateway, GatewayRule};

use super::labels::{needs_text, otherwise_text, resource_text};
use crate::ui::{Cell, Header, Section, Table};

/// One line for each rule, and one for requests that no rule matches.
#[component]
pub(super) fn GatewayRules(gateway: Gateway) -> impl IntoView {
    let Gateway { rules, otherwise, .. } = gateway;
    let sentence = if rules.is_empty() {
        "There are no rules. All requests are treated the same."
    } else {
        "The first rule that matches a request decides. Ambiguous requests are refused."
    };
    let place = |index: usize| (index + 1).to_string();
    let count = rules.len();
    let lines = rules
        .into_iter()
        .enumerate()
        .map(|(index, rule)| view! { <Line place=place(index) rule/> })
        .collect_view();
    let rest = if count == 0 { "Every request" } else { "Every other request" };
    view! {
        <Section id="rules-title" title="Rules" sentence flush=true>
            <Table label="Rules in order">
                <thead>
                    <tr>
                        <Header label="Order"/>
                        <Header label="Method"/>
                        <Header label="Path"/>
                        <Header label="Who passes"/>
                        <Header label="Resource"/>
                    </tr>
                </thead>
                <tbody>
                    {lines}
                    <tr>
                        <Cell label="">{place(count)}</Cell>
                        <Cell label="Method"><span class="key-quiet">"Any"</span></Cell>
                        <Cell label="Path">{rest}</Cell>
                        <Cell label="Who passes">{otherwise_text(otherwise)}</Cell>
                        <Cell label="Resource" wide=true><span class="key-quiet">"–"</span></Cell>
                    </tr>
                </tbody>
            </Table>
        </Section>
    }
}

#[component]
fn Line(place: String, rule: GatewayRule) -> impl IntoView {
    let (needs, resource) = (needs_text(&rule), resource_text(&rule));
    let method = rule.method.as_ref().map(|method| method.as_str().to_owned());
    view! {
        <tr>
            <Cell label="">{place}</Cell>
            <Cell label="Method">
                {match method {
                    Some(method) => view! { <code class="mono">{method}</code> }.into_any(),
                    None => view! { <span class="key-quiet">"Any"</span> }.into_any(),
                }}
            </Cell>
            <Cell label="Path"><code class="mono gateway-path">{rule.path.as_str().to_owned()}</code></Cell>
            <Cell label="Who passes">{needs}</Cell>
            <Cell label="Resource" wide=true>
                {match resource {
                    Some(words) => view! { <span class="gateway-path">{words}</span> }.into_any(),
                    None => view! { <span class="key-quiet">"–"</span> }.into_any(),
                }}
            </Cell>
        </tr>
    }
}
