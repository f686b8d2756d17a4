//! Rotates keys.

use model::audit::AuditAction;
use model::key::{CreatedKey, KeyStatus, Precondition, Rotation};
use serde_json::json;

use super::secret::NewSecret;
use crate::actor::{Caller, KeyRef};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::idempotency::{Acquired, IdempotencyLease, Idempotent, IdempotentRequest};
use crate::not_found::NO_KEY;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Replaces the secret of a key. With a grace period, the previous secret stays valid until that period ends.
    /// Without one, the previous secret and all earlier ones end at once.
    pub async fn rotate_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        rotation: Rotation,
        precondition: &Precondition,
    ) -> Result<CreatedKey> {
        retry!(self.try_rotate_key(caller, key, rotation, precondition, None).await)
    }

    /// Like [`Self::rotate_key`], for a client that may repeat its request: it gets the same secret again, and the key
    /// is rotated once.
    pub async fn rotate_key_idempotent(
        &self,
        caller: &Caller,
        key: &KeyRef,
        rotation: Rotation,
        precondition: &Precondition,
        request: &IdempotentRequest,
    ) -> Result<Idempotent<CreatedKey>> {
        match self.acquire_lease(caller, Action::UpdateKeys, request).await? {
            Acquired::Answered(answered) => Ok(answered),
            Acquired::Ours(lease) => {
                let rotated =
                    retry!(self.try_rotate_key(caller, key, rotation, precondition, Some(&lease)).await);
                lease.finish(rotated).await
            }
        }
    }

    async fn try_rotate_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        rotation: Rotation,
        precondition: &Precondition,
        lease: Option<&IdempotencyLease>,
    ) -> Result<CreatedKey> {
        let may = |caller: &Caller| policy::permit(caller, Action::UpdateKeys);
        let (mut tx, caller) = self.begin_for_key(caller, key, may).await?;
        let caller = &caller;
        let now = self.clock.now();
        let before = self.load_key(&mut tx, caller, Action::UpdateKeys, key).await?;
        policy::refuse_protected(&before)?;
        if before.status(now) != KeyStatus::Active {
            return Err(Error::NotFound(NO_KEY));
        }
        self.may_receive_secret(&mut tx, caller, &before).await?;
        if !precondition.fits(&before) {
            return Err(Error::Stale);
        }
        let NewSecret { secret, hash, shown_prefix } = self.new_secret(before.fields.environment)?;
        let mut after = before.clone();
        after.key_hash = hash;
        after.shown_prefix = shown_prefix;
        after.rotated_at = Some(now);
        after.last_use = None;
        let key = self.write_key(&mut tx, after).await?;
        let valid_until = rotation.valid_until(key.fields.expires_at, now);
        match valid_until {
            Some(end) => {
                store::keys::keep_earlier_secret(
                    &mut tx,
                    &key.key_id,
                    &before.key_hash,
                    &before.shown_prefix,
                    end,
                )
                .await?;
            }
            None => {
                store::keys::end_grace_periods(&mut tx, &key.key_id).await?;
            }
        }
        let changes = Changes::default()
            .field("key_prefix", before.masked(), key.masked())
            .added("old_secret_valid_until", json!(valid_until));
        self.record(&mut tx, caller, AuditAction::ApiKeyRotated, AuditTarget::Key(&key.key_id), changes)
            .await?;
        let rotated = CreatedKey { key, secret };
        self.store_response(&mut tx, lease, &rotated).await?;
        tx.commit().await?;
        self.transfer(&before, &rotated.key);
        Ok(rotated)
    }
}
