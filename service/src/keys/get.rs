//! One key, and what happened to it.

use std::collections::HashMap;

use model::audit::{AuditAction, AuditEvent};
use model::id::KeyId;
use model::key::{Grace, KeyDetails, KeyOwner};
use store::Connection;

use crate::actor::{Caller, KeyRef};
use crate::audit::Subject;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// Records of a key's history that its page shows.
const HISTORY_MAX: u32 = 100;

impl Service {
    /// A key with its earlier secrets that are still valid, its owner and its maker.
    pub async fn get_key(&self, caller: &Caller, key: &KeyRef) -> Result<KeyDetails> {
        policy::permit(caller, Action::ReadKeys)?;
        let mut db = self.store.read().await?;
        let mut key = self.load_key(&mut db, caller, Action::ReadKeys, key).await?;
        self.show_last_use(&mut key);
        let graces =
            store::keys::graces(&mut db, std::slice::from_ref(&key.key_id), self.clock.now()).await?;
        // They end with their key, before their rows go.
        let graces = graces.into_iter().filter(|_| key.revoked.is_none() && key.ended_at.is_none());
        let graces: Vec<Grace> = graces.map(|(_, grace)| grace).collect();
        let mut names = names(&mut db, std::iter::once(&key.owner).chain(&key.created_by)).await?;
        drop(db);
        self.record_read(caller, AuditAction::ApiKeyAccessed, Subject::Key(&key.key_id)).await?;
        let creator = key.created_by.as_ref().and_then(|id| names.get(id)).cloned();
        let creator_email = creator.map(|(email, name)| if email.is_empty() { name } else { email });
        let (owner_email, owner_name) = names.remove(&key.owner).unwrap_or_default();
        let may_change = policy::may_change(caller, &key);
        Ok(KeyDetails { key, graces, owner_email, owner_name, creator_email, may_change })
    }

    /// What happened to a key, newest first.
    pub async fn key_history(&self, caller: &Caller, key: &KeyId) -> Result<Vec<AuditEvent>> {
        policy::permit(caller, Action::ReadKeys)?;
        let mut db = self.store.read().await?;
        let key = self.load_key(&mut db, caller, Action::ReadKeys, &KeyRef::Id(key.clone())).await?;
        let organization = caller.organization();
        let events =
            store::audit::changes_of(&mut db, organization, key.key_id.as_str(), HISTORY_MAX).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, Subject::Key(&key.key_id)).await?;
        Ok(events)
    }
}

/// E-mails, empty for service accounts, and names.
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
