//! Finds and normalizes the names that the previous version of the program wrote (docs/internals/decisions/021).

use model::text::normalized;

use crate::db::{Connection, PerDatabase, Tx, run};
use crate::{Result, decode, keys, service_accounts};

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

/// Rows with a name that the previous version wrote and that is not normalized yet: their ids and names, in the order
/// of the ids, starting after an id. A name whose normalized form belongs to another row stays in this list.
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

/// Records that these names are normalized already. A row that was renamed meanwhile stays as it is.
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

/// Normalizes a name, unless its normalized form belongs to another row or the row was renamed meanwhile. In every
/// case, a search finds the row by either spelling. Fails with `Taken` if another row gets the name at the same time.
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
