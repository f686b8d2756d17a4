//! On or off, taking effect at once.

use leptos::prelude::*;

/// A labelled switch. Its effect is immediate; in a form that is sent later, use a checkbox.
#[component]
pub fn Switch(
    /// Its id, unique in the page.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// A sentence below the label.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Asked to change, with the wanted state; the caller changes `on`.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="switch">
            <button
                type="button"
                role="switch"
                class="switch-track"
                aria-checked=move || if on.get() { "true" } else { "false" }
                aria-labelledby=format!("{id}-label")
                aria-describedby=hint_id.clone()
                disabled=disabled
                on:click=move |_| on_change.run(!on.get_untracked())
                id=id.clone()
            >
                <span class="switch-thumb"></span>
            </button>
            <label class="check-label" id=format!("{id}-label") for=id>{label}</label>
            <p class="check-hint" id=hint_id hidden=move || hint.with(Option::is_none)>
                {move || hint.get().unwrap_or_default()}
            </p>
        </div>
    }
}
