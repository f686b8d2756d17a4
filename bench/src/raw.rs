//! Plain SQLite: the floor under every durable create and every page.

use std::path::Path;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use rusqlite::{Connection, OpenFlags, params};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::stats::median;

/// Rows that share one commit when commits are grouped. As many as there are callers.
pub const GROUP: u64 = 16;

/// How rows are committed.
#[derive(Clone, Copy, ValueEnum)]
pub enum Commits {
    /// Each by itself.
    Alone,
    /// Sixteen at a time.
    Group,
}

impl Commits {
    /// The argument on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Group => "group",
        }
    }
}

/// The result of raw inserts.
#[derive(Serialize, Deserialize)]
pub struct Inserts {
    /// Rows per second.
    pub rate: f64,
    /// The median duration of a commit including its rows, in microseconds.
    pub p50: f64,
}

/// Inserts rows as long as a key's, with a primary key and a unique hash. Each commit is flushed to disk.
pub fn insert(folder: &Path, commits: Commits, seconds: f64) -> Result<Inserts> {
    let file = tempfile::Builder::new().suffix(".db").tempfile_in(folder)?;
    let db = Connection::open(file.path())?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    // Makes checkpoints rare, as Keystead does.
    db.pragma_update(None, "wal_autocheckpoint", 65536)?;
    db.execute_batch(
        "CREATE TABLE keys (id TEXT PRIMARY KEY, hash BLOB NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, \
         created_at INTEGER NOT NULL) STRICT; CREATE UNIQUE INDEX keys_hash ON keys (hash);",
    )?;
    let mut insert = db.prepare("INSERT INTO keys VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let (mut begin, mut commit) = (db.prepare("BEGIN IMMEDIATE")?, db.prepare("COMMIT")?);
    let rows = match commits {
        Commits::Alone => 1,
        Commits::Group => GROUP,
    };
    let (run, mut times, mut row) = (Instant::now(), Vec::new(), 0_u64);
    while run.elapsed() < Duration::from_secs_f64(seconds) {
        let since = Instant::now();
        begin.execute([])?;
        for _ in 0..rows {
            row += 1;
            let hash = crate::seed::mix(row);
            let blob = [hash, hash ^ 1, hash ^ 2, hash ^ 3].map(u64::to_be_bytes).concat();
            let id = format!("key_{hash:020}");
            insert.execute(params![
                id,
                blob,
                "usr_12345678901234567890",
                format!("ci {row}"),
                row.cast_signed()
            ])?;
        }
        commit.execute([])?;
        times.push(since.elapsed().as_secs_f64() * 1e6);
    }
    let rate = row as f64 / run.elapsed().as_secs_f64();
    Ok(Inserts { rate, p50: median(&times).unwrap_or(f64::NAN) })
}

/// The median time in microseconds until the disk under a folder has flushed 4 KiB.
pub fn flush(folder: &Path) -> Result<f64> {
    use std::os::unix::fs::FileExt;
    let file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::new();
    for place in 0..200 {
        let began = Instant::now();
        file.write_all_at(&[0; 4096], place * 4096)?;
        file.sync_data()?;
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    Ok(median(&times).unwrap_or(f64::NAN))
}

/// The median time in microseconds to select the newest 50 active keys of a Keystead database by one prepared
/// statement.
pub fn page(database: &Path) -> Result<f64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Connection::open_with_flags(database, flags)?;
    let organization: String =
        db.query_row("SELECT organization_id FROM keys LIMIT 1", [], |row| row.get(0))?;
    // Active keys have the classes 0 to 3, and the index is sorted within each class.
    let parts = [0, 1, 2, 3]
        .map(|class| format!("SELECT * FROM keys WHERE organization_id = ?1 AND class = {class}"))
        .join(" UNION ALL ");
    let mut select = db.prepare(&format!("{parts} ORDER BY created_at DESC, key_id DESC LIMIT 50"))?;
    let columns = select.column_count();
    let mut times = Vec::new();
    for _ in 0..500 {
        let began = Instant::now();
        let (mut rows, mut count) = (select.query([&organization])?, 0);
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                std::hint::black_box(row.get_ref(column)?);
            }
            count += 1;
        }
        times.push(began.elapsed().as_secs_f64() * 1e6);
        if count != 50 {
            return Err(format!("{} contains only {count} active keys", database.display()).into());
        }
    }
    Ok(median(&times).unwrap_or(f64::NAN))
}
