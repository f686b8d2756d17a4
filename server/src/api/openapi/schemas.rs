//! Looks up schemas in the OpenAPI document.

use utoipa::openapi::{Components, RefOr, Schema};

/// The named schemas of the document.
#[derive(Clone, Copy)]
pub(crate) struct Schemas<'a>(pub(crate) &'a Components);

/// A member: its name, its schema, and whether it is required.
pub(crate) type Member<'a> = (&'a String, &'a RefOr<Schema>, bool);

impl<'a> Schemas<'a> {
    /// The schema itself, after following references.
    pub(crate) fn resolve(self, schema: &'a RefOr<Schema>) -> Option<&'a Schema> {
        match schema {
            RefOr::T(schema) => Some(schema),
            RefOr::Ref(reference) => {
                let name = reference.ref_location.rsplit('/').next()?;
                self.resolve(self.0.schemas.get(name)?)
            }
        }
    }

    /// The members of an object, including those of the schemas that it combines.
    pub(crate) fn members(self, schema: &'a Schema) -> Vec<Member<'a>> {
        match schema {
            Schema::Object(object) => {
                let members = object.properties.iter();
                members.map(|(name, schema)| (name, schema, object.required.contains(name))).collect()
            }
            Schema::AllOf(all) => {
                let parts = all.items.iter().filter_map(|part| self.resolve(part));
                parts.flat_map(|part| self.members(part)).collect()
            }
            _ => Vec::new(),
        }
    }
}
