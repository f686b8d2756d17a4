//! Describes types and limits in words.

use maud::{Markup, html};
use serde_json::Value;
use utoipa::openapi::schema::{Array, ArrayItems, KnownFormat, Object, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::api::openapi::Schemas;
use crate::api::openapi::sample::is_null;

/// The type of a value. The name of an object links to its description.
pub(super) fn kind(schemas: Schemas<'_>, schema: &RefOr<Schema>) -> Markup {
    let resolved = schemas.resolve(schema);
    if let RefOr::Ref(reference) = schema
        && resolved.is_some_and(|schema| !schemas.members(schema).is_empty())
    {
        let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
        return html! { a href=(format!("#{}", anchor(name))) { (name) } };
    }
    match resolved {
        Some(Schema::Array(array)) => kind_of_list(schemas, array),
        Some(Schema::OneOf(one)) => html! {
            @for (index, item) in one.items.iter().filter(|item| !is_null(item)).enumerate() {
                @if index > 0 { span { "or" } }
                (kind(schemas, item))
            }
            @if one.items.iter().any(is_null) { span { "or null" } }
        },
        Some(Schema::Object(object)) => html! { span { (kind_of_object(object)) } },
        _ => html! { span { "any" } },
    }
}

fn kind_of_list(schemas: Schemas<'_>, array: &Array) -> Markup {
    html! {
        span { "list of" }
        @match &array.items {
            ArrayItems::RefOrSchema(item) if is_word(schemas, item) => span { "words" },
            ArrayItems::RefOrSchema(item) => (kind(schemas, item)),
            ArrayItems::False => {},
        }
        @if matches!(&array.schema_type, SchemaType::Array(kinds) if kinds.contains(&Type::Null)) {
            span { "or null" }
        }
    }
}

fn is_word(schemas: Schemas<'_>, schema: &RefOr<Schema>) -> bool {
    matches!(schemas.resolve(schema), Some(Schema::Object(object)) if object.enum_values.is_some())
}

fn kind_of_object(object: &Object) -> String {
    let kinds = match &object.schema_type {
        SchemaType::Type(kind) => std::slice::from_ref(kind),
        SchemaType::Array(kinds) => kinds.as_slice(),
        SchemaType::AnyValue => &[],
    };
    let is_time = matches!(&object.format, Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    let words = kinds.iter().map(|kind| match kind {
        Type::String if object.enum_values.is_some() => "word",
        Type::String if is_time => "date and time",
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Object => "object",
        Type::Array => "list",
        Type::Null => "null",
    });
    words.collect::<Vec<_>>().join(" or ")
}

/// The limits of a value as sentences. Empty if it has none.
pub(super) fn limits(schemas: Schemas<'_>, schema: &RefOr<Schema>) -> String {
    let sentences = match schemas.resolve(schema) {
        Some(Schema::Object(object)) => of_object(object),
        Some(Schema::Array(array)) => {
            let mut sentences = vec![range(array.min_items, array.max_items, "items")];
            if let ArrayItems::RefOrSchema(item) = &array.items {
                sentences.push(words_only(schemas, item));
            }
            sentences
        }
        Some(Schema::OneOf(one)) => {
            one.items.iter().filter(|item| !is_null(item)).map(|item| limits(schemas, item)).collect()
        }
        _ => Vec::new(),
    };
    sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The allowed values of a list's items, if the items are enumerations.
fn words_only(schemas: Schemas<'_>, item: &RefOr<Schema>) -> String {
    match schemas.resolve(item) {
        Some(_) if is_word(schemas, item) => limits(schemas, item),
        _ => String::new(),
    }
}

fn of_object(object: &Object) -> Vec<String> {
    let values = object.enum_values.iter().flatten().filter(|value| !value.is_null()).map(shown);
    let values = values.collect::<Vec<_>>().join(", ");
    let number = |number: &Option<utoipa::Number>| number.as_ref().map(number_text);
    vec![
        if values.is_empty() { values } else { format!("One of {values}.") },
        range(object.min_length, object.max_length, "characters"),
        range(number(&object.minimum), number(&object.maximum), ""),
        object
            .default
            .as_ref()
            .filter(|value| *value != "")
            .map_or(String::new(), |value| format!("Default {}.", shown(value))),
    ]
}

fn number_text(number: &utoipa::Number) -> String {
    match number {
        utoipa::Number::Int(number) => number.to_string(),
        utoipa::Number::UInt(number) => number.to_string(),
        utoipa::Number::Float(number) => number.to_string(),
    }
}

fn range(least: Option<impl ToString>, most: Option<impl ToString>, unit: &str) -> String {
    let (least, most) = (least.map(|number| number.to_string()), most.map(|number| number.to_string()));
    let words = match (least, most) {
        (Some(least), Some(most)) if least == most => format!("Exactly {least} {unit}"),
        (Some(least), Some(most)) => format!("{least} to {most} {unit}"),
        (None, Some(most)) => format!("At most {most} {unit}"),
        (Some(least), None) => format!("At least {least} {unit}"),
        (None, None) => return String::new(),
    };
    format!("{}.", words.trim_end())
}

fn shown(value: &Value) -> String {
    format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// The id of a schema's element on the page.
pub(super) fn anchor(name: &str) -> String {
    format!("schema-{name}")
}
