//! The permission and scopes of one key.

use leptos::prelude::*;

use model::key::{Key, ResourceScope};

use crate::components::keys::permission_text::{scope_text, title};
use crate::ui::{Cell, Fact, Facts, Header, Section, Table};

/// The permission with its description, and a table of the scopes.
#[component]
pub fn KeyRights(key: Key) -> impl IntoView {
    let permission = key.fields.permissions.strongest();
    let words = permission.map_or("None", title);
    let sentence = permission.map_or("This key has no permission.", model::key::Permission::sentence);
    let place = if key.fields.scopes.is_empty() {
        view! { <Fact label="Scopes">"None. The permission applies to the whole organization."</Fact> }
            .into_any()
    } else {
        ().into_any()
    };
    let scopes = (!key.fields.scopes.is_empty()).then(|| view! { <ScopeTable scopes=key.fields.scopes/> });
    view! {
        <Section id="rights-title" title="Permissions and scopes">
            <Facts>
                <Fact label=words>{sentence}</Fact>
                {place}
            </Facts>
            {scopes}
        </Section>
    }
}

#[component]
fn ScopeTable(scopes: Vec<ResourceScope>) -> impl IntoView {
    let rows = scopes
        .iter()
        .map(|scope| {
            let (kind, id, operations) = scope_text(scope);
            view! {
                <tr>
                    <Cell label="Resource">{kind}</Cell>
                    <Cell label="Id or pattern"><code class="mono key-scope-id">{id}</code></Cell>
                    <Cell label="Operations" wide=true>{operations}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="Scopes">
            <thead>
                <tr>
                    <Header label="Resource"/>
                    <Header label="Id or pattern"/>
                    <Header label="Operations"/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}
