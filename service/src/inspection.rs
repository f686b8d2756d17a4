//! What `keystead doctor` asks a database. Nothing is changed, not even the schema.

use model::Timestamp;
use store::{Store, Target, inspection, newest_migration};

use crate::clock::Clock;
use crate::error::Result;

/// A database that was opened only for reading.
pub struct Inspector {
    store: Store,
    clock: Clock,
}

/// What is known about a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The version of SQLite or PostgreSQL.
    pub version: String,
    /// The number of the schema in the database.
    pub schema: i64,
    /// The number of the schema of this program.
    pub known_schema: i64,
    /// Whether a restore or a copy was not finished.
    pub is_import_unfinished: bool,
    /// How many seconds the clock of the database is ahead of this machine's. `None` on SQLite.
    pub clock_ahead: Option<i64>,
    /// How many seconds the latest audit record is in the future. Negative if it is in the past.
    pub record_ahead: Option<i64>,
}

impl Inspector {
    pub async fn open(target: &Target) -> Result<Self> {
        Ok(Self { store: Store::open_read_only(target).await?, clock: Clock::system() })
    }

    pub async fn inspect(&self) -> Result<Inspection> {
        let mut db = self.store.read().await?;
        let ahead = |at: Timestamp| at.seconds_since(self.clock.now());
        let clock_ahead = inspection::clock(&mut db).await?.map(ahead);
        let is_import_unfinished = inspection::is_import_unfinished(&mut db).await?;
        // While rows are missing, a table may be missing too.
        let latest = if is_import_unfinished { None } else { inspection::latest_record(&mut db).await? };
        Ok(Inspection {
            version: inspection::version(&mut db).await?,
            schema: inspection::schema(&mut db).await?,
            known_schema: newest_migration(),
            is_import_unfinished,
            clock_ahead,
            record_ahead: latest.map(ahead),
        })
    }

    /// What is wrong with the pages of a SQLite file, if anything. This may take long.
    pub async fn damage(&self) -> Result<Option<String>> {
        Ok(inspection::damage(&mut self.store.read().await?).await?)
    }

    pub async fn close(&self) {
        self.store.close().await;
    }
}
