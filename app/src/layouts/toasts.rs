//! The place in the page where toasts appear.

use leptos::prelude::*;

use crate::state::toasts::{Toast, use_toasts};
use crate::ui::{Glyph, Icon, Tone};

/// A page has one region. While the pointer is over a toast or one has the focus, all of them stay.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <section
            class="toasts"
            aria-label="Messages"
            aria-live="polite"
            on:mouseenter=move |_| toasts.hold(true)
            on:mouseleave=move |_| toasts.hold(false)
            on:focusin=move |_| toasts.hold(true)
            on:focusout=move |_| toasts.hold(false)
        >
            <For each=move || toasts.list() key=|toast| toast.id let:toast>
                <ToastCard toast/>
            </For>
        </section>
    }
}

#[component]
fn ToastCard(toast: Toast) -> impl IntoView {
    let toasts = use_toasts();
    let Toast { id, tone, text, action } = toast;
    let action = action.map(|(words, run)| {
        let press = move |_| {
            toasts.dismiss(id);
            run.run(());
        };
        view! { <button type="button" class="button button-secondary button-small" on:click=press>{words}</button> }
    });
    view! {
        <div class=format!("toast {}", tone.class())>
            <Icon glyph=glyph_of(tone)/>
            <p class="toast-text">{text}</p>
            {action}
            <button type="button" class="field-button" aria-label="Dismiss" on:click=move |_| toasts.dismiss(id)>
                <Icon glyph=Glyph::Cross/>
            </button>
        </div>
    }
}

const fn glyph_of(tone: Tone) -> Glyph {
    match tone {
        Tone::Neutral | Tone::Accent => Glyph::Info,
        Tone::Success => Glyph::CircleCheck,
        Tone::Warning => Glyph::Warning,
        Tone::Danger => Glyph::CircleAlert,
    }
}
