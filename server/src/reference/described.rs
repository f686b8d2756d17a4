//! One operation of the description, with what the page says about it.

use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::response::Response;
use utoipa::openapi::{OpenApi, RefOr, Schema};

use super::schema;
use crate::api::ROUTES;
use crate::api::openapi::Schemas;

/// An operation with its method and path.
pub(super) struct Described<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    pub(super) operation: &'a Operation,
}

/// All operations, in the order of the route table.
pub(super) fn all(document: &OpenApi) -> Vec<Described<'_>> {
    let routes =
        ROUTES.iter().flat_map(|route| route.endpoints.iter().map(|endpoint| (endpoint.method, route.path)));
    let addresses = routes.chain([("GET", "/healthz"), ("GET", "/readyz")]);
    addresses.filter_map(|(method, path)| described(document, method, path)).collect()
}

fn described<'a>(document: &'a OpenApi, method: &'static str, path: &'static str) -> Option<Described<'a>> {
    let item = document.paths.paths.get(path)?;
    let operation = match method {
        "GET" => item.get.as_ref(),
        "POST" => item.post.as_ref(),
        "PATCH" => item.patch.as_ref(),
        "PUT" => item.put.as_ref(),
        "DELETE" => item.delete.as_ref(),
        _ => None,
    };
    Some(Described { method, path, operation: operation? })
}

impl<'a> Described<'a> {
    /// The id of its element on the page.
    pub(super) fn anchor(&self) -> &'a str {
        self.operation.operation_id.as_deref().unwrap_or_default()
    }

    pub(super) fn summary(&self) -> &'a str {
        self.operation.summary.as_deref().unwrap_or_default()
    }

    /// Whether it belongs to the group `name`.
    pub(super) fn is_tagged(&self, name: &str) -> bool {
        self.operation.tags.iter().flatten().any(|tag| tag == name)
    }

    /// The shell variable that contains its credential. `None` if it needs no credential.
    pub(super) fn token(&self) -> Option<&'static str> {
        match self.operation.security.as_ref()?.first()? {
            needs if *needs == utoipa::openapi::security::SecurityRequirement::default() => None,
            _ if self.path.starts_with("/v1/private") => Some("OPERATOR_TOKEN"),
            _ => Some("KEY"),
        }
    }

    /// The schema of its JSON body, and whether the body is required.
    pub(super) fn body(&self) -> Option<(&'a RefOr<Schema>, bool)> {
        let RefOr::T(body) = self.operation.request_body.as_ref()? else { return None };
        let is_required = body.required.as_ref().is_some_and(schema::is_required);
        json(body.content.get("application/json")).map(|schema| (schema, is_required))
    }

    /// Its parameters, after following references.
    pub(super) fn parameters(&self, schemas: Schemas<'a>) -> Vec<&'a Parameter> {
        let resolve = |parameter: &'a RefOr<Parameter>| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(reference) => {
                match schemas.0.parameters.get(reference.ref_location.rsplit('/').next()?)? {
                    RefOr::T(parameter) => Some(parameter),
                    RefOr::Ref(_) => None,
                }
            }
        };
        self.operation.parameters.iter().flatten().filter_map(resolve).collect()
    }

    /// Its responses by status, after following references.
    pub(super) fn responses(&self, schemas: Schemas<'a>) -> Vec<(&'a str, &'a Response)> {
        let resolve = |response: &'a RefOr<Response>| match response {
            RefOr::T(response) => Some(response),
            RefOr::Ref(reference) => {
                match schemas.0.responses.get(reference.ref_location.rsplit('/').next()?)? {
                    RefOr::T(response) => Some(response),
                    RefOr::Ref(_) => None,
                }
            }
        };
        let responses = self.operation.responses.responses.iter();
        responses.filter_map(|(status, response)| Some((status.as_str(), resolve(response)?))).collect()
    }
}

pub(super) fn json(content: Option<&RefOr<utoipa::openapi::Content>>) -> Option<&RefOr<Schema>> {
    match content? {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    }
}
