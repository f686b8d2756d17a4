//! Ending a key for good.

use model::audit::AuditAction;
use model::key::{Basis, Key, KeyOwner, KeyStatus, Revocation};
use store::Tx;

use super::load::NO_KEY;
use crate::actor::{Caller, KeyRef};
use crate::audit::{Changes, Subject};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

/// Keys ended in one go when their owner goes.
const BATCH: u32 = 500;

impl Service {
    /// Revokes a key: neither its secret nor an earlier one is accepted once this has returned.
    pub async fn revoke_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        reason: String,
        basis: &Basis,
    ) -> Result<Key> {
        policy::permit(caller, Action::RevokeKeys)?;
        retry!(self.try_revoke_key(caller, key, reason.clone(), basis).await)
    }

    async fn try_revoke_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        reason: String,
        basis: &Basis,
    ) -> Result<Key> {
        let mut tx = self.store.begin().await?;
        let key = self.load_key(&mut tx, caller, Action::RevokeKeys, key).await?;
        policy::refuse_protected(&key)?;
        if key.status(self.clock.now()) != KeyStatus::Active {
            return Err(Error::NotFound(NO_KEY));
        }
        if !basis.fits(&key) {
            return Err(Error::Stale);
        }
        let key = self.revoke_in(&mut tx, caller, key, reason).await?;
        tx.commit().await?;
        Ok(key)
    }

    /// Revokes a key within a transaction.
    pub(crate) async fn revoke_in(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        mut key: Key,
        reason: String,
    ) -> Result<Key> {
        let changes =
            Changes::default().field("status", "active", "revoked").field("reason", "", reason.as_str());
        let revocation = Revocation { at: self.clock.now(), by: caller.acting(), reason };
        key.revoked = Some(revocation);
        let key = self.write_key(tx, key).await?;
        store::keys::end_graces(tx, &key.key_id).await?;
        self.record(tx, caller, AuditAction::ApiKeyRevoked, Subject::Key(&key.key_id), changes).await?;
        Ok(key)
    }

    /// Revokes everything somebody owns, `admin-key` too. Keys that have expired end for good, so that none is valid again
    /// if the clock is set back.
    pub(crate) async fn revoke_all_of(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        owner: &KeyOwner,
        why: &str,
    ) -> Result<()> {
        loop {
            let keys = store::keys::unended_of_owner(tx, owner, BATCH).await?;
            if keys.is_empty() {
                return Ok(());
            }
            for key in keys {
                if key.status(self.clock.now()) == KeyStatus::Active {
                    self.revoke_in(tx, caller, key, why.to_owned()).await?;
                } else {
                    self.end_for_good(tx, key).await?;
                }
            }
        }
    }
}
