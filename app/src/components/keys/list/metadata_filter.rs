//! The menu that limits the key list to keys with a member of metadata.

use leptos::prelude::*;

use model::metadata::{METADATA_FILTERS_MAX, METADATA_NAME_LENGTH_MAX};

use super::filter_form::FilterForm;
use crate::components::keys::list_path::KeyListPath;
use crate::components::keys::metadata_filters::{TYPED_NAME, TYPED_VALUE};
use crate::query::SEARCH_LENGTH_MAX;
use crate::ui::{ButtonKind, Glyph, Menu, TextField, typed_length};

/// A form for a name and a value. The list shows the keys that have all members that were added.
#[component]
pub fn MetadataFilter(path: Memo<KeyListPath>) -> impl IntoView {
    let (name, value) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let is_missing = move |text: RwSignal<String>| {
        Signal::derive(move || {
            (tried.get() && text.with(String::is_empty)).then(|| "This field is required.".to_owned())
        })
    };
    let is_full =
        Memo::new(move |_| path.with(|path| path.query.filter.metadata.len() >= METADATA_FILTERS_MAX));
    let wanted = Callback::new(move |()| {
        let is_whole = ![name, value].iter().any(|text| text.with_untracked(String::is_empty));
        tried.set(!is_whole);
        is_whole.then(|| {
            let wanted = path.get_untracked().with_metadata(&name.get_untracked(), &value.get_untracked());
            name.set(String::new());
            value.set(String::new());
            wanted
        })
    });
    view! {
        <Menu id="filter-metadata" label="Metadata" icon=Glyph::Filter kind=ButtonKind::Secondary>
            <p class="key-menu-why" hidden=move || !is_full.get()>
                {format!("The list can be filtered by at most {METADATA_FILTERS_MAX} names. Remove one to add another.")}
            </p>
            <div hidden=is_full>
                <FilterForm path changed="" wanted>
                    <TextField
                        id="filter-metadata-name" name=TYPED_NAME label="Metadata name" value=name placeholder="team"
                        length_max=typed_length(METADATA_NAME_LENGTH_MAX) error=is_missing(name)
                    />
                    <TextField
                        id="filter-metadata-value" name=TYPED_VALUE label="Metadata value" value=value placeholder="payments"
                        length_max=typed_length(SEARCH_LENGTH_MAX) error=is_missing(value)
                    />
                </FilterForm>
            </div>
        </Menu>
    }
}
