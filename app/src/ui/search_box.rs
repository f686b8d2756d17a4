//! The search field above a list.

use leptos::html::Input;
use leptos::prelude::*;

use super::bind::bind_text;
use super::glyph::Glyph;
use super::icon::Icon;
use super::key_hint::KeyHint;

/// The page puts it into a GET form, so that every search has an address.
#[component]
pub fn SearchBox(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What is searched. Screen readers read it, and it is shown while the field is empty.
    #[prop(into)]
    label: String,
    /// The name of the parameter in the address.
    #[prop(default = "search".to_owned(), into)]
    name: String,
    #[prop(default = RwSignal::new(String::new()))] value: RwSignal<String>,
    /// Called with the text on every change. The page waits for a pause in the typing before it acts.
    #[prop(optional, into)]
    on_type: Option<Callback<String>>,
    /// The keyboard shortcut that focuses the field. It is shown inside the field.
    #[prop(optional, into)]
    shortcut: Option<String>,
    /// The maximum length, in UTF-16 units, as browsers count.
    #[prop(default = 200)]
    length_max: u32,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    bind_text(node, value.into());
    let changed = move |text: String| {
        value.set(text.clone());
        if let Some(on_type) = on_type {
            on_type.run(text);
        }
    };
    let clear = move |_| {
        changed(String::new());
        if let Some(input) = node.get_untracked() {
            let _ = input.focus();
        }
    };
    view! {
        <div class="search-box" class:is-filled=move || value.with(|value| !value.is_empty())>
            <Icon glyph=Glyph::Search/>
            <input
                node_ref=node
                class="input"
                type="search"
                name=name
                value=value.get_untracked()
                placeholder=label.clone()
                aria-label=label
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                maxlength=length_max
                enterkeyhint="search"
                on:input=move |event| changed(event_target_value(&event))
                id=id
            />
            {shortcut.map(|keys| view! { <KeyHint keys/> })}
            <button type="button" class="field-button search-clear" aria-label="Clear the search" on:click=clear>
                <Icon glyph=Glyph::Cross/>
            </button>
        </div>
    }
}
