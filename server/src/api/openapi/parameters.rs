//! Parameters in paths.

use model::email::Email;
use model::id::{AuditId, KeyId, OrganizationId};
use model::key::KeyName;
use utoipa::PartialSchema;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Required, Schema};

/// The names in a path.
pub(super) fn of(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Where a parameter is described.
pub(super) fn reference(name: &str) -> Ref {
    Ref::new(format!("#/components/parameters/{name}"))
}

/// All of them, by their names.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Parameter>)> {
    let all = [
        ("user_email", "The member's e-mail, without regard to letter case.", Email::schema()),
        (
            "key_name",
            "The name of an active key, exactly; percent-encoded, a slash in it too.",
            KeyName::schema(),
        ),
        ("key_id", "The key's id.", KeyId::schema()),
        (
            "id",
            "The id of the key or of the service account.",
            ObjectBuilder::new().schema_type(Type::String).into(),
        ),
        ("audit_id", "The record's id.", AuditId::schema()),
        ("organization_id", "The organization's id.", OrganizationId::schema()),
    ];
    all.into_iter()
        .map(|(name, sentence, schema)| (name.to_owned(), RefOr::T(parameter(name, sentence, schema))))
}

fn parameter(name: &str, sentence: &str, schema: RefOr<Schema>) -> Parameter {
    let parameter =
        ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
    parameter.description(Some(sentence)).schema(Some(schema)).build()
}
