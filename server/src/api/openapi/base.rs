//! The parts of the OpenAPI document that concern the API as a whole.

use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::api::http::problem::ErrorResponse;

/// The name of the security scheme for API keys.
pub(super) const KEY: &str = "key";
/// The name of the security scheme for the operator's token.
pub(super) const OPERATOR: &str = "operator";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Keystead",
        version = "1",
        description = "Manages the API keys of an organization, its members and its audit log. Requests and answers are JSON \
                       in UTF-8; success is always status 200. A body has at most 64 KiB, and unknown members in it are \
                       refused, so that a misspelt restriction does not become a wider key. Names in paths are \
                       percent-encoded: a slash in a name is `%2F`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "API keys", description = "The keys of a member: made, listed, changed, rotated and revoked by the member's \
                                           e-mail and the key's name. A secret is shown once."),
        (name = "Keys by id", description = "All keys of the organization by their ids, those of service accounts too. Answers are \
                                             enveloped, with what was asked for in `data`; broken rules are a 400. `X-Org-ID` \
                                             may name the organization of the key that asks, and no other."),
        (name = "Service accounts", description = "Programs that own keys as members do. Enveloped like the keys by id."),
        (name = "Gateways", description = "Proxies in front of the organization's own APIs that ask about keys at each request: \
                                           where they look for the key, what a request needs, and what the upstream is told."),
        (name = "Users", description = "The members of the organization, who own the keys. E-mails are found without regard \
                                        to letter case."),
        (name = "Organization", description = "The organization of the key that asks, and the key itself."),
        (name = "Verification", description = "Whether a key may do something: asked by what stands behind the key, on every \
                                               request."),
        (name = "Usage", description = "How often keys were shown, and what came of it."),
        (name = "Audit log", description = "Who did what, when, from where, and what it was before."),
        (name = "Operator", description = "For whoever runs the server: organizations, their first members and admin keys."),
        (name = "Server", description = "The server itself."),
    ),
    components(schemas(ErrorResponse))
)]
struct Base;

/// The document without operations.
pub(super) fn document() -> OpenApi {
    Base::openapi()
}

/// The ways in which callers authenticate.
pub(super) fn security_schemes() -> impl Iterator<Item = (String, RefOr<SecurityScheme>)> {
    let bearer = |sentence: &str| {
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(sentence)).build(),
        )
    };
    let key = "An API key, as `Authorization: Bearer sk_live_…`. One header, in no other place; no cookie is looked at.";
    let operator = "The token of whoever runs the server. It is no key, and no key is accepted in its place.";
    [(KEY, key), (OPERATOR, operator)]
        .map(|(name, text)| (name.to_owned(), RefOr::T(bearer(text))))
        .into_iter()
}
