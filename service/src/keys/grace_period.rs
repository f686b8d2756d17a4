//! Ends or extends the grace period of earlier secrets.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::KeyId;
use model::key::{KeyStatus, Rotation};
use serde_json::json;

use crate::actor::{Caller, KeyRef};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::not_found::NO_KEY;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    pub async fn end_grace_period(&self, caller: &Caller, key: &KeyId) -> Result<()> {
        retry!(self.try_set_grace(caller, key, None).await)
    }

    /// Starts the grace period of a key's earlier secrets anew, with the length in `rotation`. It does not outlast the
    /// key's own expiry.
    pub async fn extend_grace_period(&self, caller: &Caller, key: &KeyId, rotation: Rotation) -> Result<()> {
        retry!(self.try_set_grace(caller, key, Some(rotation)).await)
    }

    async fn try_set_grace(&self, caller: &Caller, key: &KeyId, rotation: Option<Rotation>) -> Result<()> {
        let key = KeyRef::Id(key.clone());
        let may = |caller: &Caller| policy::permit(caller, Action::UpdateKeys);
        let (mut tx, caller) = self.begin_for_key(caller, &key, may).await?;
        let caller = &caller;
        let now = self.clock.now();
        let key = self.load_key(&mut tx, caller, Action::UpdateKeys, &key).await?;
        policy::refuse_protected(&key)?;
        self.permit_keeping(&mut tx, caller, &key).await?;
        let grace_periods =
            store::keys::grace_periods(&mut tx, std::slice::from_ref(&key.key_id), now).await?;
        let before: Option<Timestamp> = grace_periods.iter().map(|(_, grace)| grace.valid_until).max();
        if key.status(now) != KeyStatus::Active || before.is_none() {
            return Err(Error::NotFound(NO_KEY));
        }
        let after = rotation.and_then(|rotation| rotation.valid_until(key.fields.expires_at, now));
        // Writing the key increments its version, so that this change cannot undo a concurrent rotation or revocation.
        let key = self.write_key(&mut tx, key).await?;
        match after {
            Some(end) => store::keys::set_grace_period_end(&mut tx, &key.key_id, end, now).await?,
            None => store::keys::end_grace_periods(&mut tx, &key.key_id).await?,
        };
        let changes = Changes::default().field("old_secret_valid_until", json!(before), json!(after));
        self.record(&mut tx, caller, AuditAction::ApiKeyGraceUpdated, AuditTarget::Key(&key.key_id), changes)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
