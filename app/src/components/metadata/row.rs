//! One row of the form field for metadata.

use leptos::prelude::*;
use model::field::FieldErrors;
use model::metadata::{METADATA_BYTES_MAX, METADATA_NAME_LENGTH_MAX};

use crate::hydration::use_hydrated;
use crate::metadata_rows::{MetadataRow, message_at};
use crate::ui::{Binding, Button, ButtonKind, Glyph, TextField, typed_length};

/// Name, value, and a button that removes the row.
#[component]
pub(super) fn Row(
    id: String,
    /// The position of the row, counted from 0.
    index: usize,
    rows: Binding<Vec<MetadataRow>>,
    errors: Signal<FieldErrors>,
    on_leave: Callback<()>,
    on_remove: Callback<usize>,
) -> impl IntoView {
    let is_hydrated = use_hydrated();
    let number = index + 1;
    let error = move |part: &'static str| {
        Signal::derive(move || errors.with(|errors| message_at(errors, Some((index, part)))))
    };
    let json = rows.item(index, |row| &mut row.json);
    let is_json = move || rows.get().get(index).is_some_and(MetadataRow::is_json);
    let hint = Signal::derive(move || {
        is_json().then(|| "This value is JSON. If you change it, it becomes text.".to_owned())
    });
    view! {
        <div class="metadata-row" role="group" aria-label=format!("Metadata {number}")>
            <TextField
                id=format!("{id}-name") name=format!("metadata[{index}][name]")
                label=format!("Name in row {number}") label_hidden=true placeholder="Name"
                length_max=typed_length(METADATA_NAME_LENGTH_MAX) value=rows.item(index, |row| &mut row.name)
                error=error("name") on_leave=on_leave
            />
            <TextField
                id=format!("{id}-value") name=format!("metadata[{index}][value]")
                label=format!("Value in row {number}") label_hidden=true placeholder="Value"
                length_max=typed_length(METADATA_BYTES_MAX) value=rows.item(index, |row| &mut row.value)
                hint error=error("value") on_leave=on_leave
            />
            <input type="hidden" name=format!("metadata[{index}][json]") value=move || json.get()/>
            <div class="metadata-remove" class:is-waiting=move || !is_hydrated.get()>
                <Button
                    kind=ButtonKind::Quiet icon=Glyph::Trash label=format!("Remove row {number}")
                    on_press=move |()| on_remove.run(index)
                />
            </div>
        </div>
    }
    .into_any()
}
