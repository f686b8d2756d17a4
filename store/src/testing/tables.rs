//! Copies all tables aside and puts them back, as when a backup is restored under a running server.

use sqlx::{AssertSqlSafe, Executor, SqliteConnection};

use super::TestDatabase;
use crate::db::{Conn, Connection};

impl TestDatabase {
    /// Copies all tables of a SQLite database aside.
    pub async fn save_tables(&self) {
        self.on_tables(|tables| {
            let save = |(table, columns): &(String, String)| {
                format!(
                    "DROP TABLE IF EXISTS saved_{table}; CREATE TABLE saved_{table} AS SELECT {columns} FROM {table}"
                )
            };
            tables.iter().map(save).collect()
        })
        .await;
    }

    /// Puts back what was copied aside. As with a restored backup, no invalidation is written.
    pub async fn restore_tables(&self) {
        self.on_tables(|tables| {
            let delete = |(table, _): &(String, String)| format!("DELETE FROM {table}");
            let insert = |(table, columns): &(String, String)| {
                format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM saved_{table}")
            };
            let check_later = "PRAGMA defer_foreign_keys = ON".to_owned();
            [check_later]
                .into_iter()
                .chain(tables.iter().map(delete))
                .chain(tables.iter().map(insert))
                .collect()
        })
        .await;
    }

    /// Runs the statements that are made of all tables and their columns, in one transaction.
    async fn on_tables(&self, statements: impl FnOnce(&[(String, String)]) -> Vec<String>) {
        let mut tx = self.store.begin().await.expect("a transaction");
        let Conn::Sqlite(conn) = tx.conn() else { panic!("not a SQLite database") };
        let tables = tables(conn).await.expect("the tables");
        for statement in statements(&tables) {
            conn.execute(AssertSqlSafe(statement)).await.expect("copying a table");
        }
        tx.commit().await.expect("committing the tables");
    }
}

/// Names of tables with their columns. Generated columns are left out, because they cannot be written.
async fn tables(conn: &mut SqliteConnection) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT m.name, group_concat('\"' || c.name || '\"', ', ') FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'saved\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND m.name <> '_sqlx_migrations' GROUP BY m.name",
    )
    .fetch_all(conn)
    .await
}
