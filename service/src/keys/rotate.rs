//! Replacing a key's secret.

use model::audit::AuditAction;
use model::key::{Basis, CreatedKey, KeyStatus, Rotation};
use serde_json::json;

use super::load::NO_KEY;
use super::secret::NewSecret;
use crate::actor::{Caller, KeyRef};
use crate::audit::{Changes, Subject};
use crate::error::{Error, Result};
use crate::once::{Answered, Claim, Claimed, Once};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Gives a key a new secret. The old one ends at once, and all before it, or stays valid for a grace period.
    pub async fn rotate_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        rotation: Rotation,
        basis: &Basis,
    ) -> Result<CreatedKey> {
        retry!(self.try_rotate_key(caller, key, rotation, basis, None).await)
    }

    /// The same for a client that may repeat its request: it gets the same secret again, and no second rotation.
    pub async fn rotate_key_once(
        &self,
        caller: &Caller,
        key: &KeyRef,
        rotation: Rotation,
        basis: &Basis,
        once: &Once,
    ) -> Result<Answered<CreatedKey>> {
        match self.claim(caller, Action::UpdateKeys, once).await? {
            Claimed::Answered(answered) => Ok(answered),
            Claimed::Ours(claim) => {
                let rotated = retry!(self.try_rotate_key(caller, key, rotation, basis, Some(&claim)).await);
                claim.end(rotated).await
            }
        }
    }

    async fn try_rotate_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        rotation: Rotation,
        basis: &Basis,
        claim: Option<&Claim>,
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
        if !basis.fits(&before) {
            return Err(Error::Stale);
        }
        let NewSecret { secret, hash, shown_prefix } = self.new_secret()?;
        let mut after = before.clone();
        after.key_hash = hash;
        after.shown_prefix = shown_prefix;
        after.rotated_at = Some(now);
        after.last_use = None;
        let key = self.write_key(&mut tx, after).await?;
        let valid_until = rotation.valid_until(key.expires_at, now);
        match valid_until {
            Some(end) => {
                store::keys::retire_secret(&mut tx, &key.key_id, &before.key_hash, &before.shown_prefix, end)
                    .await?;
            }
            None => {
                store::keys::end_graces(&mut tx, &key.key_id).await?;
            }
        }
        let changes = Changes::default()
            .field("key_prefix", before.masked(), key.masked())
            .added("old_secret_valid_until", json!(valid_until));
        self.record(&mut tx, caller, AuditAction::ApiKeyRotated, Subject::Key(&key.key_id), changes).await?;
        let rotated = CreatedKey { key, secret };
        self.keep(&mut tx, claim, &rotated).await?;
        tx.commit().await?;
        self.hand_over(&before, &rotated.key);
        Ok(rotated)
    }
}
