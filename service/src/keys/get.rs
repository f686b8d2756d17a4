//! One key, and what happened to it.

use model::audit::{AuditAction, AuditEvent};
use model::id::KeyId;
use model::key::{Grace, KeyDetails};

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
        policy::permit(caller, Action::ListKeys)?;
        let mut db = self.store.read().await?;
        let key = self.load_key(&mut db, caller, Action::ListKeys, key).await?;
        let graces =
            store::keys::graces(&mut db, std::slice::from_ref(&key.key_id), self.clock.now()).await?;
        let graces: Vec<Grace> = graces.into_iter().map(|(_, grace)| grace).collect();
        let people: Vec<_> = std::iter::once(&key.user_id).chain(&key.created_by).cloned().collect();
        let names = store::users::names(&mut db, &people).await?;
        drop(db);
        self.record_read(caller, AuditAction::ApiKeyAccessed, Subject::Key(&key.key_id)).await?;
        let (owner_email, owner_name) = names
            .iter()
            .find(|(id, ..)| *id == key.user_id)
            .map(|(_, email, name)| (email.clone(), name.clone()))
            .unwrap_or_default();
        let creator_email = names
            .iter()
            .find(|(id, ..)| Some(id) == key.created_by.as_ref())
            .map(|(_, email, _)| email.clone());
        let may_change = policy::may_change(caller, &key);
        Ok(KeyDetails { key, graces, owner_email, owner_name, creator_email, may_change })
    }

    /// What happened to a key, newest first.
    pub async fn key_history(&self, caller: &Caller, key: &KeyId) -> Result<Vec<AuditEvent>> {
        policy::permit(caller, Action::ListKeys)?;
        let mut db = self.store.read().await?;
        let key = self.load_key(&mut db, caller, Action::ListKeys, &KeyRef::Id(key.clone())).await?;
        let organization = caller.organization();
        let events =
            store::audit::changes_of(&mut db, organization, key.key_id.as_str(), HISTORY_MAX).await?;
        drop(db);
        self.record_read(caller, AuditAction::AuditLogAccessed, Subject::Key(&key.key_id)).await?;
        Ok(events)
    }
}
