//! The OpenAPI 3.1 document of the REST API. It is assembled from the descriptions beside the handlers, from the types
//! of requests and responses, and from the route table.

mod base;
mod closed;
mod common;
mod enveloped;
mod errors;
mod examples;
mod flowing_text;
mod headers;
mod parameters;
pub(crate) mod sample;
mod schemas;

pub(crate) use schemas::Schemas;

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

use super::{
    api_keys, audit, gateways, keys, me, organizations, private, service_accounts, usage, users, verify,
};
use crate::health;

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(assemble);
static JSON: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_pretty_json().unwrap_or_default());

pub fn document() -> &'static OpenApi {
    &DOCUMENT
}

/// The document as text, as it is served.
pub fn json() -> &'static str {
    &JSON
}

/// `GET /openapi.json`
pub async fn answer() -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), json()).into_response()
}

fn assemble() -> OpenApi {
    let parts = [
        keys::Operations::openapi(),
        users::Operations::openapi(),
        organizations::Operations::openapi(),
        me::Operations::openapi(),
        verify::Operations::openapi(),
        usage::Operations::openapi(),
        api_keys::Operations::openapi(),
        service_accounts::Operations::openapi(),
        gateways::Operations::openapi(),
        audit::Operations::openapi(),
        private::Operations::openapi(),
        health::Operations::openapi(),
    ];
    let mut document = base::document();
    for part in parts {
        document.merge(part);
    }
    if let Some(components) = &mut document.components {
        components.parameters.extend(parameters::components());
        components.headers.extend(headers::components());
        components.responses.extend(errors::components());
        components.responses.extend(enveloped::responses());
        components.schemas.extend(enveloped::schemas());
        components.security_schemes.extend(base::security_schemes());
    }
    common::complete(&mut document);
    closed::close(&mut document);
    flowing_text::join_lines(&mut document);
    examples::add(&mut document);
    document
}
