//! The fields of one rule in the form.

use leptos::prelude::*;
use model::field::Step;
use model::key::{Operation, ResourceType};

use super::form::{GatewayForm, RuleRow};
use super::labels::{method_choices, needs_choices};
use crate::components::keys::spaced;
use crate::components::users::LiveForm;
use crate::hydration::use_hydrated;
use crate::ui::{Button, ButtonKind, Choice, Glyph, Select, TextField};

/// Method, path, who may pass, and the resource. The resource is collapsed at first if there is none.
#[component]
pub(super) fn RuleRowFields(
    fields: GatewayForm,
    form: LiveForm,
    row: RuleRow,
    /// The index of the row in the form.
    index: usize,
) -> impl IntoView {
    let is_hydrated = use_hydrated();
    let number = index + 1;
    let id = move |part: &str| format!("rule-{index}-{part}");
    let name = move |part: &str| format!("fields[rules][{index}][{part}]");
    let error = move |parts: &'static [&'static [&'static str]]| message(form, fields, row, parts);
    let kinds = ResourceType::ALL.iter().map(|kind| (kind.as_str(), spaced(kind.as_str())));
    let operations = Operation::ALL.iter().map(|one| (one.as_str(), spaced(one.as_str())));
    let has_resource = row.kind.with_untracked(|kind| !kind.is_empty());
    let methods = row.method.with_untracked(|own| method_choices(own));
    view! {
        <div class="gateway-rule" role="group" aria-label=format!("Rule {number}")>
            <Select
                id=id("method") name=name("method") label="Method" choices=methods value=row.method
                error=error(&[&["method"]])
            />
            <TextField
                id=id("path") name=name("path") label="Path" value=row.path mono=true placeholder="/v1/**"
                error=error(&[&["path"]]) on_leave=form.on_leave_of("rules")
            />
            <Select
                id=id("needs") name=name("needs") label="Who passes" choices=needs_choices() value=row.needs
                error=error(&[&["permission"], &["access"]])
            />
            <div class="gateway-rule-actions" class:is-waiting=move || !is_hydrated.get()>
                <Button
                    kind=ButtonKind::Quiet icon=Glyph::ChevronUp label=format!("Move rule {number} up") disabled=index == 0
                    on_press=move |()| fields.move_up(row.number)
                />
                <Button
                    kind=ButtonKind::Quiet icon=Glyph::Trash label=format!("Remove rule {number}")
                    on_press=move |()| fields.remove_rule(row.number)
                />
            </div>
            <details class="gateway-rule-more" open=has_resource>
                <summary>"Only if the key's scopes cover a resource"</summary>
                <div class="gateway-rule-resource">
                    <Select
                        id=id("kind") name=name("kind") label="Resource" choices=with_none(kinds, "None") value=row.kind
                        error=error(&[&["resource", "type"]])
                    />
                    <TextField
                        id=id("id") name=name("id") label="Id or segment" value=row.id mono=true placeholder="{bucket}"
                        error=error(&[&["resource", "id"]]) on_leave=form.on_leave_of("rules")
                    />
                    <Select
                        id=id("operation") name=name("operation") label="Operation" choices=with_none(operations, "Any")
                        value=row.operation error=error(&[&["resource", "operation"]])
                    />
                </div>
            </details>
        </div>
    }
    .into_any()
}

fn with_none(words: impl Iterator<Item = (&'static str, String)>, none: &str) -> Vec<Choice> {
    std::iter::once(Choice::new("", none))
        .chain(words.map(|(word, label)| Choice::new(word, label)))
        .collect()
}

/// The error message for one of these parts of a row, if there is one.
fn message(
    form: LiveForm,
    fields: GatewayForm,
    row: RuleRow,
    parts: &'static [&'static [&'static str]],
) -> Signal<Option<String>> {
    form.message_within("rules", move |place| {
        let [Step::Name(list), Step::Index(rule), rest @ ..] = place else { return false };
        let is_one = |part: &&[&str]| {
            part.len() == rest.len()
                && part.iter().zip(rest).all(|(name, step)| matches!(step, Step::Name(own) if own == name))
        };
        list == "rules"
            && parts.iter().any(is_one)
            && fields.index_of(row.number).and_then(|at| u32::try_from(at).ok()) == Some(*rule)
    })
}
