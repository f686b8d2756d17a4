//! The state of the form for a key while it is filled in: its fields as signals, and which errors are shown.

use leptos::prelude::*;

use model::field::FieldErrors;
use model::key::{Key, KeyDraft, KeyPatchDraft, ScopeDraft};

use super::values::{KeyValues, belongs_to_field, fields_of};
use crate::components::keys::clock::now;
use crate::error::ConsoleError;
use crate::ui::focus_id;

/// The beginning of the element ids of all fields.
const ID: &str = "key-form";

/// The element id of a field.
pub fn field_id(field: &str) -> String {
    format!("{ID}-{field}")
}

/// The fields of one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeFields {
    /// Identifies the row while other rows are added or removed.
    pub number: usize,
    /// The word of a resource type; empty for none.
    pub resource_type: RwSignal<String>,
    /// A resource id or a pattern.
    pub resource_id: RwSignal<String>,
    /// The words of the operations; empty for all.
    pub operations: RwSignal<Vec<String>>,
}

impl ScopeFields {
    fn new(number: usize, draft: ScopeDraft) -> Self {
        Self {
            number,
            resource_type: RwSignal::new(draft.resource_type.unwrap_or_default()),
            resource_id: RwSignal::new(draft.resource_id.unwrap_or_default()),
            operations: RwSignal::new(draft.operations.unwrap_or_default()),
        }
    }

    fn to_draft(self) -> ScopeDraft {
        ScopeDraft {
            resource_type: Some(self.resource_type.get()).filter(|word| !word.is_empty()),
            resource_id: Some(self.resource_id.get()).filter(|id| !id.is_empty()),
            operations: Some(self.operations.get()).filter(|words| !words.is_empty()),
        }
    }
}

/// The fields of the form. See [`KeyValues`] for what each contains.
#[derive(Debug, Clone, Copy)]
pub struct KeyForm {
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub permission: RwSignal<String>,
    pub expiry: RwSignal<String>,
    pub expiry_at: RwSignal<String>,
    pub rate_limit: RwSignal<String>,
    pub scopes: RwSignal<Vec<ScopeFields>>,
    left: RwSignal<Vec<String>>,
    tried: RwSignal<bool>,
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
        let KeyValues { name, description, permission, expiry, expiry_at, rate_limit, scopes } = values;
        let scopes = scopes.into_iter().enumerate().map(|(number, draft)| ScopeFields::new(number, draft));
        Self {
            name: RwSignal::new(name),
            description: RwSignal::new(description),
            permission: RwSignal::new(permission),
            expiry: RwSignal::new(expiry),
            expiry_at: RwSignal::new(expiry_at),
            rate_limit: RwSignal::new(rate_limit),
            scopes: RwSignal::new(scopes.collect()),
            left: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
            sent: RwSignal::new(None),
            key: StoredValue::new(key),
        }
    }

    /// The current content of the fields.
    pub fn values(self) -> KeyValues {
        KeyValues {
            name: self.name.get(),
            description: self.description.get(),
            permission: self.permission.get(),
            expiry: self.expiry.get(),
            expiry_at: self.expiry_at.get(),
            rate_limit: self.rate_limit.get(),
            scopes: self.scopes.get().into_iter().map(ScopeFields::to_draft).collect(),
        }
    }

    /// The draft of a new key.
    pub fn draft(self) -> KeyDraft {
        self.values().to_draft(now())
    }

    /// The draft of the change; empty in the form for a new key.
    pub fn patch(self) -> KeyPatchDraft {
        let values = self.values();
        self.key.with_value(|key| key.as_ref().map(|key| values.to_patch(key, now()))).unwrap_or_default()
    }

    /// Checks the fields without asking the server, and returns the errors.
    pub fn errors(self) -> FieldErrors {
        let is_change = self.key.with_value(Option::is_some);
        let checked =
            if is_change { self.patch().check(now()).map(drop) } else { self.draft().check(now()).map(drop) };
        checked.err().unwrap_or_default()
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
            let is_time = self.tried.get() || self.left.with(|left| left.contains(&field));
            let own = if is_time { message(&self.errors(), &field) } else { None };
            own.or_else(|| {
                let is_same = self.sent.get().is_some_and(|sent| sent == self.values());
                refused.with(|refused| {
                    let problem = refused.as_ref().filter(|_| is_same)?;
                    message(&fields_of(&problem.0), &field)
                })
            })
        })
    }

    /// Returns whether the form may be sent. If not, shows the errors and moves the focus to the first field that has
    /// one.
    pub fn try_send(self) -> bool {
        self.tried.set(true);
        let errors = untrack(move || self.errors());
        if errors.is_empty() {
            self.sent.set(Some(untrack(move || self.values())));
        } else {
            focus_first_bad(&errors);
        }
        errors.is_empty()
    }

    /// Adds an empty scope.
    pub fn add_scope(self) {
        self.scopes.update(|rows| {
            let number = rows.iter().map(|row| row.number + 1).max().unwrap_or(0);
            rows.push(ScopeFields::new(number, ScopeDraft::default()));
        });
    }

    /// Removes the scope whose [`ScopeFields::number`] is `number`.
    pub fn remove_scope(self, number: usize) {
        self.scopes.update(|rows| rows.retain(|row| row.number != number));
    }
}

/// Moves the focus to the field of the first error.
pub fn focus_first_bad(errors: &FieldErrors) {
    let Some(first) = errors.iter().next() else { return };
    let id = FOCUSED
        .iter()
        .find(|(field, _)| belongs_to_field(&first.location, field))
        .map_or_else(|| scope_id(errors), |(_, id)| Some(field_id(id)));
    if let Some(id) = id {
        focus_id(&id);
    }
}

/// The fields by name, each with the end of the element id that takes the focus. For scopes, see `scope_id`.
const FOCUSED: [(&str, &str); 5] = [
    ("name", "name"),
    ("description", "description"),
    ("permissions", "permissions-0"),
    ("rate_limit_override", "rate_limit_override"),
    ("expires_at", "expires_at"),
];

fn scope_id(errors: &FieldErrors) -> Option<String> {
    let first = errors.iter().next()?;
    let steps: Vec<_> = first
        .location
        .iter()
        .take(3)
        .map(|step| match step {
            model::field::Step::Index(index) => index.to_string(),
            model::field::Step::Name(name) => name.clone(),
        })
        .collect();
    (steps.len() == 3).then(|| field_id(&steps.join("-")))
}

fn message(errors: &FieldErrors, field: &str) -> Option<String> {
    errors.iter().find(|error| belongs_to_field(&error.location, field)).map(|error| error.message.clone())
}
