//! Ending a service account.

use model::audit::AuditAction;
use model::id::ServiceAccountId;
use model::service_account::ServiceAccount;

use crate::actor::Caller;
use crate::audit::{Changes, Subject};
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Disables an account for good and ends its keys: none of them is accepted once this has returned (see `service/src/ends/`).
    /// The record stays, and the name is free again.
    pub async fn disable_service_account(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccount> {
        retry!(self.try_disable_service_account(caller, id).await)
    }

    async fn try_disable_service_account(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
    ) -> Result<ServiceAccount> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::DisableServiceAccounts);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let mut account = self.lock_account(&mut tx, caller, id).await?;
        let now = self.clock.now();
        (account.disabled_at, account.updated_at) = (Some(now), now);
        store::service_accounts::update(&mut tx, &account).await?;
        let changes = Changes::default().field("status", "active", "disabled");
        let subject = Subject::ServiceAccount(&account.service_account_id);
        let action = AuditAction::ServiceAccountDisabled;
        let event = self.record_event(&mut tx, caller, action, subject, changes).await?;
        let owner = id.clone().into();
        self.end_keys_of(&mut tx, caller, &owner, &event, "The service account was disabled.").await?;
        tx.commit().await?;
        self.ended.notify_one();
        Ok(account)
    }
}
