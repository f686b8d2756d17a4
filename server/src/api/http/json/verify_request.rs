//! Reads verify requests.

use model::verify::{ResourceDraft, VerifyDraft};

use super::members::{Members, object_of};

/// Members of a verify request for which `null` means absence.
pub(in crate::api) const OPTIONAL_MEMBERS: &[&str] = &["permissions", "resource", "ip", "user_agent", "cost"];

impl Members {
    /// A verify request, whose members are those of this object.
    pub(in crate::api) fn verify_request(&mut self) -> VerifyDraft {
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

    /// A list of verify requests. An item of the wrong type becomes an empty request, so that the other items keep
    /// their indexes.
    pub(in crate::api) fn verify_requests(&mut self, name: &str) -> Option<Vec<VerifyDraft>> {
        let items = self.list(name)?.into_iter().enumerate();
        let verify_requests = items.map(|(index, item)| {
            let location = [name.into(), index.into()];
            match object_of(item) {
                Ok(members) => {
                    let mut verify_request = Self::new(members).ignoring_null(OPTIONAL_MEMBERS);
                    let draft = verify_request.verify_request();
                    self.put_back(&location, verify_request);
                    draft
                }
                Err(error) => {
                    self.errors.push_at(location.to_vec(), error);
                    VerifyDraft::default()
                }
            }
        });
        Some(verify_requests.collect())
    }
}
