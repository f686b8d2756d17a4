//! A password field that hides its text unless the user asks to see it.

use leptos::html::Input;
use leptos::prelude::*;

use super::bind::bind_text;
use super::field::{Field, described_by, invalid};
use super::glyph::Glyph;
use super::icon::Icon;

/// A labelled password field with a button that shows the password. Pasting and password managers are allowed.
#[component]
pub fn PasswordField(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// The name in the submitted form. Defaults to the id.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(default = RwSignal::new(String::new()))] value: RwSignal<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// `current-password` or `new-password`.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    /// Makes the browser refuse to submit the form while the field is empty.
    #[prop(optional)]
    required: bool,
    /// Takes the focus when its page or dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    bind_text(node, value.into());
    let shown = RwSignal::new(false);
    let controls = id.clone();
    view! {
        <Field id=id.clone() label hint error>
            <div class="password-field">
                <input
                    node_ref=node
                    class="input"
                    type=move || if shown.get() { "text" } else { "password" }
                    name=name.unwrap_or_else(|| id.clone())
                    autocomplete=autocomplete
                    autocapitalize="off"
                    spellcheck="false"
                    required=required
                    autofocus=autofocus
                    aria-describedby=described_by(&id)
                    aria-invalid=move || invalid(error)
                    on:input=move |event| value.set(event_target_value(&event))
                    id=id
                />
                <button
                    type="button"
                    class="field-button password-toggle"
                    aria-controls=controls
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    aria-label="Show password"
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <span class="when-off"><Icon glyph=Glyph::Eye/></span>
                    <span class="when-on"><Icon glyph=Glyph::EyeOff/></span>
                </button>
            </div>
        </Field>
    }
}
