//! A new secret in the formats in which people paste it.

use leptos::prelude::*;

use model::key::CreatedKey;

use super::snippet::{Snippet, open_characters};
use crate::fns::keys::{get_key, key_settings};
use crate::ui::{SecretBox, Tab, TabPanel, Tabs};

/// Tabs with the secret, a line for an `.env` file, and a curl command that works. All are masked until the person
/// shows them.
#[component]
pub fn SecretTabs(
    made: CreatedKey,
    /// Called when the person has copied one of the formats.
    #[prop(into)]
    on_copied: Callback<()>,
) -> impl IntoView {
    let chosen = RwSignal::new(Snippet::default());
    let server = Action::new(|(): &()| key_settings());
    let details = Action::new(|id: &model::id::KeyId| get_key(id.clone()));
    let key_id = made.key.key_id.clone();
    Effect::new(move || {
        server.dispatch(());
        details.dispatch(key_id.clone());
    });
    let made = StoredValue::new(made);
    let base = move || {
        let settings = server.value().get().and_then(Result::ok);
        settings
            .map_or_else(|| window().location().origin().unwrap_or_default(), |settings| settings.server_url)
    };
    let owner = move || details.value().get().and_then(Result::ok).map(|details| details.owner_email);
    let tabs = Snippet::ALL
        .map(|form| {
            view! {
                <Tab
                    id=format!("secret-{}", form.as_str())
                    selected=Signal::derive(move || chosen.get() == form)
                    on_select=move |()| chosen.set(form)
                >
                    {form.label()}
                </Tab>
            }
        })
        .collect_view();
    let panels = Snippet::ALL
        .map(|form| {
            let text = Memo::new(move |_| {
                let email = if form == Snippet::Curl { owner()? } else { String::new() };
                Some(made.with_value(|made| {
                    form.text(made.secret.reveal(), made.key.fields.name.as_str(), &email, &base())
                }))
            });
            view! {
                <TabPanel
                    tab_id=format!("secret-{}", form.as_str())
                    shown=Signal::derive(move || chosen.get() == form)
                >
                    {move || text.get().map(|text| view! { <SnippetBox form text made on_copied/> })}
                </TabPanel>
            }
        })
        .collect_view();
    view! {
        <div class="key-secret">
            <Tabs label="Formats of the secret">{tabs}</Tabs>
            {panels}
        </div>
    }
}

#[component]
fn SnippetBox(
    form: Snippet,
    text: String,
    made: StoredValue<CreatedKey>,
    on_copied: Callback<()>,
) -> impl IntoView {
    let start = made.with_value(|made| open_characters(&text, made.secret.reveal()));
    let label = made.with_value(|made| format!("{} of {}", form.label(), made.key.fields.name.as_str()));
    view! { <SecretBox id=format!("secret-{}-text", form.as_str()) label secret=Signal::stored(text) start on_copied/> }
}
