//! The simplified permissions of the organization-wide API, where a key either reads, or reads and writes.

use crate::string_enum::string_enum;

use super::permission::{Permission, Permissions};

string_enum! {
    /// What a key may do: only read, or also write and delete.
    Access {
        /// Read.
        Read = "read",
        /// Read, write and delete, but not manage keys and members.
        ReadWrite = "read-write",
    }
}

impl Access {
    /// The word for a set of permissions. Every set that goes beyond reading is `read-write`.
    pub fn of(permissions: Permissions) -> Self {
        if permissions.allows(Permission::Write) { Self::ReadWrite } else { Self::Read }
    }

    /// The permissions that a word stands for. Never includes admin, whoever the caller is.
    pub fn permissions(self) -> Permissions {
        match self {
            Self::Read => Permissions::READ,
            Self::ReadWrite => vec![Permission::Read, Permission::Write, Permission::Delete].into(),
        }
    }

    /// The permissions after a client set this word. Permissions that the word already describes stay as they are, so
    /// that a client that sends back what it read does not widen them. Admin is always removed.
    #[must_use]
    pub fn applied_to(self, before: Permissions) -> Permissions {
        let is_described = Self::of(before) == self && !before.allows(Permission::Admin);
        if is_described { before } else { self.permissions() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_word_never_adds_permissions_or_keeps_admin() {
        let set = |permissions: &[Permission]| Permissions::from(permissions.to_vec());
        let (write, all) = (set(&[Permission::Write]), Access::ReadWrite.permissions());
        for (before, word, after) in [
            (Permissions::READ, Access::Read, Permissions::READ),
            (Permissions::READ, Access::ReadWrite, all),
            (write, Access::ReadWrite, write),
            (write, Access::Read, Permissions::READ),
            (set(&[Permission::Admin]), Access::ReadWrite, all),
            (set(&[Permission::Admin]), Access::Read, Permissions::READ),
            (Permissions::default(), Access::Read, Permissions::default()),
        ] {
            assert_eq!(word.applied_to(before), after, "{before:?} {word}");
        }
        assert!(!all.allows(Permission::Admin));
    }
}
