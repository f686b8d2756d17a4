//! Normalizes the names that the previous version of the program wrote, and at the start its e-mail addresses.
//!
//! SQL cannot normalize, so a migration cannot do this, and during an upgrade the previous version still writes such
//! names (docs/internals/decisions/021).

use std::time::Duration;

use model::text::normalized;
use store::causes;
use store::names::NamedTable;
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::state::{Service, retry};

/// Time between two checks for such names. Nearly always, an index shows that there are none.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Maximum number of names that are read at once.
const BATCH: u32 = 500;
/// Pause after a batch that changed something, for other writers.
const REST: Duration = Duration::from_millis(20);

type Row = (String, String);

impl Service {
    /// Looks for names to normalize until it is told to stop.
    pub(crate) async fn normalize_names_until(self, mut stopped: watch::Receiver<bool>) {
        let mut are_addresses_done = false;
        loop {
            let normalized = async {
                if !are_addresses_done {
                    self.normalize_addresses().await?;
                    are_addresses_done = true;
                }
                self.normalize_names().await
            };
            let normalized = tokio::select! {
                _ = stopped.changed() => break,
                normalized = normalized => normalized,
            };
            if let Err(error) = normalized {
                tracing::warn!(
                    error = %causes(&error),
                    "names and addresses could not be normalized yet; they are found by their exact spelling"
                );
            }
            tokio::select! {
                _ = stopped.changed() => break,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Normalizes all names that are not normalized yet. Several processes may call this at the same time, and each
    /// part can be repeated.
    pub(crate) async fn normalize_names(&self) -> Result<()> {
        for table in NamedTable::ALL {
            let mut after = String::new();
            loop {
                let mut db = self.store.read().await?;
                let rows = store::names::unnormalized(&mut db, table, &after, BATCH).await?;
                drop(db);
                let Some((last, _)) = rows.last() else { break };
                after.clone_from(last);
                self.normalize_batch(table, rows).await?;
                tokio::time::sleep(REST).await;
            }
        }
        Ok(())
    }

    async fn normalize_batch(&self, table: NamedTable, rows: Vec<Row>) -> Result<()> {
        let (already, others): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, name)| normalized(name) == *name);
        if !already.is_empty() {
            retry!(self.try_mark(table, &already).await)?;
        }
        for (id, name) in &others {
            match retry!(self.try_normalize(table, id, name).await) {
                // Another row was given the name meanwhile. This one keeps its spelling until the name is free.
                Ok(()) | Err(Error::AlreadyExists(_)) => {}
                // The other names would fail too, each after a wait and with a warning of its own.
                Err(Error::Store(error)) if error.is_unavailable() => return Err(error.into()),
                // One name must not keep all others from being normalized.
                Err(error) => tracing::warn!(
                    id,
                    error = %causes(&error),
                    "a name could not be normalized; it is found by its exact spelling"
                ),
            }
        }
        Ok(())
    }

    async fn try_mark(&self, table: NamedTable, rows: &[Row]) -> Result<()> {
        let mut tx = self.store.begin().await?;
        store::names::mark_normalized(&mut tx, table, rows).await?;
        Ok(tx.commit().await?)
    }

    async fn try_normalize(&self, table: NamedTable, id: &str, name: &str) -> Result<()> {
        let mut tx = self.store.begin().await?;
        store::names::normalize(&mut tx, table, id, name).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestBed;

    #[tokio::test]
    async fn without_the_database_a_batch_ends_with_one_error() {
        let bed = TestBed::memory().await;
        bed.service.store.close().await;
        let rows = ["key_1", "key_2"].map(|id| (id.to_owned(), "e\u{301}".to_owned()));
        let outcome = bed.service.normalize_batch(NamedTable::Keys, rows.into()).await;
        assert!(matches!(&outcome, Err(Error::Store(error)) if error.is_unavailable()), "{outcome:?}");
    }
}
