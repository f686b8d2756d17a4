//! OpenAPI schemas of the domain types.
//!
//! The limits come from the constants that the types check against.

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ArrayBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::email::{self, Email};
use crate::key::{
    ENVIRONMENT_LENGTH_MAX, Environment, KeyName, KeyOwner, NAME_LENGTH_MAX, Permission, Permissions,
};
use crate::metadata::{METADATA_BYTES_MAX, METADATA_MEMBERS_MAX, METADATA_NAME_LENGTH_MAX, Metadata};
use crate::time::Timestamp;

type Found = Vec<(String, RefOr<Schema>)>;

/// The schema of an id with this prefix.
pub(crate) fn id(prefix: &str, sentence: &str) -> RefOr<Schema> {
    let schema = text(sentence.trim(), &format!("{prefix}4mQ8sV2nXb7TzR1cYk0p"));
    schema.pattern(Some(format!("^{prefix}[0-9A-Za-z]+$"))).into()
}

/// The schema of a string enum.
pub(crate) fn words(sentence: &str, words: &[&str]) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(sentence.trim()));
    schema.enum_values(Some(words.iter().copied())).into()
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let sentence = "A date and time in UTC, as in RFC 3339, with at most six decimal places.";
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        text(sentence, "2026-11-22T08:30:00.123456Z").format(Some(format)).into()
    }
}

impl ToSchema for Timestamp {}

impl PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        let sentence = "An e-mail address. It is stored as first given, and compared without regard to letter case and \
                        Unicode normalization.";
        text(sentence, "ada@acme.example").min_length(Some(3)).max_length(Some(email::LENGTH_MAX)).into()
    }
}

impl ToSchema for Email {}

impl PartialSchema for KeyName {
    fn schema() -> RefOr<Schema> {
        let sentence = "The name of a key. Names are compared exactly. A name cannot contain control characters, \
                        characters that change the direction of text, or invisible characters. It cannot be `.` or `..`, \
                        consist of white space only, or look like `admin-key`.";
        text(sentence, "deploy").min_length(Some(1)).max_length(Some(NAME_LENGTH_MAX)).into()
    }
}

impl ToSchema for KeyName {}

impl PartialSchema for Environment {
    fn schema() -> RefOr<Schema> {
        let sentence = "Where a key belongs, in a word of the organization's choice. It never changes.";
        let schema = text(sentence, "test").pattern(Some("^[a-z][a-z0-9]*$"));
        schema.min_length(Some(1)).max_length(Some(ENVIRONMENT_LENGTH_MAX)).into()
    }
}

impl ToSchema for Environment {}

impl PartialSchema for Metadata {
    fn schema() -> RefOr<Schema> {
        let sentence = format!(
            "Any data that your programs want to store: at most {METADATA_MEMBERS_MAX} members and {METADATA_BYTES_MAX} \
             bytes."
        );
        let name = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        let name = name.max_length(Some(METADATA_NAME_LENGTH_MAX));
        let schema = ObjectBuilder::new().schema_type(Type::Object).description(Some(sentence));
        schema
            .property_names(Some(name))
            .max_properties(Some(METADATA_MEMBERS_MAX))
            .examples([serde_json::json!({"team": "search"})])
            .into()
    }
}

impl ToSchema for Metadata {}

impl PartialSchema for KeyOwner {
    fn schema() -> RefOr<Schema> {
        text("The id of a user or service account.", "usr_4mQ8sV2nXb7TzR1cYk0p").into()
    }
}

impl ToSchema for KeyOwner {}

impl PartialSchema for Permissions {
    fn schema() -> RefOr<Schema> {
        let items = Ref::from_schema_name(Permission::name());
        let example = serde_json::json!(["read", "write"]);
        let sentence = "A set of permissions, weakest first.";
        ArrayBuilder::new().items(items).description(Some(sentence)).examples([example]).into()
    }
}

impl ToSchema for Permissions {
    fn schemas(schemas: &mut Found) {
        schemas.push((Permission::name().into(), Permission::schema()));
    }
}

fn text(sentence: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(sentence)).examples([example])
}
