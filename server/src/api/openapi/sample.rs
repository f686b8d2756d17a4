//! Builds an example of the value that a schema describes from the examples of its parts, in their order.

use utoipa::openapi::schema::{ArrayItems, Object, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

use super::schemas::Schemas;

const STEP: &str = "  ";

/// Writes the example as indented JSON.
pub(crate) fn write(schemas: Schemas<'_>, schema: &RefOr<Schema>) -> String {
    of(schemas, schema, 0)
}

fn of(schemas: Schemas<'_>, schema: &RefOr<Schema>, depth: usize) -> String {
    let Some(schema) = schemas.resolve(schema) else { return "null".to_owned() };
    let (examples, default) = match schema {
        Schema::Object(object) => (&object.examples, &object.default),
        Schema::Array(array) => (&array.examples, &array.default),
        Schema::OneOf(one) => (&one.examples, &one.default),
        Schema::AllOf(all) => (&all.examples, &all.default),
        _ => return "null".to_owned(),
    };
    if let Some(example) = examples.first().or(default.as_ref()) {
        let text = serde_json::to_string_pretty(example).unwrap_or_default();
        return text.replace('\n', &format!("\n{}", STEP.repeat(depth)));
    }
    match schema {
        Schema::Array(array) => match &array.items {
            ArrayItems::RefOrSchema(item) => list(&[of(schemas, item, depth + 1)], ('[', ']'), depth),
            ArrayItems::False => "[]".to_owned(),
        },
        Schema::OneOf(one) => {
            let mut items = one.items.iter().filter(|item| !is_null(item));
            items.next().map_or("null".to_owned(), |item| of(schemas, item, depth))
        }
        other => {
            let members = schemas.members(other);
            if members.is_empty() { scalar(other) } else { object(schemas, &members, depth) }
        }
    }
}

fn object(schemas: Schemas<'_>, members: &[(&String, &RefOr<Schema>, bool)], depth: usize) -> String {
    let lines =
        members.iter().map(|(name, schema, _)| format!("\"{name}\": {}", of(schemas, schema, depth + 1)));
    list(&lines.collect::<Vec<_>>(), ('{', '}'), depth)
}

fn list(lines: &[String], (open, close): (char, char), depth: usize) -> String {
    let (inner, outer) = (STEP.repeat(depth + 1), STEP.repeat(depth));
    format!("{open}\n{inner}{}\n{outer}{close}", lines.join(&format!(",\n{inner}")))
}

fn scalar(schema: &Schema) -> String {
    let Schema::Object(Object { schema_type, enum_values, .. }) = schema else { return "null".to_owned() };
    if let Some(value) = enum_values.as_ref().and_then(|values| values.first()) {
        return value.to_string();
    }
    let kind = match schema_type {
        SchemaType::Type(kind) => Some(kind),
        SchemaType::Array(kinds) => kinds.iter().find(|kind| **kind != Type::Null),
        SchemaType::AnyValue => None,
    };
    match kind {
        Some(Type::String) => "\"…\"",
        Some(Type::Integer | Type::Number) => "0",
        Some(Type::Boolean) => "true",
        Some(Type::Object) => "{}",
        Some(Type::Array) => "[]",
        Some(Type::Null) | None => "null",
    }
    .to_owned()
}

/// Whether the schema allows only null.
pub(crate) fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}
