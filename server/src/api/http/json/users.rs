//! Reads the users of an organization.

use model::user::UserDraft;

use super::members::{Members, object_of};

impl Members {
    /// A new user, whose members are those of this object.
    pub(in crate::api) fn user(&mut self) -> UserDraft {
        UserDraft {
            email: self.text("email"),
            user_name: self.text("user_name"),
            avatar_url: self.text("avatar_url"),
            role: self.text("role"),
            metadata: self.map("metadata"),
        }
    }

    /// A list of new users. An item of the wrong type becomes an empty user, so that the other items keep their
    /// indexes.
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

/// Members of a user for which `null` means absence.
pub(in crate::api) const OPTIONAL_OF_USER: &[&str] = &["avatar_url", "role", "metadata"];
