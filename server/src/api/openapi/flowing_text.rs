//! Turns descriptions into flowing text. Those that come from doc comments have a line break wherever a line of the
//! source ends.

use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems};
use utoipa::openapi::{Content, OpenApi, RefOr, Response, Schema};

use super::common;

const METHODS: [&str; 5] = ["GET", "POST", "PATCH", "PUT", "DELETE"];

/// Joins the lines of every description. Empty lines and lists stay.
pub(super) fn join_lines(document: &mut OpenApi) {
    if let Some(components) = &mut document.components {
        components.schemas.values_mut().for_each(in_schema);
        components.parameters.values_mut().for_each(in_parameter);
        components.responses.values_mut().for_each(in_response);
    }
    for item in document.paths.paths.values_mut() {
        for method in METHODS {
            if let Some(operation) = common::operation(item, method) {
                in_operation(operation);
            }
        }
    }
}

fn in_operation(operation: &mut Operation) {
    operation.description.iter_mut().for_each(join);
    operation.parameters.iter_mut().flatten().for_each(in_parameter);
    if let Some(RefOr::T(RequestBody { description, content, .. })) = &mut operation.request_body {
        description.iter_mut().for_each(join);
        content.values_mut().for_each(in_content);
    }
    operation.responses.responses.values_mut().for_each(in_response);
}

fn in_parameter(parameter: &mut RefOr<Parameter>) {
    if let RefOr::T(parameter) = parameter {
        parameter.description.iter_mut().for_each(join);
        parameter.schema.iter_mut().for_each(in_schema);
    }
}

fn in_response(response: &mut RefOr<Response>) {
    if let RefOr::T(response) = response {
        join(&mut response.description);
        response.content.values_mut().for_each(in_content);
    }
}

fn in_content(content: &mut RefOr<Content>) {
    if let RefOr::T(Content { schema: Some(schema), .. }) = content {
        in_schema(schema);
    }
}

fn in_schema(schema: &mut RefOr<Schema>) {
    let schema = match schema {
        RefOr::Ref(reference) => return join(&mut reference.description),
        RefOr::T(schema) => schema,
    };
    let (description, items) = match schema {
        Schema::Object(object) => {
            object.properties.values_mut().for_each(in_schema);
            if let Some(AdditionalProperties::RefOr(of_others)) = object.additional_properties.as_deref_mut()
            {
                in_schema(of_others);
            }
            (&mut object.description, None)
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                in_schema(items);
            }
            (&mut array.description, None)
        }
        Schema::OneOf(one) => (&mut one.description, Some(&mut one.items)),
        Schema::AllOf(all) => (&mut all.description, Some(&mut all.items)),
        Schema::AnyOf(any) => (&mut any.description, Some(&mut any.items)),
        _ => return,
    };
    description.iter_mut().for_each(join);
    items.into_iter().flatten().for_each(in_schema);
}

fn join(text: &mut String) {
    *text = joined(text);
}

/// The text with each paragraph, and each item of a list, in one line.
fn joined(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let mut lines = paragraph.lines();
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(
            first,
            |text, line| if is_item(line) { text + "\n" + line } else { text + " " + line.trim_start() },
        )
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Whether a list item begins in this line.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ") || line.starts_with("* ") || after_number != line && after_number.starts_with(". ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_and_paragraphs_and_lists_stay() {
        for (written, flowing) in [
            ("", ""),
            ("One line.", "One line."),
            ("One sentence\nin two lines.", "One sentence in two lines."),
            ("One\nparagraph.\n\nAnother\none.", "One paragraph.\n\nAnother one."),
            (
                "A list:\n- one\n  item\n* another\n12. and a\n    third",
                "A list:\n- one item\n* another\n12. and a third",
            ),
            ("A dash\n-not an item, and\n5 more.", "A dash -not an item, and 5 more."),
        ] {
            assert_eq!(joined(written), flowing);
        }
    }
}
