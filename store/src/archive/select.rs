//! The statements that read an archived table.

use super::tables::{ArchivedTable, Kind, TOTALS, Table};

/// Reads all rows of a table in the order of its key. SQLite has only one type of integers, and `CAST` would silently
/// turn a damaged value into one.
pub(super) fn select_from_sqlite(archived: &ArchivedTable, table: &Table) -> String {
    select(archived, table, str::to_owned)
}

/// As [`select_from_sqlite`]. Small integers and sums have other types, and get the one that is read.
pub(super) fn select_from_postgres(archived: &ArchivedTable, table: &Table) -> String {
    select(archived, table, |column| format!("CAST({column} AS BIGINT)"))
}

fn select(archived: &ArchivedTable, table: &Table, integer: fn(&str) -> String) -> String {
    let is_totals = archived.name == TOTALS;
    let column = |name: &str| match (is_totals, name) {
        (true, "slot") => "0".to_owned(),
        (true, "n") => "SUM(n)".to_owned(),
        _ => name.to_owned(),
    };
    let columns = table.columns.iter().map(|listed| match listed.kind {
        Kind::Integer => integer(&column(&listed.name)),
        Kind::Boolean | Kind::Text | Kind::Bytes => column(&listed.name),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let key = archived.key.join(", ");
    let grouping = if is_totals { format!(" GROUP BY {key}") } else { String::new() };
    format!("SELECT {columns} FROM {}{grouping} ORDER BY {key}", archived.name)
}

#[cfg(test)]
mod tests {
    use super::super::tables::TABLES;
    use super::*;

    #[test]
    fn totals_are_summed_over_their_slots() {
        let archived = TABLES.iter().find(|table| table.name == TOTALS).unwrap();
        let columns = [("slot", "smallint"), ("n", "bigint"), ("part", "text"), ("organization_id", "text")];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind.to_owned())).to_vec();
        assert_eq!(
            select_from_postgres(archived, &Table::new(TOTALS, columns).unwrap()),
            "SELECT CAST(SUM(n) AS BIGINT), organization_id, part, CAST(0 AS BIGINT) FROM key_totals \
             GROUP BY organization_id, part ORDER BY organization_id, part"
        );
    }
}
