//! Adds an example to every request body and every successful response, built from the examples of its parts.

use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::{Components, Content, OpenApi, RefOr};

use super::schemas::Schemas;
use super::{common, sample};
use crate::api::ROUTES;

/// Adds examples where there are none.
pub(super) fn add(document: &mut OpenApi) {
    let components = document.components.clone().unwrap_or_default();
    let routes =
        ROUTES.iter().flat_map(|route| route.endpoints.iter().map(|endpoint| (route.path, endpoint.method)));
    for (path, method) in routes.chain([("/healthz", "GET"), ("/readyz", "GET")]) {
        let item = document.paths.paths.get_mut(path);
        let Some(operation) = item.and_then(|item| common::operation(item, method)) else { continue };
        if let Some(RefOr::T(RequestBody { content, .. })) = &mut operation.request_body {
            for content in content.values_mut() {
                add_to(&components, content);
            }
        }
        if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
            for content in response.content.values_mut() {
                add_to(&components, content);
            }
        }
    }
}

fn add_to(components: &Components, content: &mut RefOr<Content>) {
    if let RefOr::T(content) = content
        && let Some(schema) = &content.schema
    {
        let text = sample::write(Schemas(components), schema);
        content.example = content.example.take().or_else(|| serde_json::from_str(&text).ok());
    }
}
