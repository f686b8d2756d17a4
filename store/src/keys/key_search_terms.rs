//! The table of search terms of keys. Each row contains the stored status of its key, so that a search among active
//! keys does not have to skip the ended ones.

use crate::Result;
use crate::db::{Tx, build};

/// Rows per statement. Each has four values, and SQLite allows 32,766 values in a statement.
const ROWS_MAX: usize = 4000;

pub(super) struct TermRow<'k> {
    pub organization: &'k str,
    pub status: &'k str,
    pub term: &'k str,
    pub key: &'k str,
}

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

/// The end of the statement of [`set_status`], after the list of rows.
pub(super) const MOVED: &str = ") AS v WHERE key_terms.organization_id = v.column1 AND key_terms.status = v.column2 \
    AND key_terms.term = v.column3 AND key_terms.key_id = v.column4";

/// Changes the status of rows. SQLite would read the whole table for a comparison of four columns with a list. With a
/// join it finds each row through the index.
pub(super) async fn set_status(tx: &mut Tx, rows: &[TermRow<'_>], to: &str) -> Result<()> {
    for rows in rows.chunks(ROWS_MAX) {
        build!(
            tx,
            "UPDATE key_terms SET status = ",
            |builder| {
                builder.push_bind(to).push(" FROM (");
                builder.push_values(rows, |mut values, row| {
                    values.push_bind(row.organization).push_bind(row.status);
                    values.push_bind(row.term).push_bind(row.key);
                });
                builder.push(MOVED);
            },
            execute
        )?;
    }
    Ok(())
}

/// Deletes rows of one key.
pub(super) async fn delete(
    tx: &mut Tx,
    organization: &str,
    status: &str,
    key: &str,
    terms: &[&str],
) -> Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    build!(
        tx,
        "DELETE FROM key_terms WHERE organization_id = ",
        |builder| {
            builder.push_bind(organization).push(" AND status = ").push_bind(status);
            builder.push(" AND key_id = ").push_bind(key).push(" AND term IN (");
            let mut list = builder.separated(", ");
            for term in terms {
                list.push_bind(*term);
            }
            builder.push(")");
        },
        execute
    )?;
    Ok(())
}

/// The rows of one key, from its search text.
pub(super) fn rows<'k>(
    organization: &'k str,
    status: &'k str,
    key: &'k str,
    search_text: &'k str,
) -> impl Iterator<Item = TermRow<'k>> {
    crate::search_terms::from_text(search_text).map(move |term| TermRow { organization, status, term, key })
}
