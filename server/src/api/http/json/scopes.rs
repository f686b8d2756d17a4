//! Reads scopes.

use model::key::ScopeDraft;

use super::members::{Members, object_of};

impl Members {
    /// A list of scopes. An item of the wrong type becomes an empty scope, so that the other items keep their indexes.
    pub(in crate::api) fn scopes(&mut self, name: &str) -> Option<Vec<ScopeDraft>> {
        let items = self.list(name)?.into_iter().enumerate();
        let scopes = items.map(|(index, item)| {
            let location = [name.into(), index.into()];
            match object_of(item) {
                Ok(members) => {
                    let mut scope = Self::new(members).ignoring_null(&["operations"]);
                    let draft = ScopeDraft {
                        resource_type: scope.text("resource_type"),
                        resource_id: scope.text("resource_id"),
                        operations: scope.texts("operations"),
                    };
                    self.put_back(&location, scope);
                    draft
                }
                Err(error) => {
                    self.errors.push_at(location.to_vec(), error);
                    ScopeDraft::default()
                }
            }
        });
        Some(scopes.collect())
    }
}
