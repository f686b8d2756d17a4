//! Texts for the permissions of a service account.

use model::service_account::{AccountRight, ServiceAccountPermissions};

/// How many permissions are written out. If there are more, the rest is only counted.
const WRITTEN_MAX: usize = 2;

/// Sums up the permissions, such as `apikey:read, apikey:create and 3 more`. `None` if there are none.
pub fn summary(permissions: &ServiceAccountPermissions) -> Option<String> {
    let words = permissions.words();
    let (written, rest) = words.split_at(words.len().min(WRITTEN_MAX));
    match (written, rest.len()) {
        ([], _) => None,
        (written, 0) => Some(written.join(", ")),
        (written, more) => Some(format!("{} and {more} more", written.join(", "))),
    }
}

/// Splits the permissions into the rights that Keystead knows and all others.
pub fn known_and_other(permissions: &ServiceAccountPermissions) -> (Vec<AccountRight>, Vec<String>) {
    let rights = AccountRight::ALL.iter().copied().filter(|right| permissions.grants(*right)).collect();
    let is_other = |word: &&String| AccountRight::from_word(word).is_none();
    (rights, permissions.words().iter().filter(is_other).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(words: &[&str]) -> ServiceAccountPermissions {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        ServiceAccountPermissions::try_from(words).unwrap()
    }

    #[test]
    fn the_first_two_permissions_are_written_out() {
        for (words, short) in [
            (&[][..], None),
            (&["apikey:read"], Some("apikey:read")),
            (&["apikey:read", "org:read"], Some("apikey:read, org:read")),
            (&["a:a", "b:b", "c:c", "d:d"], Some("a:a, b:b and 2 more")),
        ] {
            assert_eq!(summary(&permissions(words)).as_deref(), short);
        }
    }

    #[test]
    fn permissions_that_keystead_does_not_know_are_listed_apart() {
        let (rights, others) =
            known_and_other(&permissions(&["flow:run", "apikey:delete", "apikey:write", "apikey:read"]));
        assert_eq!(rights, [AccountRight::ReadKeys, AccountRight::DeleteKeys]);
        assert_eq!(others, ["flow:run", "apikey:write"]);
    }
}
