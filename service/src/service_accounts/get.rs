//! One service account.

use model::audit::AuditAction;
use model::id::ServiceAccountId;
use model::service_account::ServiceAccount;
use store::{Connection, Tx};

use crate::actor::Caller;
use crate::audit::Subject;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

/// The one sentence for an account that is missing, foreign or, where it is to be changed, disabled.
const NO_ACCOUNT: &str = "There is no such service account.";

/// The id of an account as a request says it. What is no id at all is answered like an unknown one.
pub fn read_account_id(text: &str) -> Result<ServiceAccountId> {
    ServiceAccountId::parse(text).map_err(|_| Error::NotFound(NO_ACCOUNT))
}

impl Service {
    /// An account of the caller's organization, disabled or not.
    pub async fn get_service_account(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccount> {
        policy::permit_organization(caller, Action::ReadServiceAccounts)?;
        let found = self.find_account(&mut self.store.read().await?, caller, id).await?;
        let subject = Subject::ServiceAccount(&found.service_account_id);
        self.record_read(caller, AuditAction::ServiceAccountAccessed, subject).await?;
        Ok(found)
    }

    /// The account, held as it is until the end of the transaction: those who change it, and those who make keys for
    /// it, wait for each other.
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
