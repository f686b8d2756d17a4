//! One scope in the form for a key.

use leptos::prelude::*;

use model::key::{Operation, ResourceType, ScopeDraft};

use super::errors::field_id;
use super::state::KeyForm;
use super::values::KeyValues;
use crate::components::keys::spaced::spaced;
use crate::error::ConsoleError;
use crate::ui::{Binding, Button, ButtonKind, Checkbox, Choice, Glyph, Menu, Select, TextField};

/// The fields of one scope: a resource type, an id or a pattern, and the allowed operations.
#[component]
pub fn ScopeRow(
    form: KeyForm,
    /// The position of the scope, counted from 0.
    index: usize,
    refused: Signal<Option<ConsoleError>>,
) -> impl IntoView {
    let number = index + 1;
    let kinds = std::iter::once(Choice::new("", "Choose…"))
        .chain(ResourceType::ALL.iter().map(|kind| Choice::new(kind.as_str(), spaced(kind.as_str()))))
        .collect::<Vec<_>>();
    let (type_field, id_field) =
        (format!("scopes-{index}-resource_type"), format!("scopes-{index}-resource_id"));
    let leave = {
        let id_field = id_field.clone();
        move |()| form.leave(&id_field)
    };
    view! {
        <div class="key-scope" role="group" aria-label=format!("Scope {number}")>
            <Select
                id=field_id(&type_field)
                label="Resource"
                choices=kinds
                value=text_of(form, index, |scope| &mut scope.resource_type)
                error=form.error(type_field, refused)
            />
            <TextField
                id=field_id(&id_field)
                label="Id or pattern"
                placeholder="prod-*"
                mono=true
                length_max=100u32
                value=text_of(form, index, |scope| &mut scope.resource_id)
                on_leave=leave
                error=form.error(id_field, refused)
            />
            <OperationsField form index/>
            <Button
                kind=ButtonKind::Quiet
                icon=Glyph::Trash
                label=format!("Remove scope {number}")
                on_press=move |()| form.update(|values| values.remove_scope(index))
            />
        </div>
    }
    .into_any()
}

/// A text of one scope. The row of a scope that was just removed reads an empty text.
fn text_of(form: KeyForm, index: usize, part: fn(&mut ScopeDraft) -> &mut Option<String>) -> Binding {
    form.part(
        move |values| {
            let mut scope = values.scopes.get(index).cloned().unwrap_or_default();
            part(&mut scope).take().unwrap_or_default()
        },
        move |values, text| {
            if let Some(scope) = values.scopes.get_mut(index) {
                *part(scope) = Some(text).filter(|text| !text.is_empty());
            }
        },
    )
}

#[component]
fn OperationsField(form: KeyForm, index: usize) -> impl IntoView {
    let count = move || form.with(|values| operations_of(values, index).len());
    let boxes = Operation::ALL.iter().map(move |operation| {
        let word = operation.as_str();
        let checked = form.part(
            move |values| operations_of(values, index).iter().any(|known| known == word),
            move |values, is_on| values.allow_operation(index, word, is_on),
        );
        view! { <Checkbox id=field_id(&format!("scopes-{index}-{word}")) label=spaced(word) checked/> }
            .into_any()
    });
    view! {
        <div class="field key-scope-operations">
            <span class="field-label">"Operations"</span>
            <Menu
                id=field_id(&format!("scopes-{index}-operations"))
                label=Signal::derive(move || operations_text(count()))
                kind=ButtonKind::Secondary
            >
                <div class="key-operations">{boxes.collect_view()}</div>
            </Menu>
        </div>
    }
}

fn operations_of(values: &KeyValues, index: usize) -> &[String] {
    values.scopes.get(index).and_then(|scope| scope.operations.as_deref()).unwrap_or_default()
}

fn operations_text(count: usize) -> String {
    match count {
        0 => "All".to_owned(),
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_counts_the_chosen_operations() {
        assert_eq!([0, 1, 3].map(operations_text), ["All", "1 operation", "3 operations"]);
    }
}
