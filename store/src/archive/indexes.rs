//! The indexes that an import drops and creates again at its end. Rows are written several times faster without them.
//! Unique indexes stay, because foreign keys need some of them, and because they refuse damaged data early.

use super::tables::DROPPED_INDEXES;
use crate::db::PerDatabase;

/// Name and statement of each index of a table that is neither unique nor part of a constraint.
pub(super) const LIST: PerDatabase = PerDatabase {
    sqlite: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL \
        AND sql NOT LIKE 'CREATE UNIQUE%' ORDER BY name",
    postgres: "SELECT c.relname::text, pg_get_indexdef(i.indexrelid) FROM pg_index i \
        JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid \
        WHERE NOT i.indisunique AND t.relname = $1 AND t.relnamespace = current_schema()::regnamespace \
        ORDER BY c.relname",
};

/// Creates the list of indexes to create again.
pub(super) fn make_list() -> String {
    format!("CREATE TABLE {DROPPED_INDEXES} (name TEXT NOT NULL, statement TEXT NOT NULL)")
}

pub(super) fn remember() -> String {
    format!("INSERT INTO {DROPPED_INDEXES} (name, statement) VALUES ($1, $2)")
}

pub(super) fn remembered() -> String {
    format!("SELECT statement FROM {DROPPED_INDEXES} ORDER BY name")
}
