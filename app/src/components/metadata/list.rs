//! Metadata as a list.

use leptos::prelude::*;
use model::metadata::Metadata;

use crate::metadata_rows::MetadataRow;
use crate::ui::{Fact, Facts, Section};

/// A section with the names and values; nothing if there are none.
#[component]
pub fn MetadataList(metadata: Metadata) -> impl IntoView {
    let facts = MetadataRow::all_of(&metadata).into_iter().map(|row| {
        let value = if row.is_json() {
            view! { <code class="mono">{row.value}</code> }.into_any()
        } else {
            view! { {row.value} }.into_any()
        };
        view! { <Fact label=row.name>{value}</Fact> }
    });
    (!metadata.is_empty()).then(|| {
        view! {
            <Section id="metadata-title" title="Metadata"><div class="metadata-list"><Facts>{facts.collect_view()}</Facts></div></Section>
        }
    })
}
