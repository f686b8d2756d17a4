//! The choice of a grace period.

use leptos::prelude::*;

use model::Timestamp;
use model::key::RotateDraft;

use super::clock::use_now;
use super::grace_choice::{CUSTOM, GRACES_OFFERED, draft, sentence};
use crate::ui::{Choice, FormRow, Segmented, Select, TextField};

/// How long an old secret stays valid.
#[derive(Clone, Copy)]
pub struct GraceChoice {
    choice: RwSignal<String>,
    number: RwSignal<String>,
    unit: RwSignal<String>,
}

impl GraceChoice {
    /// Starts with so many seconds, one of the values on offer.
    pub fn new(seconds: i64) -> Self {
        Self {
            choice: RwSignal::new(seconds.to_string()),
            number: RwSignal::new("2".to_owned()),
            unit: RwSignal::new("days".to_owned()),
        }
    }

    /// What is asked for.
    pub fn draft(self) -> RotateDraft {
        draft(&self.choice.get(), &self.number.get(), &self.unit.get())
    }

    /// Whether it follows the rule.
    pub fn is_sound(self) -> bool {
        self.draft().check().is_ok()
    }
}

/// The choice of a grace period, with the exact moment at which it ends.
#[component]
pub fn GraceField(
    /// What it is for.
    #[prop(into)]
    legend: String,
    /// What is chosen.
    grace: GraceChoice,
    /// The key's own end.
    expires_at: Option<Timestamp>,
    /// Whether the old secret may end at once.
    #[prop(default = true)]
    with_now: bool,
) -> impl IntoView {
    let now = use_now();
    let choices: Vec<_> = GRACES_OFFERED
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
                <TextField id="grace-number" label="For" kind="number" value=grace.number/>
                <Select id="grace-unit" label="Unit" choices=units value=grace.unit/>
            </FormRow>
        </Show>
    }
}
