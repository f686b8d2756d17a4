//! Creates service accounts.

use model::audit::AuditAction;
use model::id::ServiceAccountId;
use model::service_account::{NewServiceAccount, ServiceAccount};
use serde_json::json;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Creates a service account, which can have keys at once. The caller must hold all permissions that it gets.
    pub async fn create_service_account(
        &self,
        caller: &Caller,
        new: NewServiceAccount,
    ) -> Result<ServiceAccount> {
        retry!(self.try_create_service_account(caller, new.clone()).await)
    }

    async fn try_create_service_account(
        &self,
        caller: &Caller,
        new: NewServiceAccount,
    ) -> Result<ServiceAccount> {
        let may = |caller: &Caller| {
            policy::permit_organization(caller, Action::CreateServiceAccounts)?;
            policy::may_grant_permissions(caller, &new.permissions)
        };
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let NewServiceAccount { name, description, permissions, metadata } = new;
        let now = self.clock.now();
        let account = ServiceAccount {
            service_account_id: ServiceAccountId::from_random(&self.entropy.id()?),
            organization_id: caller.organization().clone(),
            name,
            description: description.unwrap_or_default(),
            permissions,
            metadata: metadata.unwrap_or_default(),
            created_by: caller.acting(),
            created_at: now,
            updated_at: now,
            disabled_at: None,
        };
        store::service_accounts::insert(&mut tx, &account).await?;
        let changes = Changes::default()
            .added("name", account.name.as_str())
            .added("description", account.description.as_str())
            .added("permissions", json!(account.permissions))
            .all_added(vec![("metadata", json!(account.metadata))]);
        let target = AuditTarget::ServiceAccount(&account.service_account_id);
        self.record(&mut tx, caller, AuditAction::ServiceAccountCreated, target, changes).await?;
        tx.commit().await?;
        Ok(account)
    }
}
