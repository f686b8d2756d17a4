//! Adds what follows from the route table alone: path parameters, credentials, and the errors that all operations of a
//! kind have in common.

use model::problem::Code;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, RefOr, Required, Response, Schema};

use super::{base, enveloped, errors, headers, parameters};
use crate::api::ROUTES;
use crate::api::http::dispatch::{Endpoint, Route};
use crate::api::http::envelope;

/// The schemas that represent a single key.
const KEYS: &[&str] = &["APIKeyModel", "APIKeyCreateResponse", "ApiKey", "CreatedApiKey"];

/// Completes every operation. An operation without any description is skipped here; a test detects it.
pub(super) fn complete(document: &mut OpenApi) {
    for route in ROUTES {
        let Some(item) = document.paths.paths.get_mut(route.path) else { continue };
        for endpoint in route.endpoints {
            if let Some(operation) = operation(item, endpoint.method) {
                complete_operation(operation, route, endpoint);
            }
        }
    }
    for path in ["/healthz", "/readyz"] {
        let open = document.paths.paths.get_mut(path).and_then(|item| item.get.as_mut());
        if let Some(operation) = open {
            add_headers(operation, false);
            add_errors(operation, &[Code::Unavailable], false);
        }
    }
}

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
    let is_limited = endpoint.auth.is_limited();
    let has_query = complete_parameters(operation, route);
    let scheme = if endpoint.auth.is_operators() { base::OPERATOR } else { base::KEY };
    let client = endpoint.auth.accepts_oauth_clients().then_some(base::OAUTH_CLIENT);
    let requirements = [Some(scheme), client].into_iter().flatten();
    let requirements = requirements.map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()));
    operation.security = Some(requirements.collect());
    let has_body = operation.request_body.is_some();
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        leave_out_null(body);
    }
    add_headers(operation, is_limited);
    add_errors(operation, &errors_of(route, endpoint, has_body, has_query), is_limited);
    if envelope::covers(route.path) {
        enveloped::enclose(operation);
    }
}

/// Adds the parameters that follow from the path, and replaces headers by references to their shared descriptions.
/// Returns whether the operation has query parameters.
fn complete_parameters(operation: &mut Operation, route: &Route) -> bool {
    let shared = |name: &str| RefOr::Ref(parameters::reference(name));
    let own = operation.parameters.take().unwrap_or_default();
    let is_in = |parameter: &RefOr<Parameter>, place| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == place);
    let has_query = own.iter().any(|parameter| is_in(parameter, ParameterIn::Query));
    let own = own.into_iter().map(|parameter| match parameter {
        RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Header => shared(&parameter.name),
        other => other,
    });
    let organization = envelope::covers(route.path).then(|| shared(parameters::X_ORG_ID));
    let all: Vec<_> = parameters::of(route.path).map(shared).chain(own).chain(organization).collect();
    operation.parameters = (!all.is_empty()).then_some(all);
    has_query
}

/// Describes an optional body as one that can be left out, rather than as one that can be null.
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

/// The errors that an operation can return because of its kind.
fn errors_of(route: &Route, endpoint: &Endpoint, has_body: bool, has_query: bool) -> Vec<Code> {
    let is_operators = endpoint.auth.is_operators();
    let has_parameters = parameters::of(route.path).next().is_some();
    let cases = [
        (Code::BadRequest, true),
        (Code::Unauthorized, true),
        (Code::Forbidden, !is_operators),
        (Code::NotFound, has_parameters || is_operators),
        (Code::PayloadTooLarge, has_body),
        (Code::UnsupportedMediaType, has_body),
        (Code::Validation, has_body || has_query),
        (Code::TooManyRequests, endpoint.auth.is_limited()),
        (Code::Internal, true),
        (Code::Unavailable, true),
        // With audited reads, a request that only reads is written down as well.
        (Code::InsufficientStorage, is_operators || endpoint.auth.is_limited()),
    ];
    cases.into_iter().filter(|(_, applies)| *applies).map(|(code, _)| code).collect()
}

/// Adds the shared error responses. Errors that the operation describes itself get their body and headers.
fn add_errors(operation: &mut Operation, codes: &[Code], is_limited: bool) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let (RefOr::T(response), Some(code)) = (response, errors::code_of(status)) {
            errors::fill(response, code, is_limited);
        }
    }
    for code in codes {
        let shared = || {
            if is_limited {
                RefOr::Ref(Ref::from_response_name(code.as_str()))
            } else {
                RefOr::T(errors::shared_response(*code, false))
            }
        };
        responses.entry(code.status().to_string()).or_insert_with(shared);
    }
}

/// Adds the headers of a successful response.
fn add_headers(operation: &mut Operation, is_limited: bool) {
    let can_be_repeated = has_parameter(operation, parameters::IDEMPOTENCY_KEY);
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
        let own = [("ETag", shows_one_key(response)), ("Idempotent-Replayed", can_be_repeated)];
        let own = own.iter().filter(|(_, applies)| *applies).map(|(name, _)| *name);
        let of_limit = if is_limited { headers::OF_LIMIT } else { &[] };
        headers::add(response, own.chain(of_limit.iter().copied()));
    }
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    let wanted = parameters::reference(name);
    operation
        .parameters
        .iter()
        .flatten()
        .any(|given| matches!(given, RefOr::Ref(given) if given.ref_location == wanted.ref_location))
}

/// Whether the response represents a single key. Such a response has a version that a change can be based on.
fn shows_one_key(response: &Response) -> bool {
    response.content.values().any(|content| {
        matches!(content, RefOr::T(Content { schema: Some(RefOr::Ref(shown)), .. })
            if KEYS.contains(&shown.ref_location.rsplit('/').next().unwrap_or_default()))
    })
}
