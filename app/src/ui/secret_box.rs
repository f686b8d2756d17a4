//! A secret that is masked until the user asks to see it.

use leptos::prelude::*;

use super::button::ButtonKind;
use super::copy_button::CopyButton;
use super::glyph::Glyph;
use super::icon::Icon;

/// Shows a secret on request and copies it. While the secret is masked, only its first characters are in the page.
#[component]
pub fn SecretBox(
    /// The id of the element that holds the secret, unique in the page.
    #[prop(into)]
    id: String,
    /// What the secret is, such as "Secret of Billing".
    #[prop(into)]
    label: String,
    #[prop(into)] secret: Signal<String>,
    /// How many characters are visible while the secret is masked.
    #[prop(default = 12)]
    start: usize,
    /// Called when the secret was copied, or selected for copying.
    #[prop(optional, into)]
    on_copied: Option<Callback<()>>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let text = move || if shown.get() { secret.get() } else { secret.with(|secret| masked(secret, start)) };
    let copied = move |()| {
        if let Some(on_copied) = on_copied {
            on_copied.run(());
        }
    };
    view! {
        <div class="secret-box" class:is-shown=shown role="group" aria-label=label>
            <code class="secret mono" id=id.clone()>{text}</code>
            <div class="secret-actions">
                <button
                    type="button"
                    class="button button-quiet button-small"
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    aria-controls=id.clone()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <span class="when-off"><Icon glyph=Glyph::Eye/></span>
                    <span class="when-on"><Icon glyph=Glyph::EyeOff/></span>
                    <span class="button-text">"Show"</span>
                </button>
                <CopyButton
                    text=secret
                    kind=ButtonKind::Primary
                    select_id=id
                    before=move |()| shown.set(true)
                    on_copied=copied
                />
            </div>
        </div>
    }
}

/// The first `start` characters, followed by one dot for each further character.
fn masked(secret: &str, start: usize) -> String {
    secret.chars().enumerate().map(|(index, one)| if index < start { one } else { '•' }).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_secret_shows_only_its_beginning() {
        assert_eq!(masked("sk_live_ab12cd", 12), "sk_live_ab12••");
        assert_eq!(masked("", 12), "");
    }
}
