//! Restores a backup.

use std::sync::Arc;

use store::archive::{channel, import_as_it_was, prepare};
use tokio::task::spawn_blocking;

use super::error::{BackupError, Trouble};
use super::file::BackupFile;
use super::format::HeaderTable;
use super::progress::Progress;
use crate::state::Service;

impl Service {
    /// Fills the database with the rows of a backup, and brings it to the schema of this version. It must have no later
    /// schema than the backup and neither an organization nor an account, or an earlier restore of the same backup was
    /// interrupted.
    pub async fn restore(&self, backup: Arc<BackupFile>, progress: Progress) -> Result<(), BackupError> {
        self.restore_as_it_was(backup, progress).await?;
        self.store.migrate().await.map_err(BackupError::of_target)?;
        Ok(())
    }

    /// As [`Self::restore`], but the database keeps the schema of the backup.
    pub async fn restore_as_it_was(
        &self,
        backup: Arc<BackupFile>,
        progress: Progress,
    ) -> Result<(), BackupError> {
        let header = &backup.content.header;
        let tables = prepare(&self.store, header.schema).await.map_err(BackupError::of_target)?;
        if HeaderTable::list(&tables) != header.tables {
            // Values would end up in other columns.
            return Err(Trouble::Damaged.at(&backup.path));
        }
        let (sender, parts) = channel();
        let reading = Arc::clone(&backup);
        let reading = spawn_blocking(move || reading.send(&sender, &progress));
        let imported = import_as_it_was(&self.store, header.schema, parts).await;
        // A trouble with the file is the cause of what the import reports.
        reading.await?.map_err(|trouble| trouble.at(&backup.path))?;
        imported.map(drop).map_err(BackupError::of_target)
    }
}
