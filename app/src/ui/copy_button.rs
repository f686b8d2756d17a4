//! A button that copies a text. The outcome is shown beside it and read by screen readers.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::ButtonKind;
use super::copy::{Copied, copy};
use super::glyph::Glyph;
use super::icon::Icon;

/// How long the outcome is shown.
const OUTCOME_SHOWN_FOR: Duration = Duration::from_secs(3);

/// The text of the button stays the same. The outcome is shown beside it.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// The text of the button, or its accessible name if only the icon is shown.
    #[prop(default = "Copy".to_owned(), into)]
    label: String,
    #[prop(optional)] icon_only: bool,
    #[prop(default = ButtonKind::Quiet)] kind: ButtonKind,
    /// The id of the element that holds the text. It is selected if the browser cannot copy the text.
    #[prop(optional, into)]
    select_id: Option<String>,
    /// Called before the element is selected, so that it can show the text.
    #[prop(optional, into)]
    before: Option<Callback<()>>,
    /// Called when the text was copied, or selected for copying.
    #[prop(optional, into)]
    on_copied: Option<Callback<()>>,
) -> impl IntoView {
    let copied = RwSignal::new(Copied::Idle);
    let select_id = StoredValue::new(select_id);
    let name = icon_only.then(|| label.clone());
    let press = move |_| {
        spawn_local(async move {
            let outcome = copy(text.get_untracked(), None).await;
            let outcome =
                if outcome == Copied::Done { outcome } else { copy_or_select(text, select_id, before).await };
            copied.try_set(outcome);
            if matches!(outcome, Copied::Done | Copied::Selected)
                && let Some(on_copied) = on_copied
            {
                on_copied.run(());
            }
            set_timeout(
                move || {
                    copied.try_set(Copied::Idle);
                },
                OUTCOME_SHOWN_FOR,
            );
        });
    };
    view! {
        <span class="copy" class:is-copied=move || copied.get() == Copied::Done>
            <button
                type="button"
                class=kind.class()
                class:button-small=true
                class:button-icon=icon_only
                aria-label=name.clone()
                title=name
                on:click=press
            >
                <span class="when-off"><Icon glyph=Glyph::Copy/></span>
                <span class="when-on"><Icon glyph=Glyph::Check/></span>
                {(!icon_only).then(|| view! { <span class="button-text">{label}</span> })}
            </button>
            <span class="copy-outcome" role="status">{move || outcome_text(copied.get())}</span>
        </span>
    }
}

/// Used if the first attempt to copy failed. Shows the text, tries again, and otherwise selects the text for the user
/// to copy.
async fn copy_or_select(
    text: Signal<String>,
    select_id: StoredValue<Option<String>>,
    before: Option<Callback<()>>,
) -> Copied {
    if let Some(before) = before {
        before.run(());
        // Waits one tick for the text to be shown.
        leptos::task::tick().await;
    }
    copy(text.get_untracked(), select_id.get_value()).await
}

const fn outcome_text(copied: Copied) -> &'static str {
    match copied {
        Copied::Idle => "",
        Copied::Done => "Copied",
        Copied::Selected => "Selected. Press Ctrl+C or ⌘C.",
        Copied::Refused => "Copying failed. Select the text and copy it.",
    }
}
