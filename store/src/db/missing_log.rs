//! Notices a SQLite file whose write-ahead log is missing.
//!
//! The latest changes are in the log (`keystead.db-wal`), so a copy of the database file alone lacks them. Whoever
//! closes the database last moves the log into the file and ends the journal mode that needs one. A file in that mode
//! without a log was therefore copied while it was in use, or its log was removed. A copy that SQLite made itself looks
//! the same, although it lacks nothing.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::sqlite::{beside, open_unchanging};

/// The first bytes of every SQLite file.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// The two bytes behind the magic and the page size say which versions of SQLite may write and read the file. 2 stands
/// for a write-ahead log.
const VERSIONS: std::ops::Range<usize> = 18..20;
const HEADER_BYTES: u64 = 20;

/// What a file contains whose write-ahead log is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutLog {
    /// At least one organization.
    InUse,
    /// No organization. Nearly everything may have been in the log.
    Empty,
}

/// Returns `None` if nothing is missing. The file is not changed.
pub(super) async fn without_log(path: &Path) -> sqlx::Result<Option<WithoutLog>> {
    // A rollback journal means that the change of the journal mode itself was interrupted, which SQLite undoes.
    if !needs_log(path) || ["-wal", "-journal"].iter().any(|end| beside(path, end).exists()) {
        return Ok(None);
    }
    let mut conn = open_unchanging(path).await?;
    let organization = sqlx::query("SELECT 1 FROM organizations LIMIT 1").fetch_optional(&mut conn).await;
    sqlx::Connection::close(conn).await?;
    // Without this table, the file contains nothing of Keystead.
    let is_in_use = organization.is_ok_and(|row| row.is_some());
    Ok(Some(if is_in_use { WithoutLog::InUse } else { WithoutLog::Empty }))
}

/// Whether the file is in the journal mode with a write-ahead log. If it cannot be read, opening it says why.
fn needs_log(path: &Path) -> bool {
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEADER_BYTES).read_to_end(&mut header));
    read.is_ok() && header.starts_with(MAGIC) && header.get(VERSIONS) == Some(&[2, 2])
}
