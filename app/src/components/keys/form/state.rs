//! The state of the form for a key while it is filled in: what was entered, and which errors are shown.

use leptos::prelude::*;

use model::field::FieldErrors;
use model::key::{Key, KeyDraft, KeyPatchDraft};

use super::errors::{fields_of, focus_first_bad, message_of};
use super::values::KeyValues;
use crate::components::keys::clock::now;
use crate::error::ConsoleError;
use crate::ui::Binding;

/// The form. Everything that was entered is in one signal, so that [`KeyValues`] is the only place that lists the
/// fields.
#[derive(Debug, Clone, Copy)]
pub struct KeyForm {
    values: RwSignal<KeyValues>,
    /// The errors of the values at present.
    errors: Memo<FieldErrors>,
    /// The fields that the person has left.
    left: RwSignal<Vec<String>>,
    /// Whether the person has tried to send the form.
    tried: RwSignal<bool>,
    /// The values that were sent last.
    sent: RwSignal<Option<KeyValues>>,
    /// The key that is changed; `None` in the form for a new key.
    key: StoredValue<Option<Key>>,
}

impl KeyForm {
    pub fn for_new(values: KeyValues) -> Self {
        Self::new(values, None)
    }

    pub fn for_change(key: Key) -> Self {
        Self::new(KeyValues::of(&key), Some(key))
    }

    fn new(values: KeyValues, key: Option<Key>) -> Self {
        let (values, key) = (RwSignal::new(values), StoredValue::new(key));
        Self {
            values,
            errors: Memo::new(move |_| {
                key.with_value(|key| values.with(|values| values.errors(key.as_ref(), now())))
            }),
            left: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
            sent: RwSignal::new(None),
            key,
        }
    }

    /// A part of the values, for the field that shows and changes it.
    pub fn part<T: Clone + Send + Sync + 'static>(
        self,
        read: impl Fn(&KeyValues) -> T + Send + Sync + 'static,
        write: impl Fn(&mut KeyValues, T) + Send + Sync + 'static,
    ) -> Binding<T> {
        Binding::part(self.values, read, write)
    }

    /// Something that depends on the values. Follows their changes.
    pub fn with<T>(self, read: impl FnOnce(&KeyValues) -> T) -> T {
        self.values.with(read)
    }

    /// Changes the values other than through a field.
    pub fn update(self, change: impl FnOnce(&mut KeyValues)) {
        self.values.update(change);
    }

    /// The draft of a new key.
    pub fn draft(self) -> KeyDraft {
        self.values.with_untracked(|values| values.to_draft(now()))
    }

    /// The draft of the change; empty in the form for a new key.
    pub fn patch(self) -> KeyPatchDraft {
        let values = self.values.get_untracked();
        self.key.with_value(|key| key.as_ref().map(|key| values.to_patch(key, now()))).unwrap_or_default()
    }

    /// Records that the person left a field. From now on, its error is shown while they type.
    pub fn leave(self, field: &str) {
        if self.left.try_with_untracked(|left| left.iter().all(|known| known != field)) == Some(true) {
            self.left.update(|left| left.push(field.to_owned()));
        }
    }

    /// The error of a field, in the words of the server. It is shown after the person left the field or tried to send
    /// the form. An error that the server returned is shown until something in the form changes.
    pub fn error(
        self,
        field: impl Into<String>,
        refused: Signal<Option<ConsoleError>>,
    ) -> Signal<Option<String>> {
        let field = field.into();
        Signal::derive(move || {
            let own = self.is_time_for(&field).then(|| self.errors.with(|errors| message_of(errors, &field)));
            own.flatten().or_else(|| message_of(&self.refused_fields(refused), &field))
        })
    }

    /// The errors of a list of rows, for all rows together. They are shown like the error of a field, once the person
    /// has left any row.
    pub fn errors_of_rows(
        self,
        list: &'static str,
        refused: Signal<Option<ConsoleError>>,
    ) -> Signal<FieldErrors> {
        Signal::derive(move || {
            let own = self.is_time_for(list).then(|| self.errors.get());
            own.filter(|errors| errors.message_for(list).is_some())
                .unwrap_or_else(|| self.refused_fields(refused))
        })
    }

    fn is_time_for(self, field: &str) -> bool {
        self.tried.get() || self.left.with(|left| left.iter().any(|known| known == field))
    }

    /// The errors that the server returned, as long as nothing in the form has changed since.
    fn refused_fields(self, refused: Signal<Option<ConsoleError>>) -> FieldErrors {
        let is_same = self.sent.with(|sent| self.values.with(|values| sent.as_ref() == Some(values)));
        let fields = |error: &ConsoleError| fields_of(&error.0);
        refused.with(|refused| refused.as_ref().filter(|_| is_same).map(fields)).unwrap_or_default()
    }

    /// Returns whether the form may be sent. If not, shows the errors and moves the focus to the first field that has
    /// one.
    pub fn try_send(self) -> bool {
        let values = self.values.get_untracked();
        // Checked again, because the clock has moved on since the values changed.
        let errors = self.key.with_value(|key| values.errors(key.as_ref(), now()));
        self.tried.set(true);
        if errors.is_empty() {
            self.sent.set(Some(values));
        } else {
            focus_first_bad(&errors);
        }
        errors.is_empty()
    }
}
