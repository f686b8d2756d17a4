//! Parameters that several operations share: those in paths, and headers.

use model::email::Email;
use model::id::{AuditId, GatewayId, KeyId, OrganizationId};
use model::key::KeyName;
use utoipa::PartialSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Required, Schema};

/// Names a request, so that repeating it has no further effect.
pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Names the version that a change is based on.
pub(super) const IF_MATCH: &str = "If-Match";
/// Names the organization, at paths where responses have an envelope.
pub(super) const X_ORG_ID: &str = "X-Org-ID";

/// The names of the parameters in a path.
pub(super) fn of(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// A reference to the shared description of a parameter.
pub(super) fn reference(name: &str) -> Ref {
    Ref::new(format!("#/components/parameters/{name}"))
}

/// All shared parameters by name.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Parameter>)> {
    let all = [
        ("user_email", "The e-mail address of the user. Letter case does not matter.", Email::schema()),
        (
            "key_name",
            "The exact name of an active key, percent-encoded. A slash in the name is `%2F`.",
            KeyName::schema(),
        ),
        ("key_id", "The id of the key.", KeyId::schema()),
        (
            "id",
            "The id of the key or of the service account.",
            ObjectBuilder::new().schema_type(Type::String).into(),
        ),
        ("gateway_id", "The id of the gateway.", GatewayId::schema()),
        ("audit_id", "The id of the record.", AuditId::schema()),
        ("organization_id", "The id of the organization.", OrganizationId::schema()),
    ];
    let in_path = all.map(|(name, sentence, schema)| (name, in_path(name, sentence, schema)));
    let in_header = headers().map(|(name, sentence, schema)| (name, in_header(name, sentence, schema)));
    in_path.into_iter().chain(in_header).map(|(name, parameter)| (name.to_owned(), RefOr::T(parameter)))
}

/// Each header of requests: its name, its description, and its schema.
fn headers() -> [(&'static str, &'static str, RefOr<Schema>); 3] {
    let text = |example: &str| ObjectBuilder::new().schema_type(Type::String).examples([example]);
    [
        (
            IDEMPOTENCY_KEY,
            "An idempotency key for this request: 1 to 255 visible ASCII characters, with or without quotes. If the same \
             request is sent again within 10 minutes, it is not carried out again and gets the same response.",
            text("8e03978e-40d5-43dd-bc93-6894a57f9324").min_length(Some(1)).max_length(Some(257)).into(),
        ),
        (
            IF_MATCH,
            "The ETag of the version that the change is based on, a list of ETags, or `*`.",
            text("\"key_4mQ8sV2nXb7TzR1cYk0p.3\"").min_length(Some(1)).into(),
        ),
        (
            X_ORG_ID,
            "The id of the organization that the caller's key belongs to. Any other id is refused.",
            OrganizationId::schema(),
        ),
    ]
}

fn in_path(name: &str, sentence: &str, schema: RefOr<Schema>) -> Parameter {
    parameter(name, sentence, schema).parameter_in(ParameterIn::Path).required(Required::True).build()
}

fn in_header(name: &str, sentence: &str, schema: RefOr<Schema>) -> Parameter {
    parameter(name, sentence, schema).parameter_in(ParameterIn::Header).required(Required::False).build()
}

fn parameter(name: &str, sentence: &str, schema: RefOr<Schema>) -> ParameterBuilder {
    ParameterBuilder::new().name(name).description(Some(sentence)).schema(Some(schema))
}
