//! The form field for the expiry of a key.

use leptos::prelude::*;
use web_sys::js_sys;

use super::errors::field_id;
use super::expiry::{DAYS_OFFERED, ExpiryChoice, ExpirySentence, sentence};
use super::state::KeyForm;
use crate::components::keys::clock::use_now;
use crate::error::ConsoleError;
use crate::hydration::use_hydrated;
use crate::ui::{Choice, DateTimeField, Select, Tone, local_text};
use model::Timestamp;

/// Offers a number of days, a date and time, or never. A sentence below follows the choice and names the exact moment.
#[component]
pub fn ExpiryField(form: KeyForm, refused: Signal<Option<ConsoleError>>) -> impl IntoView {
    let now = use_now();
    let days = DAYS_OFFERED.map(ExpiryChoice::Days);
    let choices: Vec<_> = days
        .into_iter()
        .chain([ExpiryChoice::At, ExpiryChoice::Never])
        .map(|choice| Choice::new(choice.to_value(), choice.label()))
        .collect();
    let choice = form.part(|values| values.expiry.clone(), |values, choice| values.expiry = choice);
    let date = form.part(|values| values.expiry_at.clone(), |values, date| values.expiry_at = date);
    let expires_at = move || form.with(|values| values.expires_at(now.get()));
    let at = Memo::new(move |_| ExpiryChoice::from_value(&choice.get()) == ExpiryChoice::At);
    let error = form.error("expires_at", refused);
    let own_error = Signal::derive(move || error.get().filter(|_| !at.get()));
    let shown = Memo::new(move |_| sentence(expires_at().as_deref(), now.get()));
    let hydrated = use_hydrated();
    let local = move || {
        let end = Timestamp::parse(&expires_at()?).ok()?;
        (hydrated.get() && shown.with(Option::is_some)).then(|| in_local_zone(end)).flatten()
    };
    view! {
        <div class="key-expiry">
            <Select id=field_id("expiry") label="Expires" choices value=choice error=own_error/>
            <Show when=move || at.get()>
                <DateTimeField
                    id=field_id("expires_at")
                    label="Date and time (UTC)"
                    value=date
                    earliest=Signal::derive(move || Some(Timestamp::to_field(now.get())))
                    error
                />
            </Show>
            <p class="key-expiry-sentence" role="status">{move || shown.get().map(line)} {local}</p>
        </div>
    }
    .into_any()
}

/// The moment in the browser's time zone; `None` if that is the same as UTC.
fn in_local_zone(end: Timestamp) -> Option<String> {
    let offset = js_sys::Date::new_0().get_timezone_offset();
    (offset.abs() >= 1.0).then(|| format!("That is {} in your time zone.", local_text(end)))
}

fn line(shown: ExpirySentence) -> impl IntoView {
    let tone = if shown.is_warning { Tone::Warning } else { Tone::Neutral };
    view! { <span class=format!("key-expiry-line {}", tone.class())>{shown.text}</span> }
}
