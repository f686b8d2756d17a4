//! Disables service accounts.

use model::audit::AuditAction;
use model::id::ServiceAccountId;
use model::service_account::ServiceAccount;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Disables a service account for good and ends its keys. Once this has returned, none of them is accepted (see
    /// `service/src/owner_revocations/`). The row stays, and the name is free again.
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
        let target = AuditTarget::ServiceAccount(&account.service_account_id);
        let action = AuditAction::ServiceAccountDisabled;
        let event = self.record_event(&mut tx, caller, action, target, changes).await?;
        let owner = id.clone().into();
        self.revoke_keys_of(&mut tx, caller, &owner, &event, "The service account was disabled.").await?;
        tx.commit().await?;
        self.owner_revoked.notify_one();
        Ok(account)
    }
}
