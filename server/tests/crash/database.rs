//! Checks the database file itself while the server runs, without the server's code.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use crate::held::History;

/// A secret's hash, in the form in which the API shows it.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// Checks the invariants of the file, and that every key has exactly the audit records of what was done to it.
pub fn check(file: &Path, histories: &BTreeMap<String, History>) {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    let twice = "SELECT count(*) FROM (SELECT 1 FROM keys WHERE status = 'active' GROUP BY user_id, service_account_id, name HAVING count(*) > 1)";
    assert_eq!(number(twice), 0, "two active keys with one name");
    let both = "SELECT count(*) FROM keys JOIN earlier_secrets USING (key_hash)";
    assert_eq!(number(both), 0, "half a rotation: a secret that is both current and replaced");
    let totals = "SELECT (SELECT sum(n) FROM key_totals WHERE part = 'active') - count(*) FROM keys WHERE status = 'active'";
    assert_eq!(number(totals), 0, "the totals are of the same transactions");
    assert_eq!(recorded(&db), *histories);
}

/// Reads the histories of all keys from the audit log, except for the first key, which the command line created.
fn recorded(db: &Connection) -> BTreeMap<String, History> {
    let mut found: BTreeMap<String, History> = BTreeMap::new();
    let sql = "SELECT resource_id, action, count(*) FROM audit_events WHERE action LIKE 'api_key_%' \
               AND resource_id NOT IN (SELECT key_id FROM keys WHERE name = 'admin-key') GROUP BY 1, 2";
    let mut statement = db.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let history = found.entry(row.get(0).unwrap()).or_default();
        let count = match row.get::<_, String>(1).unwrap().as_str() {
            "api_key_created" => &mut history.created,
            "api_key_updated" => &mut history.updated,
            "api_key_rotated" => &mut history.rotated,
            "api_key_revoked" => &mut history.revoked,
            other => panic!("unexpected action {other}"),
        };
        *count = row.get(2).unwrap();
    }
    found
}
