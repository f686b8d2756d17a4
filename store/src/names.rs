//! Names by which something is unique or found. Two names that differ only in Unicode normalization are one name
//! (docs/internals/decisions/021).
//!
//! The column `name` holds the form by which names are compared, so that the unique indexes decide about it. The column
//! `spelling` holds the name as it was sent. It counts only if `spelling_of` is the present name, because the previous
//! version of the program changes names without changing these columns.

use std::borrow::Cow;

use model::text::normalized;

use crate::db::{Connection, PerDatabase, Tx, run};
use crate::{Result, decode, keys, service_accounts};

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
}

/// A table whose rows have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedTable {
    Keys,
    ServiceAccounts,
    Gateways,
}

impl NamedTable {
    pub const ALL: [Self; 3] = [Self::Keys, Self::ServiceAccounts, Self::Gateways];
}

/// Selects rows by the index that contains only those whose name may not be normalized.
macro_rules! unnormalized {
    ($table:literal, $id:literal) => {
        PerDatabase {
            sqlite: unnormalized!($table, $id, "length(CAST(name AS BLOB))"),
            postgres: unnormalized!($table, $id, "octet_length(name)"),
        }
    };
    ($table:literal, $id:literal, $bytes:literal) => {
        concat!(
            "SELECT ",
            $id,
            ", name FROM ",
            $table,
            " WHERE COALESCE(spelling_of, '') <> name AND ",
            $bytes,
            " <> length(name) AND ",
            $id,
            " > $1 ORDER BY ",
            $id,
            " LIMIT $2"
        )
    };
}

pub(crate) const UNNORMALIZED_KEYS: PerDatabase = unnormalized!("keys", "key_id");

/// Ids and names of rows after an id, by id, whose name the previous version wrote and nobody has normalized yet. A
/// name whose normalized form belongs to another row stays among them.
pub async fn unnormalized(
    db: &mut impl Connection,
    table: NamedTable,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, String)>> {
    let sql = match table {
        NamedTable::Keys => UNNORMALIZED_KEYS,
        NamedTable::ServiceAccounts => unnormalized!("service_accounts", "service_account_id"),
        NamedTable::Gateways => unnormalized!("gateways", "gateway_id"),
    };
    run!(db, sql, [after, i64::from(limit)], fetch_all::<(String, String)>)
}

macro_rules! mark {
    ($table:literal, $id:literal) => {
        PerDatabase {
            sqlite: mark!($table, $id, "SELECT value FROM json_each($1)", "SELECT value FROM json_each($2)"),
            postgres: mark!(
                $table,
                $id,
                "SELECT jsonb_array_elements_text($1::jsonb)",
                "SELECT jsonb_array_elements_text($2::jsonb)"
            ),
        }
    };
    ($table:literal, $id:literal, $ids:literal, $names:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET spelling = name, spelling_of = name WHERE ",
            $id,
            " IN (",
            $ids,
            ") AND name IN (",
            $names,
            ")"
        )
    };
}

/// Notes that names were found to be normalized already. A row that has got another name meanwhile is left alone.
pub async fn mark_normalized(tx: &mut Tx, table: NamedTable, rows: &[(String, String)]) -> Result<()> {
    let sql = match table {
        NamedTable::Keys => mark!("keys", "key_id"),
        NamedTable::ServiceAccounts => mark!("service_accounts", "service_account_id"),
        NamedTable::Gateways => mark!("gateways", "gateway_id"),
    };
    let (ids, names): (Vec<_>, Vec<_>) = rows.iter().map(|(id, name)| (id, name)).unzip();
    let (ids, names) = (decode::to_json(&ids, "ids")?, decode::to_json(&names, "names")?);
    run!(tx, sql, [&ids, &names], execute)?;
    Ok(())
}

/// Normalizes a name, unless its normalized form belongs to another row or the row has got another name meanwhile. A
/// search finds the row by either spelling in any case. Fails with `Taken` if another row gets the name at the same
/// time.
pub async fn normalize(tx: &mut Tx, table: NamedTable, id: &str, name: &str) -> Result<()> {
    match table {
        NamedTable::Keys => keys::normalize_name(tx, id, name).await,
        NamedTable::ServiceAccounts => service_accounts::normalize_name(tx, id, name).await,
        NamedTable::Gateways => {
            const SQL: &str = "UPDATE gateways SET name = $2, spelling = $3, spelling_of = $2 \
                WHERE gateway_id = $1 AND name = $3 AND NOT EXISTS (SELECT 1 FROM gateways n \
                WHERE n.organization_id = gateways.organization_id AND n.name = $2)";
            run!(tx, SQL, [id, &*normalized(name), name], execute)?;
            Ok(())
        }
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
