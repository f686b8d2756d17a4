//! A form that is checked while it is filled in, in the same words as the server uses.

use leptos::{ev::SubmitEvent, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};
use model::field::{FieldErrors, Step};

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
        Effect::new(move || {
            if refused.with(|error| error.as_ref().is_some_and(|error| !error.0.fields.is_empty())) {
                focus_first_broken();
            }
        });
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

    /// Shows all broken rules from now on; says whether there are none. Otherwise leads to the first of them.
    pub fn try_to_send(self) -> bool {
        self.tried.set(true);
        let is_good = self.broken.with_untracked(FieldErrors::is_empty);
        if !is_good {
            focus_first_broken();
        }
        is_good
    }

    /// Stops a form with broken rules before it is sent. To be called on the way down to the form (`:capture`), ahead
    /// of the form's own sending.
    pub fn guard(self) -> impl Fn(SubmitEvent) + Copy {
        move |event| {
            if !self.try_to_send() {
                event.prevent_default();
            }
        }
    }

    /// The message for a field.
    pub fn message(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let is_shown = self.tried.get() || self.left.with(|left| left.contains(&field));
            let own = self.broken.with(|broken| broken.message_for(field).map(str::to_owned));
            own.filter(|_| is_shown).or_else(|| self.refused_message(field))
        })
    }

    /// The message for a part of one thing in a list, as `fits` finds it by its location; shown as that of the list is.
    pub fn message_within(
        self,
        list: &'static str,
        fits: impl Fn(&[Step]) -> bool + Copy + Send + Sync + 'static,
    ) -> Signal<Option<String>> {
        let find = move |errors: &FieldErrors| {
            errors.iter().find(|error| fits(&error.location)).map(|error| error.message.clone())
        };
        Signal::derive(move || {
            let is_shown = self.tried.get() || self.left.with(|left| left.contains(&list));
            let own = self.broken.with(find).filter(|_| is_shown);
            own.or_else(|| self.refused.with(|error| error.as_ref().and_then(|error| find(&error.0.fields))))
        })
    }

    fn refused_message(self, field: &str) -> Option<String> {
        self.refused.with(|error| error.as_ref()?.0.fields.message_for(field).map(str::to_owned))
    }
}

/// Moves the focus to the first field that is marked as broken, once the marks are drawn.
fn focus_first_broken() {
    request_animation_frame(|| {
        let field = document().query_selector("form [aria-invalid=true]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}
