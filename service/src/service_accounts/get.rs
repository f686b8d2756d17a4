//! Reads one service account.

use model::audit::AuditAction;
use model::id::ServiceAccountId;
use model::service_account::ServiceAccount;
use store::{Connection, Tx};

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

/// The message for a service account that does not exist, belongs to another organization or, for a change, is
/// disabled.
const NO_ACCOUNT: &str = "There is no such service account.";

/// Parses an id from a request. A text that is not an id gets the same error as an unknown id.
pub fn read_account_id(text: &str) -> Result<ServiceAccountId> {
    ServiceAccountId::parse(text).map_err(|_| Error::NotFound(NO_ACCOUNT))
}

impl Service {
    /// Returns a service account of the caller's organization, disabled or not.
    pub async fn get_service_account(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccount> {
        policy::permit_organization(caller, Action::ReadServiceAccounts)?;
        let found = self.find_account(&mut self.store.read().await?, caller, id).await?;
        let target = AuditTarget::ServiceAccount(&found.service_account_id);
        self.record_read(caller, AuditAction::ServiceAccountAccessed, target).await?;
        Ok(found)
    }

    /// Reads an active service account and locks its row until the end of the transaction, so that changes of it and
    /// the creation of its keys wait for each other.
    pub(super) async fn lock_account(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccount> {
        if !store::service_accounts::lock_active(tx, caller.organization(), id).await? {
            return Err(Error::NotFound(NO_ACCOUNT));
        }
        self.find_account(tx, caller, id).await
    }

    async fn find_account(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccount> {
        let found = store::service_accounts::find(db, caller.organization(), id).await?;
        found.ok_or(Error::NotFound(NO_ACCOUNT))
    }
}
