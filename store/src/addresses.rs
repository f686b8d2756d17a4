//! Finds and normalizes the e-mail addresses that the previous version of the program stored
//! (docs/internals/decisions/021).

use model::email::folded;

use crate::Result;
use crate::db::{Connection, PerDatabase, Tx, run};

/// A table whose rows have addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressTable {
    Users,
    Accounts,
}

impl AddressTable {
    pub const ALL: [Self; 2] = [Self::Users, Self::Accounts];
}

/// The address of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAddress {
    /// The id of the row.
    pub id: String,
    pub email: String,
    email_folded: String,
}

impl StoredAddress {
    pub fn is_normalized(&self) -> bool {
        folded(&self.email) == self.email_folded
    }
}

macro_rules! not_ascii {
    ($table:literal, $id:literal, $present:literal) => {
        PerDatabase {
            sqlite: not_ascii!($table, $id, $present, "length(CAST(email_folded AS BLOB))"),
            postgres: not_ascii!($table, $id, $present, "octet_length(email_folded)"),
        }
    };
    ($table:literal, $id:literal, $present:literal, $bytes:literal) => {
        concat!(
            "SELECT ",
            $id,
            ", email, email_folded FROM ",
            $table,
            " WHERE ",
            $present,
            $bytes,
            " <> length(email_folded) AND ",
            $id,
            " > $1 ORDER BY ",
            $id,
            " LIMIT $2"
        )
    };
}

/// The rows after an id, by id, whose address has characters that are not ASCII. Most of these addresses are
/// normalized.
pub async fn not_ascii(
    db: &mut impl Connection,
    table: AddressTable,
    after: &str,
    limit: u32,
) -> Result<Vec<StoredAddress>> {
    let sql = match table {
        AddressTable::Users => not_ascii!("users", "user_id", "removed_at IS NULL AND "),
        AddressTable::Accounts => not_ascii!("accounts", "account_id", ""),
    };
    let rows = run!(db, sql, [after, i64::from(limit)], fetch_all::<(String, String, String)>)?;
    Ok(rows.into_iter().map(|(id, email, email_folded)| StoredAddress { id, email, email_folded }).collect())
}

/// Normalizes an address, unless its normalized form belongs to another user of the organization or to another account.
/// All accounts of an address are normalized together. Fails with `Taken` if another row gets the address at the same
/// time.
pub async fn normalize(tx: &mut Tx, table: AddressTable, row: &StoredAddress) -> Result<()> {
    const USER: &str = "UPDATE users SET email_folded = $2 \
        WHERE user_id = $1 AND email_folded = $3 AND NOT EXISTS (SELECT 1 FROM users u \
        WHERE u.organization_id = users.organization_id AND u.email_folded = $2 AND u.removed_at IS NULL)";
    const OTHERS: &str = "SELECT count(*) FROM accounts WHERE email_folded = $1";
    const ACCOUNTS: &str = "UPDATE accounts SET email_folded = $1 WHERE email_folded = $2";
    let StoredAddress { id, email, email_folded } = row;
    let new = folded(email);
    match table {
        AddressTable::Users => {
            run!(tx, USER, [id, &new, email_folded], execute)?;
        }
        AddressTable::Accounts => {
            crate::accounts::lock_email(tx, &new).await?;
            let (others,) = run!(tx, OTHERS, [&new], fetch_one::<(i64,)>)?;
            // Accounts of one address share a salt, but these have another one.
            if others == 0 {
                run!(tx, ACCOUNTS, [&new, email_folded], execute)?;
            }
        }
    }
    Ok(())
}
