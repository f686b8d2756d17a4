//! One scope in the form for a key.

use leptos::prelude::*;

use model::key::{Operation, ResourceType};

use super::state::{KeyForm, ScopeFields, field_id};
use crate::components::keys::spaced::spaced;
use crate::error::ConsoleError;
use crate::ui::{Button, ButtonKind, Checkbox, Choice, Glyph, Menu, Select, TextField};

/// The fields of one scope: a resource type, an id or a pattern, and the allowed operations.
#[component]
pub fn ScopeRow(
    form: KeyForm,
    row: ScopeFields,
    /// The position of the scope, counted from 0. The ids of its fields contain it.
    index: usize,
    refused: Signal<Option<ConsoleError>>,
) -> impl IntoView {
    let field = move |part: &str| format!("scopes-{index}-{part}");
    let number = index + 1;
    let kinds = std::iter::once(Choice::new("", "Choose…"))
        .chain(ResourceType::ALL.iter().map(|kind| Choice::new(kind.as_str(), spaced(kind.as_str()))))
        .collect::<Vec<_>>();
    let (type_field, id_field) = (field("resource_type"), field("resource_id"));
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
                value=row.resource_type
                error=form.error(type_field, refused)
            />
            <TextField
                id=field_id(&id_field)
                label="Id or pattern"
                placeholder="prod-*"
                mono=true
                length_max=100u32
                value=row.resource_id
                on_leave=leave
                error=form.error(id_field, refused)
            />
            <OperationsField row index/>
            <Button
                kind=ButtonKind::Quiet
                icon=Glyph::Trash
                label=format!("Remove scope {number}")
                on_press=move |()| form.remove_scope(row.number)
            />
        </div>
    }
    .into_any()
}

#[component]
fn OperationsField(row: ScopeFields, index: usize) -> impl IntoView {
    let label = Signal::derive(move || operations_text(row.operations.with(Vec::len)));
    let boxes = Operation::ALL.iter().map(move |operation| {
        let word = operation.as_str();
        let checked = RwSignal::new(row.operations.with_untracked(|words| words.iter().any(|known| known == word)));
        let choose = move |is_on: bool| row.operations.update(|words| {
            words.retain(|known| known != word);
            if is_on {
                words.push(word.to_owned());
            }
        });
        view! { <Checkbox id=field_id(&format!("scopes-{index}-{word}")) label=spaced(word) checked on_change=choose/> }
    .into_any()
    });
    view! {
        <div class="field key-scope-operations">
            <span class="field-label">"Operations"</span>
            <Menu id=field_id(&format!("scopes-{index}-operations")) label kind=ButtonKind::Secondary>
                <div class="key-operations">{boxes.collect_view()}</div>
            </Menu>
        </div>
    }
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
