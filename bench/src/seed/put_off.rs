//! Puts off work that is cheaper to do once for all keys than for each key: the indexes on keys, and the order of the
//! search terms.
//!
//! Otherwise, inserting a million keys one by one would write ten pages for each, scattered over a file of gigabytes.
//! The resulting database is the same.

use std::path::Path;

use rusqlite::Connection;

use crate::Result;

/// The work to do at the end.
pub struct PutOff {
    /// The statements that create the dropped indexes.
    indexes: Vec<String>,
    /// The statement that creates the table of search terms. Until the end, the table is unordered.
    terms: String,
}

impl PutOff {
    /// Drops what is created again at the end.
    pub fn begin(file: &Path) -> Result<Self> {
        let db = Connection::open(file)?;
        let mut found = db.prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'keys' AND sql IS NOT NULL",
        )?;
        let found: Vec<(String, String)> =
            found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let terms =
            db.query_row("SELECT sql FROM sqlite_schema WHERE name = 'key_terms'", [], |row| row.get(0))?;
        for (name, _) in &found {
            db.execute_batch(&format!("DROP INDEX {name}"))?;
        }
        db.execute_batch(
            "ALTER TABLE key_terms RENAME TO ordered_terms; \
             CREATE TABLE key_terms AS SELECT * FROM ordered_terms; DROP TABLE ordered_terms",
        )?;
        Ok(Self { indexes: found.into_iter().map(|(_, sql)| sql).collect(), terms })
    }

    /// Restores everything in one transaction.
    pub fn end(self, file: &Path) -> Result<()> {
        let mut db = Connection::open(file)?;
        // In KiB. A large cache for sorting.
        db.pragma_update(None, "cache_size", -512 * 1024)?;
        let all = db.transaction()?;
        all.execute_batch("ALTER TABLE key_terms RENAME TO unordered_terms")?;
        all.execute_batch(&self.terms)?;
        all.execute_batch(
            "INSERT INTO key_terms SELECT * FROM unordered_terms ORDER BY 1, 2, 3, 4; DROP TABLE unordered_terms",
        )?;
        for index in &self.indexes {
            all.execute_batch(index)?;
        }
        all.commit()?;
        // Removes unused pages, so that the file is like that of a database that was filled directly.
        db.execute_batch("VACUUM")?;
        Ok(())
    }
}
