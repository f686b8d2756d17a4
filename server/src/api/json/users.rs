//! The members of an organization in a body.

use model::user::UserDraft;

use super::members::{Members, object_of};

impl Members {
    /// One new member, whose fields these are.
    pub(in crate::api) fn user(&mut self) -> UserDraft {
        UserDraft {
            email: self.text("email"),
            user_name: self.text("user_name"),
            avatar_url: self.text("avatar_url"),
            role: self.text("role"),
            metadata: self.map("metadata"),
        }
    }

    /// A list of new members. One of the wrong type leaves an empty one in its place, so that the others keep theirs.
    pub(in crate::api) fn users(&mut self, name: &str) -> Option<Vec<UserDraft>> {
        let items = self.list(name)?.into_iter().enumerate();
        let users = items.map(|(index, item)| {
            let location = [name.into(), index.into()];
            match object_of(item) {
                Ok(members) => {
                    let mut user = Self::new(members).ignoring_null(OPTIONAL_OF_USER);
                    let draft = user.user();
                    self.put_back(&location, user);
                    draft
                }
                Err(error) => {
                    self.errors.push_at(location.to_vec(), error);
                    UserDraft::default()
                }
            }
        });
        Some(users.collect())
    }
}

/// Members of a user for which `null` is the same as leaving them out.
pub(in crate::api) const OPTIONAL_OF_USER: &[&str] = &["avatar_url", "role", "metadata"];
