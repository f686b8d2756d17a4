//! Disables and enables keys.

use model::audit::AuditAction;
use model::id::KeyId;
use model::key::{Disabling, Key, KeyStatus, Precondition};

use crate::actor::{Caller, KeyRef};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::not_found::NO_KEY;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Disables a key: it is refused from the moment this returns, and can be enabled again. The precondition must
    /// hold, unless the key is disabled already.
    pub async fn disable_key(
        &self,
        caller: &Caller,
        key: &KeyId,
        precondition: &Precondition,
    ) -> Result<Key> {
        retry!(self.try_switch_key(caller, key, true, precondition).await)
    }

    /// Enables a key. The precondition must hold, unless the key is enabled already.
    pub async fn enable_key(&self, caller: &Caller, key: &KeyId, precondition: &Precondition) -> Result<Key> {
        retry!(self.try_switch_key(caller, key, false, precondition).await)
    }

    async fn try_switch_key(
        &self,
        caller: &Caller,
        key: &KeyId,
        off: bool,
        precondition: &Precondition,
    ) -> Result<Key> {
        let key = KeyRef::Id(key.clone());
        let may = |caller: &Caller| policy::permit(caller, Action::UpdateKeys);
        let (mut tx, caller) = self.begin_for_key(caller, &key, may).await?;
        let caller = &caller;
        let now = self.clock.now();
        let mut key = self.load_key(&mut tx, caller, Action::UpdateKeys, &key).await?;
        policy::refuse_protected(&key)?;
        self.permit_keeping(&mut tx, caller, &key).await?;
        if key.status(now) != KeyStatus::Active {
            return Err(Error::NotFound(NO_KEY));
        }
        if key.disabled.is_some() == off {
            return Ok(key);
        }
        if !precondition.fits(&key) {
            return Err(Error::Stale);
        }
        key.disabled = off.then(|| Disabling { at: now, by: caller.acting() });
        let key = self.write_key(&mut tx, key).await?;
        let action = if off { AuditAction::ApiKeyDisabled } else { AuditAction::ApiKeyEnabled };
        let changes = Changes::default().field("disabled", !off, off);
        self.record(&mut tx, caller, action, AuditTarget::Key(&key.key_id), changes).await?;
        tx.commit().await?;
        Ok(key)
    }
}
