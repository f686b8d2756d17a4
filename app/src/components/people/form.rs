//! A form that is checked while it is filled in, in the same words as the server uses.

use leptos::prelude::*;
use model::field::FieldErrors;

use crate::error::ConsoleError;

/// Which broken rules of a form are shown: of fields that were left, of all after an attempt, and what the server said.
#[derive(Clone, Copy)]
pub struct LiveForm {
    left: RwSignal<Vec<&'static str>>,
    tried: RwSignal<bool>,
    broken: Signal<FieldErrors>,
    refused: Signal<Option<ConsoleError>>,
}

impl LiveForm {
    /// A form with its own check and the error of its action's last answer.
    pub fn new(
        broken: impl Fn() -> FieldErrors + Send + Sync + 'static,
        refused: Signal<Option<ConsoleError>>,
    ) -> Self {
        let broken = Signal::derive(broken);
        Self { left: RwSignal::new(Vec::new()), tried: RwSignal::new(false), broken, refused }
    }

    /// To be called when a field is left: from then on its broken rule is shown while typing.
    pub fn leaver(self, field: &'static str) -> Callback<()> {
        Callback::new(move |()| {
            if !self.left.with_untracked(|left| left.contains(&field)) {
                self.left.update(|left| left.push(field));
            }
        })
    }

    /// Shows all broken rules from now on; says whether there are none.
    pub fn try_to_send(self) -> bool {
        self.tried.set(true);
        self.broken.with_untracked(FieldErrors::is_empty)
    }

    /// The message for a field.
    pub fn message(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let is_shown = self.tried.get() || self.left.with(|left| left.contains(&field));
            let own = self.broken.with(|broken| broken.message_for(field).map(str::to_owned));
            own.filter(|_| is_shown).or_else(|| self.refused_message(field))
        })
    }

    fn refused_message(self, field: &str) -> Option<String> {
        self.refused.with(|error| error.as_ref()?.0.fields.message_for(field).map(str::to_owned))
    }
}
