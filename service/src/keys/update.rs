//! Changes keys.

use model::audit::AuditAction;
use model::key::{Key, KeyPatch, KeyStatus, Precondition};
use store::Tx;

use super::create::refuse_look_alike;
use crate::actor::{Caller, KeyRef};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::not_found::NO_KEY;
use crate::policy::{self, Action, PolicyTarget, Visibility};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Changes a key if the precondition holds. Fields that are absent from the patch stay as they are.
    pub async fn update_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        patch: KeyPatch,
        precondition: &Precondition,
    ) -> Result<Key> {
        retry!(self.try_update_key(caller, key, patch.clone(), precondition).await)
    }

    async fn try_update_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        patch: KeyPatch,
        precondition: &Precondition,
    ) -> Result<Key> {
        let may = |caller: &Caller| policy::permit(caller, Action::UpdateKeys);
        let (mut tx, caller) = self.begin_for_key(caller, key, may).await?;
        let caller = &caller;
        let before = self.load_key(&mut tx, caller, Action::UpdateKeys, key).await?;
        policy::refuse_protected(&before)?;
        if before.status(self.clock.now()) != KeyStatus::Active {
            return Err(Error::NotFound(NO_KEY));
        }
        self.permit_keeping(&mut tx, caller, &before).await?;
        if !precondition.fits(&before) {
            return Err(Error::Stale);
        }
        let revoke = patch.revoke;
        let after = self.apply(&mut tx, caller, &before, patch).await?;
        let mut current = self.store_change(&mut tx, caller, &before, after).await?;
        if revoke {
            current = self.revoke_in(&mut tx, caller, current, String::new()).await?;
        }
        tx.commit().await?;
        Ok(current)
    }

    /// Applies the patch to the key, if the caller may make these changes.
    async fn apply(&self, tx: &mut Tx, caller: &Caller, before: &Key, patch: KeyPatch) -> Result<Key> {
        let is_wider_possible =
            patch.permissions.is_some() || patch.access.is_some() || patch.scopes.is_some();
        let fields = before.fields.patched(patch);
        if is_wider_possible {
            policy::may_grant(caller, fields.permissions, &fields.scopes)?;
        }
        if fields.name != before.fields.name {
            self.check_rename(tx, caller, before, &fields.name).await?;
        }
        Ok(Key { fields, ..before.clone() })
    }

    /// Checks a new name: it may be taken, reserved, or outside the scopes of a key that manages keys by name.
    async fn check_rename(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        key: &Key,
        name: &model::key::KeyName,
    ) -> Result<()> {
        if policy::visibility(caller) == Visibility::Scoped {
            let owner = self.member_of(tx, caller, &key.owner).await?;
            let target =
                PolicyTarget { owner: owner.as_ref(), key: Some(key), key_name: Some(name.as_str()) };
            policy::check_scopes(caller, Action::UpdateKeys, &key.owner.clone().into(), target)?;
        }
        if name.is_admin_key() {
            return Err(self.refuse_admin_key(tx, &key.owner).await?);
        }
        refuse_look_alike(name)?;
        self.free_name(tx, &key.owner, name, Some(&key.key_id)).await
    }

    /// Writes a changed key and its audit record. Writes nothing if nothing changed.
    async fn store_change(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        before: &Key,
        after: Key,
    ) -> Result<Key> {
        let changes = Changes::default().fields(before.fields.to_audit(), after.fields.to_audit());
        if changes.is_empty() {
            return Ok(after);
        }
        let action = if changes.has("permissions") || changes.has("scopes") {
            AuditAction::ApiKeyScopeUpdated
        } else {
            AuditAction::ApiKeyUpdated
        };
        let after = self.write_key(tx, after).await?;
        if let Some(end) = after.fields.expires_at {
            // An earlier secret never outlives its key.
            store::keys::shorten_grace_periods(tx, &after.key_id, end, self.clock.now()).await?;
        }
        self.record(tx, caller, action, AuditTarget::Key(&after.key_id), changes).await?;
        Ok(after)
    }

    /// Writes the whole row. Returns [`Error::Conflict`] if another transaction changed the key meanwhile or the key
    /// has ended for good.
    pub(crate) async fn write_key(&self, tx: &mut Tx, mut key: Key) -> Result<Key> {
        if !store::keys::update(tx, &key, self.clock.now()).await? {
            return Err(Error::Conflict);
        }
        key.version += 1;
        Ok(key)
    }
}
