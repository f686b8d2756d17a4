//! Normalizes the e-mail addresses that the previous version of the program stored (docs/internals/decisions/021).

use std::time::Duration;

use store::addresses::{AddressTable, StoredAddress};
use store::causes;

use crate::error::{Error, Result};
use crate::state::{Service, retry};

/// Maximum number of addresses that are read at once.
const BATCH: u32 = 500;
/// Pause after a batch, for other work.
const REST: Duration = Duration::from_millis(20);

impl Service {
    /// Normalizes all addresses that are not. It reads every user and account whose address is not ASCII, so it is
    /// called once at the start. Several processes may call it at the same time, and each part can be repeated.
    pub(crate) async fn normalize_addresses(&self) -> Result<()> {
        for table in AddressTable::ALL {
            let mut after = String::new();
            loop {
                let mut db = self.store.read().await?;
                let rows = store::addresses::not_ascii(&mut db, table, &after, BATCH).await?;
                drop(db);
                let Some(last) = rows.last() else { break };
                after.clone_from(&last.id);
                for row in rows.iter().filter(|row| !row.is_normalized()) {
                    self.normalize_address(table, row).await?;
                }
                tokio::time::sleep(REST).await;
            }
        }
        Ok(())
    }

    async fn normalize_address(&self, table: AddressTable, row: &StoredAddress) -> Result<()> {
        match retry!(self.try_normalize_address(table, row).await) {
            // Another row has got the address meanwhile. This one keeps its spelling.
            Ok(()) | Err(Error::AlreadyExists(_) | Error::Conflict) => Ok(()),
            // The other addresses would fail too.
            Err(Error::Store(error)) if error.is_unavailable() => Err(error.into()),
            // One address must not keep all others from being normalized.
            Err(error) => {
                tracing::warn!(
                    id = row.id,
                    error = %causes(&error),
                    "an e-mail address could not be normalized; it is found by its exact spelling"
                );
                Ok(())
            }
        }
    }

    async fn try_normalize_address(&self, table: AddressTable, row: &StoredAddress) -> Result<()> {
        let mut tx = self.store.begin().await?;
        store::addresses::normalize(&mut tx, table, row).await?;
        Ok(tx.commit().await?)
    }
}
