//! Changes service accounts.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::ServiceAccountId;
use model::service_account::{NewServiceAccount, ServiceAccount};
use serde_json::json;

use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Changes the name and permissions of a service account, and its description and metadata if they are given. The
    /// change applies to its keys from their next request on. If `saw` is given and is not the time of the account's
    /// last change, the update is refused, so that it overwrites nothing newer.
    pub async fn update_service_account(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
        new: NewServiceAccount,
        saw: Option<Timestamp>,
    ) -> Result<ServiceAccount> {
        retry!(self.try_update_service_account(caller, id, new.clone(), saw).await)
    }

    async fn try_update_service_account(
        &self,
        caller: &Caller,
        id: &ServiceAccountId,
        new: NewServiceAccount,
        saw: Option<Timestamp>,
    ) -> Result<ServiceAccount> {
        let may = |caller: &Caller| policy::permit_organization(caller, Action::UpdateServiceAccounts);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let before = self.lock_account(&mut tx, caller, id).await?;
        if saw.is_some_and(|saw| saw != before.updated_at) {
            return Err(Error::Stale);
        }
        let NewServiceAccount { name, description, permissions, metadata } = new;
        if permissions != before.permissions {
            policy::may_grant_permissions(caller, &permissions)?;
        }
        let mut after = before.clone();
        after.name = name;
        after.description = description.unwrap_or(after.description);
        after.permissions = permissions;
        after.metadata = metadata.unwrap_or(after.metadata);
        let changes = Changes::default()
            .field("name", before.name.as_str(), after.name.as_str())
            .field("description", before.description.as_str(), after.description.as_str())
            .field("permissions", json!(before.permissions), json!(after.permissions))
            .field("metadata", json!(before.metadata), json!(after.metadata));
        if changes.is_empty() {
            return Ok(before);
        }
        after.updated_at = self.clock.now();
        store::service_accounts::update(&mut tx, &after).await?;
        let target = AuditTarget::ServiceAccount(&after.service_account_id);
        self.record(&mut tx, caller, AuditAction::ServiceAccountUpdated, target, changes).await?;
        tx.commit().await?;
        Ok(after)
    }
}
