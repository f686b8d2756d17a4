//! The table of terms that keys are found by. A term's row carries the key's stored status, so that a search among the
//! active keys does not wade through the dead ones.

use crate::Result;
use crate::db::{Tx, build};

/// Rows of one statement: four values each, within the 32,766 that SQLite takes.
const ROWS_MAX: usize = 4000;

/// One row.
pub(super) struct TermRow<'k> {
    pub organization: &'k str,
    pub status: &'k str,
    pub term: &'k str,
    pub key: &'k str,
}

/// Adds rows.
pub(super) async fn insert(tx: &mut Tx, rows: &[TermRow<'_>]) -> Result<()> {
    for rows in rows.chunks(ROWS_MAX) {
        build!(
            tx,
            "INSERT INTO key_terms (organization_id, status, term, key_id) ",
            |builder| {
                builder.push_values(rows, |mut values, row| {
                    values.push_bind(row.organization).push_bind(row.status);
                    values.push_bind(row.term).push_bind(row.key);
                });
            },
            execute
        )?;
    }
    Ok(())
}

/// Moves rows to another status.
pub(super) async fn set_status(tx: &mut Tx, rows: &[TermRow<'_>], to: &str) -> Result<()> {
    for rows in rows.chunks(ROWS_MAX) {
        build!(
            tx,
            "UPDATE key_terms SET status = ",
            |builder| {
                builder.push_bind(to).push(" WHERE (organization_id, status, term, key_id) IN (");
                builder.push_values(rows, |mut values, row| {
                    values.push_bind(row.organization).push_bind(row.status);
                    values.push_bind(row.term).push_bind(row.key);
                });
                builder.push(")");
            },
            execute
        )?;
    }
    Ok(())
}

/// Removes rows.
pub(super) async fn delete(tx: &mut Tx, rows: &[TermRow<'_>]) -> Result<()> {
    for rows in rows.chunks(ROWS_MAX) {
        build!(
            tx,
            "DELETE FROM key_terms WHERE (organization_id, status, term, key_id) IN (",
            |builder| {
                builder.push_values(rows, |mut values, row| {
                    values.push_bind(row.organization).push_bind(row.status);
                    values.push_bind(row.term).push_bind(row.key);
                });
                builder.push(")");
            },
            execute
        )?;
    }
    Ok(())
}

/// The rows of one key, from its search text.
pub(super) fn rows<'k>(
    organization: &'k str,
    status: &'k str,
    key: &'k str,
    search_text: &'k str,
) -> impl Iterator<Item = TermRow<'k>> {
    crate::terms::from_text(search_text).map(move |term| TermRow { organization, status, term, key })
}
