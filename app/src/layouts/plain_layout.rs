//! The layout of pages outside the console's frame, such as the sign-in page: one card in the middle.

use leptos::prelude::*;

use super::theme_switch::ThemeSwitch;
use super::toasts::ToastRegion;
use crate::paths;
use crate::ui::{Logo, SkipLink};

/// A centred card below Keystead's logo, for signing in, setting up and errors. The title is the page's only `h1`.
#[component]
pub fn PlainLayout(
    #[prop(into)] title: Signal<String>,
    /// Shown below the title.
    #[prop(optional, into)]
    sentence: Signal<Option<String>>,
    /// Widens the card.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="plain">
            <SkipLink/>
            <header class="plain-head"><a class="plain-home" href=paths::HOME><Logo/></a></header>
            <main class="plain-main" class:plain-wide=wide id="content" tabindex="-1">
                <div class="plain-card">
                    <h1 class="plain-title">{title}</h1>
                    <p class="plain-sentence" hidden=move || sentence.with(Option::is_none)>
                        {move || sentence.get().unwrap_or_default()}
                    </p>
                    {children()}
                </div>
            </main>
            <footer class="plain-foot"><ThemeSwitch id="theme"/></footer>
            <ToastRegion/>
        </div>
    }
}
