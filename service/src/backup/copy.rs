//! Copies a database to another place, which may be a database of the other kind.

use store::archive::{Part, Parts, TableTally, channel, import};

use super::error::BackupError;
use super::progress::Progress;
use crate::state::Service;

/// What was copied.
#[derive(Debug)]
pub struct Copied {
    pub tables: Vec<TableTally>,
}

impl Service {
    /// Fills another database with the rows of this one, as of now. What is written here meanwhile is not copied. The
    /// same conditions apply as for [`Service::restore`].
    pub async fn copy_to(&self, target: &Self, progress: Progress) -> Result<Copied, BackupError> {
        let (export, _) = self.snapshot().await?;
        let parts = counted(export.parts, progress);
        let tally = import(&target.store, export.schema, parts).await.map_err(BackupError::of_target)?;
        Ok(Copied { tables: tally.tables() })
    }
}

/// Passes everything on and counts the rows.
fn counted(mut parts: Parts, progress: Progress) -> Parts {
    let (sender, counted) = channel();
    tokio::spawn(async move {
        while let Some(part) = parts.recv().await {
            if let Ok(Part::Rows(batch)) = &part {
                progress.add(batch.rows);
            }
            if sender.send(part).await.is_err() {
                return;
            }
        }
    });
    counted
}
