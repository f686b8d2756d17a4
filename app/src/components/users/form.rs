//! A form that is checked while it is filled in, with the same error messages as on the server.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use model::field::{FieldErrors, Step};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::error::ConsoleError;

/// Decides which errors of a form are shown: those of fields that the person left, all after they tried to send the
/// form, and those that the server returned.
#[derive(Clone, Copy)]
pub struct LiveForm {
    left: RwSignal<Vec<&'static str>>,
    tried: RwSignal<bool>,
    errors: Signal<FieldErrors>,
    refused: Signal<Option<ConsoleError>>,
}

impl LiveForm {
    /// Creates the state of a form. `errors` checks the fields, and `refused` is the server's last refusal.
    pub fn new(
        errors: impl Fn() -> FieldErrors + Send + Sync + 'static,
        refused: Signal<Option<ConsoleError>>,
    ) -> Self {
        let errors = Signal::derive(errors);
        Effect::new(move || {
            if refused.with(|error| error.as_ref().is_some_and(|error| !error.0.fields.is_empty())) {
                focus_first_invalid();
            }
        });
        Self { left: RwSignal::new(Vec::new()), tried: RwSignal::new(false), errors, refused }
    }

    /// The callback for when the person leaves a field. From then on, its error is shown while they type.
    pub fn on_leave_of(self, field: &'static str) -> Callback<()> {
        Callback::new(move |()| {
            if !self.left.with_untracked(|left| left.contains(&field)) {
                self.left.update(|left| left.push(field));
            }
        })
    }

    /// Shows all errors from now on, and returns whether there are none. If there are, moves the focus to the first
    /// field that has one.
    pub fn try_to_send(self) -> bool {
        self.tried.set(true);
        let is_good = self.errors.with_untracked(FieldErrors::is_empty);
        if !is_good {
            focus_first_invalid();
        }
        is_good
    }

    /// The listener that stops a form with errors before it is sent. It must listen in the capture phase (`:capture`),
    /// so that it runs before the form's own listener.
    pub fn guard(self) -> impl Fn(SubmitEvent) + Copy {
        move |event| {
            if !self.try_to_send() {
                event.prevent_default();
            }
        }
    }

    /// The error message of a field, if it is to be shown.
    pub fn message(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let is_shown = self.tried.get() || self.left.with(|left| left.contains(&field));
            let own = self.errors.with(|errors| errors.message_for(field).map(str::to_owned));
            own.filter(|_| is_shown).or_else(|| self.refused_message(field))
        })
    }

    /// The error message of a part of an item in a list. `fits` recognizes the part by its location. The message is
    /// shown when an error of the field `list` would be shown.
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
            let own = self.errors.with(find).filter(|_| is_shown);
            own.or_else(|| self.refused.with(|error| error.as_ref().and_then(|error| find(&error.0.fields))))
        })
    }

    /// The errors of a list of rows, for all rows together. They are shown when an error of the field `list` would be
    /// shown.
    pub fn errors_of_rows(self, list: &'static str) -> Signal<FieldErrors> {
        Signal::derive(move || {
            let is_shown = self.tried.get() || self.left.with(|left| left.contains(&list));
            let own = is_shown.then(|| self.errors.get());
            own.filter(|errors| errors.message_for(list).is_some()).unwrap_or_else(|| {
                let fields = |error: &ConsoleError| error.0.fields.clone();
                self.refused.with(|error| error.as_ref().map(fields)).unwrap_or_default()
            })
        })
    }

    fn refused_message(self, field: &str) -> Option<String> {
        self.refused.with(|error| error.as_ref()?.0.fields.message_for(field).map(str::to_owned))
    }
}

/// Moves the focus to the first field that is marked as invalid, after the marks are rendered.
fn focus_first_invalid() {
    request_animation_frame(|| {
        let field = document().query_selector("form [aria-invalid=true]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}
