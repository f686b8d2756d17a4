//! The parts of the OpenAPI document that concern the API as a whole.

use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr};

use crate::api::http::problem::ErrorResponse;

/// The name of the security scheme for API keys.
pub(super) const KEY: &str = "key";
/// The name of the security scheme for the operator's token.
pub(super) const OPERATOR: &str = "operator";
/// The name of the security scheme for clients of OAuth 2.0.
pub(super) const OAUTH_CLIENT: &str = "oauthClient";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Keystead",
        version = "1",
        description = "Manages the API keys, users and audit log of an organization. Requests and responses are JSON in \
                       UTF-8. Every success has status 200. A body can have at most 64 KiB. Unknown fields are refused, \
                       because a misspelled restriction would otherwise create a key that can do more than intended. Names \
                       in paths are percent-encoded: a slash in a name is `%2F`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "API keys", description = "Create, list, change, rotate and revoke the keys of a user. Keys are addressed \
                                           by the e-mail address of the user and the name of the key. A secret is shown \
                                           only once."),
        (name = "Keys by id", description = "Manage all keys of the organization by their ids, including the keys of \
                                             service accounts. Responses have an envelope with the result in `data`. \
                                             Validation errors have status 400. If `X-Org-ID` is sent, it must be the id \
                                             of the organization that the caller's key belongs to."),
        (name = "Service accounts", description = "Manage service accounts, which own keys but are not people. Responses \
                                                   have the same envelope as those for keys by id."),
        (name = "Gateways", description = "Manage gateways. A gateway holds the settings with which Keystead answers a reverse \
                                           proxy that asks whether a request may pass: where the key is, what a request \
                                           needs, and which headers the upstream receives."),
        (name = "Users", description = "Manage the users of the organization, who own keys. E-mail addresses are compared \
                                        without regard to letter case."),
        (name = "Organization", description = "Read and change the organization of the caller's key, and read the key \
                                               itself."),
        (name = "Verification", description = "Find out whether a key is valid and what it may do. The API that receives \
                                               the key asks this for every request."),
        (name = "Usage", description = "See how often keys were presented, and with what outcome."),
        (name = "Audit log", description = "See who did what, when and from where, and what was there before."),
        (name = "Operator", description = "For the operator of the server: manage organizations, their first users and \
                                           their admin keys."),
        (name = "Server", description = "Check the server itself."),
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
    let key = "An API key, sent as `Authorization: Bearer sk_live_…`. Send exactly one such header. Keys in other places \
               and cookies are ignored.";
    let operator =
        "The token of the operator. It is not an API key, and no API key is accepted in its place.";
    let client = "The credential of an OAuth 2.0 client (RFC 6749 section 2.3.1), for clients that can send no other. The \
                  password is an API key. The user name can be any text.";
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(client)).build();
    [(KEY, bearer(key)), (OPERATOR, bearer(operator)), (OAUTH_CLIENT, SecurityScheme::Http(basic))]
        .map(|(name, scheme)| (name.to_owned(), RefOr::T(scheme)))
        .into_iter()
}
