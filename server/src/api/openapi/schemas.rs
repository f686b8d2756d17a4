//! Finding one's way in the schemas of the description.

use utoipa::openapi::{Components, RefOr, Schema};

/// The schemas with names.
#[derive(Clone, Copy)]
pub(crate) struct Schemas<'a>(pub(crate) &'a Components);

/// A member: its name, its schema, whether it is required.
pub(crate) type Member<'a> = (&'a String, &'a RefOr<Schema>, bool);

impl<'a> Schemas<'a> {
    /// The schema itself, wherever it stands.
    pub(crate) fn resolve(self, schema: &'a RefOr<Schema>) -> Option<&'a Schema> {
        match schema {
            RefOr::T(schema) => Some(schema),
            RefOr::Ref(reference) => {
                let name = reference.ref_location.rsplit('/').next()?;
                self.resolve(self.0.schemas.get(name)?)
            }
        }
    }

    /// The members of an object, those of its parts too.
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
