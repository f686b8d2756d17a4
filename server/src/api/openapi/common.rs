//! What follows from the table of routes alone: parameters of the path, credentials, and the errors that every operation of
//! a kind has.

use model::problem::Code;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema};

use super::{base, enveloped, errors, headers, parameters};
use crate::api::dispatch::{Endpoint, Route};
use crate::api::{ROUTES, envelope};

/// Completes every operation. One that is not described at all stays so; a test tells.
pub(super) fn complete(document: &mut OpenApi) {
    for route in ROUTES {
        let Some(item) = document.paths.paths.get_mut(route.path) else { continue };
        for endpoint in route.endpoints {
            if let Some(operation) = operation(item, endpoint.method) {
                complete_operation(operation, route, endpoint);
            }
        }
    }
    let open = document.paths.paths.get_mut("/healthz").and_then(|item| item.get.as_mut());
    if let Some(operation) = open {
        add_errors(operation, &[Code::Unavailable]);
    }
}

/// The operation of a method.
pub(super) fn operation<'a>(item: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "PUT" => item.put.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

fn complete_operation(operation: &mut Operation, route: &Route, endpoint: &Endpoint) {
    let named = parameters::of(route.path).map(|name| RefOr::Ref(parameters::reference(name)));
    let others = operation.parameters.take().unwrap_or_default();
    let all: Vec<RefOr<Parameter>> = named.chain(others).collect();
    let is_query = |parameter: &Parameter| parameter.parameter_in == ParameterIn::Query;
    let has_query =
        all.iter().any(|parameter| matches!(parameter, RefOr::T(parameter) if is_query(parameter)));
    operation.parameters = (!all.is_empty()).then_some(all);
    let scheme = if endpoint.door.is_operators() { base::OPERATOR } else { base::KEY };
    operation.security = Some(vec![SecurityRequirement::new(scheme, Vec::<String>::new())]);
    let has_body = operation.request_body.is_some();
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        leave_out_null(body);
    }
    add_errors(operation, &errors_of(route, endpoint, has_body, has_query));
    add_headers(operation, endpoint);
    if envelope::covers(route.path) {
        enveloped::enclose(operation);
    }
}

/// A body that may be left out is not null when it is there.
fn leave_out_null(body: &mut RequestBody) {
    for content in body.content.values_mut() {
        if let RefOr::T(Content { schema: Some(schema), .. }) = content
            && let RefOr::T(Schema::OneOf(choice)) = schema
            && let Some(only) = choice.items.iter().find(|item| matches!(item, RefOr::Ref(_)))
        {
            *schema = only.clone();
            body.required = Some(Required::False);
        }
    }
}

/// The errors that an operation can end with by what kind of operation it is.
fn errors_of(route: &Route, endpoint: &Endpoint, has_body: bool, has_query: bool) -> Vec<Code> {
    let is_operators = endpoint.door.is_operators();
    let has_parameters = parameters::of(route.path).next().is_some();
    let cases = [
        (Code::BadRequest, true),
        (Code::Unauthorized, true),
        (Code::Forbidden, !is_operators),
        (Code::NotFound, has_parameters || is_operators),
        (Code::PayloadTooLarge, has_body),
        (Code::UnsupportedMediaType, has_body),
        (Code::Validation, has_body || has_query),
        (Code::TooManyRequests, !is_operators),
        (Code::Internal, true),
        (Code::Unavailable, true),
    ];
    cases.into_iter().filter(|(_, applies)| *applies).map(|(code, _)| code).collect()
}

/// Adds shared answers, and bodies to those that the operation words itself.
fn add_errors(operation: &mut Operation, codes: &[Code]) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let (RefOr::T(response), Some(code)) = (response, errors::code_of(status)) {
            errors::fill(response, code);
        }
    }
    for code in codes {
        let shared = || RefOr::Ref(Ref::from_response_name(code.as_str()));
        responses.entry(code.status().to_string()).or_insert_with(shared);
    }
}

fn add_headers(operation: &mut Operation, endpoint: &Endpoint) {
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
        add_headers_to(response, !endpoint.door.is_operators());
    }
}

fn add_headers_to(response: &mut Response, is_limited: bool) {
    let names =
        headers::EVERYWHERE.iter().chain(is_limited.then_some(headers::OF_LIMIT).into_iter().flatten());
    response.headers.extend(names.map(|name| ((*name).to_owned(), RefOr::Ref(headers::reference(name)))));
}
