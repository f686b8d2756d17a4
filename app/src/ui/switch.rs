//! A switch that takes effect at once.

use leptos::prelude::*;

/// In a form that is submitted later, use a checkbox instead.
#[component]
pub fn Switch(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    #[prop(into)] on: Signal<bool>,
    /// Shown below the label.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Called with the wanted state. The caller has to change `on`.
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
