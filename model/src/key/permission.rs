//! Permissions of keys. There are four, and each includes the weaker ones.

use crate::field::FieldErrors;
use crate::string_enum::string_enum;

string_enum! {
    /// A permission. Each permission includes those before it.
    Permission {
        /// Read data.
        Read = "read",
        /// Also create and change data.
        Write = "write",
        /// Also delete data.
        Delete = "delete",
        /// Everything, including managing keys and members.
        Admin = "admin",
    }
}

impl Permission {
    /// What the permission allows, in one sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Read => "Read data. Changes nothing.",
            Self::Write => "Read, create and change data.",
            Self::Delete => "Read, create, change and delete data.",
            Self::Admin => "Everything, including the organization's keys and members.",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// A set of permissions, serialized in the order read, write, delete, admin, without duplicates.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u8);

impl Permissions {
    /// Only `read`. New keys get this set when no permissions are given.
    pub const READ: Self = Self(1);

    /// The set for stored bits: 1 read, 2 write, 4 delete, 8 admin. Other bits are ignored.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & 0b1111)
    }

    /// The bits to store.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The permissions of the set, weakest first.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.0 & permission.bit() != 0)
    }

    /// The strongest permission, which determines what the set allows. `None` for an empty set.
    pub fn strongest(self) -> Option<Permission> {
        self.iter().last()
    }

    /// The set limited to the ceiling of an owner. Permissions above the ceiling are replaced by the ceiling itself.
    #[must_use]
    pub fn bounded(self, ceiling: Permission) -> Self {
        let weaker = self.0 & (ceiling.bit() - 1);
        if self.0 == weaker { self } else { Self(weaker | ceiling.bit()) }
    }

    /// Whether the set allows what `permission` allows.
    pub fn allows(self, permission: Permission) -> bool {
        self.strongest() >= Some(permission)
    }

    /// The words on the wire.
    pub fn words(self) -> Vec<&'static str> {
        self.iter().map(Permission::as_str).collect()
    }

    /// Reads words. An unknown word is an error at its index.
    pub fn check(words: &[String], field: &str, errors: &mut FieldErrors) -> Self {
        let mut set = Self::default();
        for (index, word) in words.iter().enumerate() {
            match Permission::check(word) {
                Ok(permission) => set.0 |= permission.bit(),
                Err(error) => errors.push_at(vec![field.into(), index.into()], error),
            }
        }
        set
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(permissions: Vec<Permission>) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(permissions: Permissions) -> Self {
        permissions.iter().collect()
    }
}

impl std::fmt::Debug for Permissions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_permissions_is_sorted_and_without_duplicates() {
        let mut errors = FieldErrors::default();
        let words = ["admin", "read", "read"].map(str::to_owned);
        assert_eq!(Permissions::check(&words, "permissions", &mut errors).words(), ["read", "admin"]);
        assert!(errors.is_empty());
    }

    #[test]
    fn the_ceiling_of_the_owner_limits_the_permissions() {
        let set = Permissions::from(vec![Permission::Read, Permission::Admin]);
        for (ceiling, words) in [
            (Permission::Read, vec!["read"]),
            (Permission::Delete, vec!["read", "delete"]),
            (Permission::Admin, vec!["read", "admin"]),
        ] {
            assert_eq!(set.bounded(ceiling).words(), words);
        }
        assert_eq!(Permissions::default().bounded(Permission::Admin), Permissions::default());
    }

    #[test]
    fn each_permission_includes_the_weaker() {
        let delete = Permissions::from(vec![Permission::Delete]);
        assert!(delete.allows(Permission::Read) && delete.allows(Permission::Write));
        assert!(!delete.allows(Permission::Admin));
        assert!(!Permissions::default().allows(Permission::Read));
    }
}
