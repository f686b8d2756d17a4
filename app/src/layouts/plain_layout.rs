//! Around pages for people who are not signed in: one card in the middle.

use leptos::prelude::*;

use crate::ui::{Logo, SkipLink, ThemeSwitch, ToastRegion};

/// A centred card under Keystead's name, for signing in, setting up and errors. The title is the page's only `h1`.
#[component]
pub fn PlainLayout(
    /// The heading of the card.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence below it.
    #[prop(optional, into)]
    sentence: Signal<Option<String>>,
    /// Room for forms of two columns.
    #[prop(optional)]
    wide: bool,
    /// The content of the card.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="plain">
            <SkipLink/>
            <header class="plain-head"><a class="plain-home" href="/"><Logo/></a></header>
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
