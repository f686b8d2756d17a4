//! Declares that JSON request bodies accept no members other than those described. Forms accept any parameter, because
//! they follow a standard of their own.

use std::collections::BTreeSet;

use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems};
use utoipa::openapi::{OpenApi, PathItem, Ref, RefOr, Schema};

use super::common;

const JSON: &str = "application/json";

/// Closes every object in a request body, so that it accepts only the described members. An object without described
/// members, such as metadata, accepts any.
pub(super) fn close(document: &mut OpenApi) {
    let mut waiting: Vec<String> = document.paths.paths.values_mut().flat_map(bodies).collect();
    let mut seen = BTreeSet::new();
    let Some(components) = &mut document.components else { return };
    while let Some(name) = waiting.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some(RefOr::T(schema)) = components.schemas.get_mut(&name) {
            if let Schema::Object(object) = schema
                && !object.properties.is_empty()
            {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
            names(schema, &mut waiting);
        }
    }
}

/// The names of the schemas that the request bodies of a path use.
fn bodies(item: &mut PathItem) -> Vec<String> {
    let mut found = Vec::new();
    for method in ["POST", "PATCH", "PUT"] {
        let operation = common::operation(item, method);
        if let Some(RefOr::T(RequestBody { content, .. })) =
            operation.and_then(|found| found.request_body.as_ref())
        {
            for (kind, content) in content {
                if let RefOr::T(content) = content
                    && kind == JSON
                    && let Some(schema) = &content.schema
                {
                    name_or_inner(schema, &mut found);
                }
            }
        }
    }
    found
}

fn names(schema: &Schema, found: &mut Vec<String>) {
    match schema {
        Schema::Object(object) => object.properties.values().for_each(|inner| name_or_inner(inner, found)),
        Schema::OneOf(one) => one.items.iter().for_each(|inner| name_or_inner(inner, found)),
        Schema::AllOf(all) => all.items.iter().for_each(|inner| name_or_inner(inner, found)),
        Schema::AnyOf(any) => any.items.iter().for_each(|inner| name_or_inner(inner, found)),
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(inner) = &array.items {
                name_or_inner(inner, found);
            }
        }
        _ => {}
    }
}

fn name_or_inner(schema: &RefOr<Schema>, found: &mut Vec<String>) {
    match schema {
        RefOr::Ref(Ref { ref_location, .. }) => {
            found.extend(ref_location.rsplit('/').next().map(str::to_owned));
        }
        RefOr::T(schema) => names(schema, found),
    }
}
