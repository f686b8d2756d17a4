//! Renders the members of objects as tables.

use maud::{Markup, html};
use utoipa::openapi::{RefOr, Required, Schema};

use super::parts::prose;
use super::words;
use crate::api::openapi::Schemas;

impl<'a> Schemas<'a> {
    /// The description of a schema where it is used or, if there is none, where it is defined.
    pub(super) fn sentence(self, schema: &'a RefOr<Schema>) -> &'a str {
        let own = match schema {
            RefOr::Ref(reference) => reference.description.as_str(),
            RefOr::T(schema) => description(schema),
        };
        if !own.is_empty() {
            return own;
        }
        match schema {
            RefOr::T(Schema::OneOf(one)) => {
                one.items.iter().map(|item| self.sentence(item)).find(|text| !text.is_empty())
            }
            _ => self.resolve(schema).map(description),
        }
        .unwrap_or_default()
    }
}

fn description(schema: &Schema) -> &str {
    let text = match schema {
        Schema::Object(object) => &object.description,
        Schema::Array(array) => &array.description,
        Schema::OneOf(one) => &one.description,
        Schema::AllOf(all) => &all.description,
        Schema::AnyOf(any) => &any.description,
        _ => &None,
    };
    text.as_deref().unwrap_or_default()
}

/// A row in a table of members or parameters.
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    pub(super) schema: Option<&'a RefOr<Schema>>,
    pub(super) sentence: &'a str,
    pub(super) required: bool,
}

/// The members of an object as a table. Returns `None` if it has no members.
pub(super) fn table(
    schemas: Schemas<'_>,
    caption: &str,
    schema: &Schema,
    in_request: bool,
) -> Option<Markup> {
    let members = schemas.members(schema);
    let rows = members.iter().map(|(name, schema, required)| Row {
        name,
        schema: Some(schema),
        sentence: schemas.sentence(schema),
        required: in_request && *required,
    });
    (!members.is_empty()).then(|| table_of(schemas, caption, rows))
}

pub(super) fn table_of<'a>(
    schemas: Schemas<'a>,
    caption: &str,
    rows: impl Iterator<Item = Row<'a>>,
) -> Markup {
    html! {
        table class="members" {
            caption { (caption) }
            tbody { @for row in rows { (table_row(schemas, &row)) } }
        }
    }
}

fn table_row(schemas: Schemas<'_>, row: &Row<'_>) -> Markup {
    let limits = row.schema.map(|schema| words::limits(schemas, schema)).unwrap_or_default();
    html! {
        tr {
            th scope="row" {
                code { (row.name) }
                @if row.required { span class="required" { "required" } }
            }
            td {
                div class="kind" { @if let Some(schema) = row.schema { (words::kind(schemas, schema)) } }
                @if !row.sentence.is_empty() { p { (prose(row.sentence)) } }
                @if !limits.is_empty() { p class="limits" { (prose(&limits)) } }
            }
        }
    }
}

pub(super) fn is_required(required: &Required) -> bool {
    matches!(required, Required::True)
}
