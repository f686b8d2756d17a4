//! Questions about keys in a body.

use model::verify::{ResourceDraft, VerifyDraft};

use super::members::{Members, object_of};

/// Members of a question for which `null` is the same as leaving them out.
pub(in crate::api) const OPTIONAL_OF_QUESTION: &[&str] =
    &["permissions", "resource", "ip", "user_agent", "cost"];

impl Members {
    /// One question, whose fields these are.
    pub(in crate::api) fn question(&mut self) -> VerifyDraft {
        let resource = self.object("resource").map(|resource| {
            let mut resource = resource.ignoring_null(&["operation"]);
            let draft = ResourceDraft {
                resource_type: resource.text("type"),
                id: resource.text("id"),
                operation: resource.text("operation"),
            };
            self.put_back(&["resource".into()], resource);
            draft
        });
        VerifyDraft {
            key: self.text("key"),
            permissions: self.texts("permissions"),
            resource,
            ip: self.text("ip"),
            user_agent: self.text("user_agent"),
            cost: self.integer("cost"),
        }
    }

    /// A list of questions. One of the wrong type leaves an empty one in its place, so that the others keep theirs.
    pub(in crate::api) fn questions(&mut self, name: &str) -> Option<Vec<VerifyDraft>> {
        let items = self.list(name)?.into_iter().enumerate();
        let questions = items.map(|(index, item)| {
            let location = [name.into(), index.into()];
            match object_of(item) {
                Ok(members) => {
                    let mut question = Self::new(members).ignoring_null(OPTIONAL_OF_QUESTION);
                    let draft = question.question();
                    self.put_back(&location, question);
                    draft
                }
                Err(error) => {
                    self.errors.push_at(location.to_vec(), error);
                    VerifyDraft::default()
                }
            }
        });
        Some(questions.collect())
    }
}
