//! Reads the rules of a gateway.

use model::gateway::{RuleDraft, RuleResourceDraft};

use super::members::{Members, object_of};

impl Members {
    /// A list of rules. An item of the wrong type becomes an empty rule, so that the other items keep their indexes.
    pub(in crate::api) fn rules(&mut self, name: &str) -> Option<Vec<RuleDraft>> {
        let items = self.list(name)?.into_iter().enumerate();
        let rules = items.map(|(index, item)| {
            let location = [name.into(), index.into()];
            match object_of(item) {
                Ok(members) => {
                    let optional = ["method", "access", "permission", "resource"];
                    let mut rule = Self::new(members).ignoring_null(&optional);
                    let draft = rule.rule();
                    self.put_back(&location, rule);
                    draft
                }
                Err(error) => {
                    self.errors.push_at(location.to_vec(), error);
                    RuleDraft::default()
                }
            }
        });
        Some(rules.collect())
    }

    fn rule(&mut self) -> RuleDraft {
        RuleDraft {
            method: self.text("method"),
            path: self.text("path"),
            access: self.text("access"),
            permission: self.text("permission"),
            resource: self.object("resource").map(|inner| {
                let mut resource = inner.ignoring_null(&["operation"]);
                let draft = RuleResourceDraft {
                    resource_type: resource.text("type"),
                    id: resource.text("id"),
                    operation: resource.text("operation"),
                };
                self.put_back(&["resource".into()], resource);
                draft
            }),
        }
    }
}
