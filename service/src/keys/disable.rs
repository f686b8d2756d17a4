//! Putting a key out of service for a time, and back.

use model::audit::AuditAction;
use model::id::KeyId;
use model::key::{Basis, Disabling, Key, KeyStatus};

use super::load::NO_KEY;
use crate::actor::{Caller, KeyRef};
use crate::audit::{Changes, Subject};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Puts a key out of service: it is refused once this has returned, and can come back. The key must be in a state that
    /// this was based on, unless it is out of service already.
    pub async fn disable_key(&self, caller: &Caller, key: &KeyId, basis: &Basis) -> Result<Key> {
        retry!(self.try_switch_key(caller, key, true, basis).await)
    }

    /// Puts a key back into service, by the same rule.
    pub async fn enable_key(&self, caller: &Caller, key: &KeyId, basis: &Basis) -> Result<Key> {
        retry!(self.try_switch_key(caller, key, false, basis).await)
    }

    async fn try_switch_key(&self, caller: &Caller, key: &KeyId, off: bool, basis: &Basis) -> Result<Key> {
        let key = KeyRef::Id(key.clone());
        let may = |caller: &Caller| policy::permit(caller, Action::UpdateKeys);
        let (mut tx, caller) = self.begin_for_key(caller, &key, may).await?;
        let caller = &caller;
        let now = self.clock.now();
        let mut key = self.load_key(&mut tx, caller, Action::UpdateKeys, &key).await?;
        policy::refuse_protected(&key)?;
        self.may_keep(&mut tx, caller, &key).await?;
        if key.status(now) != KeyStatus::Active {
            return Err(Error::NotFound(NO_KEY));
        }
        if key.disabled.is_some() == off {
            return Ok(key);
        }
        if !basis.fits(&key) {
            return Err(Error::Stale);
        }
        key.disabled = off.then(|| Disabling { at: now, by: caller.acting() });
        let key = self.write_key(&mut tx, key).await?;
        let action = if off { AuditAction::ApiKeyDisabled } else { AuditAction::ApiKeyEnabled };
        let changes = Changes::default().field("disabled", !off, off);
        self.record(&mut tx, caller, action, Subject::Key(&key.key_id), changes).await?;
        tx.commit().await?;
        Ok(key)
    }
}
