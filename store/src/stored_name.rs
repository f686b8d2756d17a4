//! The columns that store the name of a key, a service account or a gateway. Two names that differ only in Unicode
//! normalization are one name (docs/internals/decisions/021).
//!
//! The column `name` contains the form by which names are compared, so that the unique indexes apply to it. The column
//! `spelling` contains the name as it was sent. It counts only if `spelling_of` is the present name, because the
//! previous version of the program changes names without changing these columns.

use std::borrow::Cow;

use model::text::normalized;

use crate::db::Column;

/// SQL for the name as it was sent, of a row of a table or alias.
macro_rules! spelled {
    ($row:literal) => {
        concat!(
            "CASE WHEN ",
            $row,
            ".spelling_of = ",
            $row,
            ".name THEN ",
            $row,
            ".spelling ELSE ",
            $row,
            ".name END"
        )
    };
}

pub(crate) use spelled;

/// The values of the three columns of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredName<'n> {
    pub name: Cow<'n, str>,
    /// `None` for a name in ASCII, whose spelling is the name.
    pub spelling: Option<&'n str>,
}

impl<'n> StoredName<'n> {
    /// The columns of a new name.
    pub fn of(sent: &'n str) -> Self {
        Self { name: normalized(sent), spelling: (!sent.is_ascii()).then_some(sent) }
    }

    /// The columns of a changed row, whose column `name` was `before`. A name that was never normalized and does not
    /// change stays as it is, because its normalized form may belong to another row.
    pub fn over(before: &str, sent: &'n str) -> Self {
        let new = Self::of(sent);
        if before == sent && new.name != sent { Self { name: sent.into(), spelling: None } } else { new }
    }

    pub fn spelling_of(&self) -> Option<&str> {
        self.spelling.map(|_| &*self.name)
    }

    /// The three columns.
    pub fn columns(&self) -> [Column<'_>; 3] {
        [
            Column::set("name", &*self.name),
            Column::set("spelling", self.spelling),
            Column::set("spelling_of", self.spelling_of()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_stored_in_one_form_and_remembers_its_spelling() {
        let columns = |stored: StoredName<'_>| {
            (
                stored.name.to_string(),
                stored.spelling.map(str::to_owned),
                stored.spelling_of().map(str::to_owned),
            )
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(columns(StoredName::of("ci")), ("ci".into(), None, None));
        assert_eq!(columns(StoredName::of("é")), ("é".into(), some("é"), some("é")));
        assert_eq!(columns(StoredName::of("e\u{301}")), ("é".into(), some("e\u{301}"), some("é")));
        // The Kelvin sign is the letter K.
        assert_eq!(columns(StoredName::of("\u{212A}")), ("K".into(), some("\u{212A}"), some("K")));
    }

    #[test]
    fn a_name_that_was_never_normalized_stays_until_it_changes() {
        let kept = StoredName { name: "e\u{301}".into(), spelling: None };
        assert_eq!(StoredName::over("e\u{301}", "e\u{301}"), kept);
        for (before, sent) in
            [("é", "e\u{301}"), ("é", "é"), ("e\u{301}", "é"), ("ci", "e\u{301}"), ("ci", "ci")]
        {
            assert_eq!(StoredName::over(before, sent), StoredName::of(sent), "{before} {sent}");
        }
    }
}
