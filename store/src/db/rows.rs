//! Adds and updates a row whose columns are written once.

use super::columns::Column;
use super::statement::build;
use super::tx::Tx;
use crate::Result;

/// Adds a row.
pub async fn insert_row<'r>(
    tx: &mut Tx,
    table: &str,
    columns: impl IntoIterator<Item = Column<'r>>,
) -> Result<()> {
    let columns: Vec<_> = columns.into_iter().collect();
    let names: Vec<_> = columns.iter().map(|column| column.name).collect();
    build!(
        tx,
        format!("INSERT INTO {table} ({}) VALUES (", names.join(", ")),
        |builder| {
            let mut list = builder.separated(", ");
            for column in &columns {
                column.push_value(&mut list);
            }
            builder.push(")");
        },
        execute
    )?;
    Ok(())
}

/// Writes the `set` columns of the row that has the value of the first column, if it also meets a condition. Returns
/// whether there is such a row.
pub async fn update_row<'r>(
    tx: &mut Tx,
    table: &str,
    columns: impl IntoIterator<Item = Column<'r>>,
    condition: &str,
) -> Result<bool> {
    let columns: Vec<_> = columns.into_iter().collect();
    let rows = build!(
        tx,
        format!("UPDATE {table} SET "),
        |builder| {
            let mut list = builder.separated(", ");
            for column in columns.iter().filter(|column| column.is_set()) {
                column.push_assignment(&mut list);
            }
            builder.push(" WHERE ");
            let mut key = builder.separated("");
            for column in columns.iter().take(1) {
                column.push_assignment(&mut key);
            }
            builder.push(condition);
        },
        execute
    )?;
    Ok(rows > 0)
}
