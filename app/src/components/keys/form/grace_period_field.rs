//! The form field for a grace period.

use leptos::prelude::*;

use model::Timestamp;
use model::key::RotateDraft;

use super::grace_period::{CUSTOM, GRACE_PERIODS_OFFERED, draft, sentence};
use crate::components::keys::clock::use_now;
use crate::ui::{Choice, FormRow, Segmented, Select, TextField};

/// The content of the field.
#[derive(Clone, Copy)]
pub struct GracePeriodChoice {
    choice: RwSignal<String>,
    number: RwSignal<String>,
    unit: RwSignal<String>,
}

impl GracePeriodChoice {
    /// Starts with a grace period of `seconds`, which must be one of the offered values.
    pub fn new(seconds: i64) -> Self {
        Self {
            choice: RwSignal::new(seconds.to_string()),
            number: RwSignal::new("2".to_owned()),
            unit: RwSignal::new("days".to_owned()),
        }
    }

    pub fn draft(self) -> RotateDraft {
        draft(&self.choice.get(), &self.number.get(), &self.unit.get())
    }

    /// Whether the draft passes the check.
    pub fn is_valid(self) -> bool {
        self.draft().check().is_ok()
    }
}

/// Offers several grace periods, and names the exact moment at which the chosen one ends.
#[component]
pub fn GracePeriodField(
    #[prop(into)] legend: String,
    grace: GracePeriodChoice,
    /// The expiry of the key, which also ends the grace period.
    expires_at: Option<Timestamp>,
    /// Whether to offer that the earlier secret ends at once.
    #[prop(default = true)]
    with_now: bool,
) -> impl IntoView {
    let now = use_now();
    let choices: Vec<_> = GRACE_PERIODS_OFFERED
        .iter()
        .filter(|(seconds, _)| with_now || *seconds > 0)
        .map(|(seconds, words)| Choice::new(seconds.to_string(), *words))
        .chain([Choice::new(CUSTOM, "Custom")])
        .collect();
    let checked = move || grace.draft().check();
    let error =
        Signal::derive(move || checked().err()?.message_for("grace_period_seconds").map(str::to_owned));
    let hint = Signal::derive(move || Some(sentence(checked().ok()?, expires_at, now.get())));
    let is_custom = Memo::new(move |_| grace.choice.get() == CUSTOM);
    let units = ["minutes", "hours", "days"].map(|unit| Choice::new(unit, unit)).to_vec();
    let units = Signal::stored(units);
    view! {
        <Segmented id="grace" legend choices value=grace.choice hint error/>
        <Show when=move || is_custom.get()>
            <FormRow>
                <TextField id="grace-number" label="Duration" kind="number" value=grace.number/>
                <Select id="grace-unit" label="Unit" choices=units value=grace.unit/>
            </FormRow>
        </Show>
    }
}
