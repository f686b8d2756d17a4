//! One permission of either kind.

use crate::field::FieldError;
use crate::key::Permission;

use super::name::PermissionName;

/// One permission that a request needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// One of the four that Keystead knows.
    Classic(Permission),
    /// One of the organization's own.
    Own(PermissionName),
}

impl Wanted {
    /// Reads a word.
    pub fn check(word: &str) -> Result<Self, FieldError> {
        match Permission::from_word(word) {
            Some(permission) => Ok(Self::Classic(permission)),
            None => PermissionName::check(word).map(Self::Own),
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Classic(permission) => permission.as_str(),
            Self::Own(name) => name.as_str(),
        }
    }
}
