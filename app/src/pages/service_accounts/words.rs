//! What an account may do, in short and at length.

use model::service_account::{AccountPermissions, AccountRight};

/// So many words are written out in a list; of more the number.
const WRITTEN_MAX: usize = 2;

/// `apikey:read, apikey:create and 3 more`; nothing where there is nothing.
pub fn in_short(permissions: &AccountPermissions) -> Option<String> {
    let words = permissions.words();
    let (written, rest) = words.split_at(words.len().min(WRITTEN_MAX));
    match (written, rest.len()) {
        ([], _) => None,
        (written, 0) => Some(written.join(", ")),
        (written, more) => Some(format!("{} and {more} more", written.join(", "))),
    }
}

/// The words that mean something here, and all others.
pub fn sorted(permissions: &AccountPermissions) -> (Vec<AccountRight>, Vec<String>) {
    let rights = AccountRight::ALL.iter().copied().filter(|right| permissions.grants(*right)).collect();
    let is_other = |word: &&String| AccountRight::from_word(word).is_none();
    (rights, permissions.words().iter().filter(is_other).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(words: &[&str]) -> AccountPermissions {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        AccountPermissions::try_from(words).unwrap()
    }

    #[test]
    fn a_few_words_are_written_out() {
        for (words, short) in [
            (&[][..], None),
            (&["apikey:read"], Some("apikey:read")),
            (&["apikey:read", "org:read"], Some("apikey:read, org:read")),
            (&["a:a", "b:b", "c:c", "d:d"], Some("a:a, b:b and 2 more")),
        ] {
            assert_eq!(in_short(&permissions(words)).as_deref(), short);
        }
    }

    #[test]
    fn words_of_others_are_kept_apart() {
        let (rights, others) =
            sorted(&permissions(&["flow:run", "apikey:delete", "apikey:write", "apikey:read"]));
        assert_eq!(rights, [AccountRight::ReadKeys, AccountRight::DeleteKeys]);
        assert_eq!(others, ["flow:run", "apikey:write"]);
    }
}
