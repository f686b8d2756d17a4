//! The form field for metadata.

use leptos::prelude::*;
use model::field::FieldErrors;
use model::metadata::METADATA_MEMBERS_MAX;

use super::row::Row;
use crate::hydration::use_hydrated;
use crate::metadata_rows::{MetadataRow, message_at};
use crate::ui::{Binding, Button, Glyph, focus_id};

/// Names and values as rows that can be added and removed. A plain form sends them as a list called `metadata`.
#[component]
pub fn MetadataField(
    /// The id of the field. The ids of the rows begin with it.
    #[prop(into)]
    id: String,
    #[prop(into)] rows: Binding<Vec<MetadataRow>>,
    /// The errors of the form that are to be shown.
    errors: Signal<FieldErrors>,
    /// Called when a row loses the focus. From then on its errors should be shown.
    on_leave: Callback<()>,
) -> impl IntoView {
    let is_hydrated = use_hydrated();
    let count = Memo::new(move |_| rows.get().len());
    let is_full = Signal::derive(move || count.get() >= METADATA_MEMBERS_MAX);
    let note_id = format!("{id}-note");
    let error_id = format!("{id}-error");
    let add_id = format!("{id}-add");
    let described_by = format!("{note_id} {error_id}");
    let id = StoredValue::new(id);
    let row_id = move |index: usize| id.with_value(|id| format!("{id}-{index}"));
    // Without rows, the focus goes to where one can be added.
    let focus_row = move |index: usize| {
        let row = count.get_untracked().checked_sub(1).map(|last| row_id(index.min(last)));
        let target = row.map_or_else(|| id.with_value(|id| format!("{id}-add")), |row| format!("{row}-name"));
        request_animation_frame(move || focus_id(&target));
    };
    let add = move |()| {
        rows.update(|rows| rows.push(MetadataRow::default()));
        focus_row(count.get_untracked());
    };
    let remove = Callback::new(move |index: usize| {
        rows.update(|rows| drop((index < rows.len()).then(|| rows.remove(index))));
        focus_row(index);
    });
    let error = Signal::derive(move || errors.with(|errors| message_at(errors, None)));
    view! {
        <fieldset class="field metadata-field" aria-describedby=described_by>
            <legend class="field-label">"Metadata"<span class="field-optional">"optional"</span></legend>
            <p class="field-hint" id=note_id>
                "Names and values of your own, such as a team or a ticket. Keystead stores them and does not interpret them."
            </p>
            <div class="metadata-row metadata-head" aria-hidden="true" hidden=move || count.get() == 0>
                <span>"Name"</span><span>"Value"</span>
            </div>
            <For each=move || 0..count.get() key=|index| *index let(index)>
                <Row id=row_id(index) index rows errors on_leave on_remove=remove/>
            </For>
            <p class="field-error" id=error_id hidden=move || error.with(Option::is_none)>{move || error.get()}</p>
            <div class="metadata-add" id=add_id tabindex="-1" class:is-waiting=move || !is_hydrated.get()>
                <Button icon=Glyph::Plus small=true disabled=is_full on_press=add>"Add a row"</Button>
            </div>
        </fieldset>
    }
    .into_any()
}
