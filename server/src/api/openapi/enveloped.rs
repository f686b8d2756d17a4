//! Describes the responses of paths where data and errors are in an envelope.

use model::problem::Code;
use serde_json::json;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{Content, Ref, RefOr, Response, Schema};

use super::errors;

const JSON: &str = "application/json";
const ERROR: &str = "ErrorEnvelope";
/// The end of the reference to what a revocation responds with on request.
const ENFORCEMENT: &str = "/EnforcementModel";

/// The schema of an error in an envelope.
pub(super) fn schemas() -> impl Iterator<Item = (String, RefOr<Schema>)> {
    let error =
        envelope(json!(404), "There is no such key.").description(Some("An error in an envelope.")).build();
    std::iter::once((ERROR.to_owned(), RefOr::T(Schema::Object(error))))
}

/// The shared errors in envelopes, by the names that operations refer to.
pub(super) fn responses() -> impl Iterator<Item = (String, RefOr<Response>)> {
    errors::codes().filter(|code| *code != Code::Validation).map(|code| {
        let mut response = errors::shared_response(code, true);
        if code == Code::BadRequest {
            "The request cannot be read, or it has validation errors. The message names each field."
                .clone_into(&mut response.description);
        }
        (name_of(code), RefOr::T(enclosed(response, code)))
    })
}

fn name_of(code: Code) -> String {
    format!("Enveloped{}", code.as_str())
}

/// Puts the responses of an operation into envelopes. Field errors have status 400 there instead of 422.
pub(super) fn enclose(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    responses.remove("422");
    for (status, response) in responses.iter_mut() {
        match (response, errors::code_of(status)) {
            (RefOr::T(response), None) => enclose_data(response),
            (RefOr::T(response), Some(code)) => *response = enclosed(response.clone(), code),
            (RefOr::Ref(shared), Some(code)) => *shared = Ref::from_response_name(name_of(code)),
            (RefOr::Ref(_), None) => {}
        }
    }
}

/// Puts an error into its envelope.
fn enclosed(mut response: Response, code: Code) -> Response {
    let (status, says) = (code.status(), errors::says(code));
    let example = json!({"code": status, "message": says, "requestId": "req_4mQ8sV2nXb7TzR1cYk0p"});
    let schema = Ref::from_schema_name(ERROR);
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
    response.content.insert(JSON.to_owned(), RefOr::T(content));
    response
}

fn enclose_data(response: &mut Response) {
    let data = match response.content.get(JSON) {
        Some(RefOr::T(Content { schema: Some(schema), .. })) => Some(schema.clone()),
        _ => None,
    };
    let whole = envelope(json!(200), "success");
    let whole = match data {
        // It is beside the data, and only if the request asks for it.
        Some(RefOr::Ref(data)) if data.ref_location.ends_with(ENFORCEMENT) => {
            whole.property("enforcement", data)
        }
        Some(data) => whole.property("data", data).required("data"),
        None => whole,
    };
    let content = ContentBuilder::new().schema(Some(Schema::Object(whole.build()))).build();
    response.content.insert(JSON.to_owned(), RefOr::T(content));
}

fn envelope(code: serde_json::Value, message: &str) -> ObjectBuilder {
    let of = |kind, sentence: &str, example| -> Object {
        ObjectBuilder::new().schema_type(kind).description(Some(sentence)).examples([example]).build()
    };
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("code", of(Type::Integer, "The HTTP status.", code))
        .required("code")
        .property("message", of(Type::String, "For people.", json!(message)))
        .required("message")
        .property("requestId", of(Type::String, "The id of the request.", json!("req_4mQ8sV2nXb7TzR1cYk0p")))
        .required("requestId")
}
