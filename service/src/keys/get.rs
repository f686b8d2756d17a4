//! Reads one key and its history.

use std::collections::HashMap;

use model::audit::{AuditAction, AuditEvent};
use model::id::KeyId;
use model::key::{GracePeriod, KeyDetails, KeyOwner};
use store::Connection;

use crate::actor::{Caller, KeyRef};
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// Maximum number of audit records in a key's history.
const HISTORY_MAX: u32 = 100;

impl Service {
    /// Returns a key with its working earlier secrets, its owner and its creator.
    pub async fn get_key(&self, caller: &Caller, key: &KeyRef) -> Result<KeyDetails> {
        policy::permit(caller, Action::ReadKeys)?;
        let mut db = self.store.read().await?;
        let mut key = self.load_key(&mut db, caller, Action::ReadKeys, key).await?;
        self.show_last_use(&mut key);
        let grace_periods =
            store::keys::grace_periods(&mut db, std::slice::from_ref(&key.key_id), self.clock.now()).await?;
        // Grace periods end together with their key, but their rows are deleted later.
        let grace_periods =
            grace_periods.into_iter().filter(|_| key.revoked.is_none() && key.ended_at.is_none());
        let grace_periods: Vec<GracePeriod> = grace_periods.map(|(_, grace)| grace).collect();
        let mut names = names(&mut db, std::iter::once(&key.owner).chain(&key.created_by)).await?;
        drop(db);
        self.record_read(caller, AuditAction::ApiKeyAccessed, AuditTarget::Key(&key.key_id)).await?;
        let creator = key.created_by.as_ref().and_then(|id| names.get(id)).cloned();
        let creator_email = creator.map(|(email, name)| if email.is_empty() { name } else { email });
        let (owner_email, owner_name) = names.remove(&key.owner).unwrap_or_default();
        let may_change = policy::may_change(caller, &key);
        Ok(KeyDetails { key, grace_periods, owner_email, owner_name, creator_email, may_change })
    }

    /// Returns the audit records of a key's changes, newest first.
    pub async fn key_history(&self, caller: &Caller, key: &KeyId) -> Result<Vec<AuditEvent>> {
        policy::permit(caller, Action::ReadKeys)?;
        let mut db = self.store.read().await?;
        let key = self.load_key(&mut db, caller, Action::ReadKeys, &KeyRef::Id(key.clone())).await?;
        let organization = caller.organization();
        let events =
            store::audit::changes_of(&mut db, organization, key.key_id.as_str(), HISTORY_MAX).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, AuditTarget::Key(&key.key_id)).await?;
        Ok(events)
    }
}

/// Returns the e-mail and the name of each owner. The e-mail of a service account is empty.
pub(crate) async fn names<'a>(
    db: &mut impl Connection,
    owners: impl Iterator<Item = &'a KeyOwner> + Clone,
) -> Result<HashMap<KeyOwner, (String, String)>> {
    let users: Vec<_> = owners.clone().filter_map(KeyOwner::user_id).cloned().collect();
    let accounts: Vec<_> = owners.filter_map(KeyOwner::service_account_id).cloned().collect();
    let users = store::users::names(db, &users).await?.into_iter();
    let users = users.map(|(id, email, name)| (id.into(), (email, name)));
    let accounts = store::service_accounts::names(db, &accounts).await?.into_iter();
    Ok(users.chain(accounts.map(|(id, name)| (id.into(), (String::new(), name)))).collect())
}
