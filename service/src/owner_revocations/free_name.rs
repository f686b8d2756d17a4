//! Frees the names of keys that have ended.

use model::id::KeyId;
use model::key::{Key, KeyName, KeyOwner, KeyStatus};
use store::Tx;

use crate::error::{Error, Result};
use crate::state::Service;

impl Service {
    /// Frees a name of an owner for another key, or returns an error if an active key other than `own` has it in any
    /// spelling. A key that ended with its owner is revoked here, as its batch would do. An expired key ends for good;
    /// otherwise two keys would share the name once the clock is set back.
    pub(crate) async fn free_name(
        &self,
        tx: &mut Tx,
        owner: &KeyOwner,
        name: &KeyName,
        own: Option<&KeyId>,
    ) -> Result<()> {
        let now = self.clock.now();
        let keys = store::keys::keys_with_name(tx, owner, name).await?;
        for key in keys.into_iter().filter(|key| own != Some(&key.key_id)) {
            match key.status(now) {
                KeyStatus::Active => return Err(Error::from(store::Error::Taken("key_name"))),
                KeyStatus::Revoked => self.revoke_key_of_ended_owner(tx, &key).await?,
                KeyStatus::Expired => self.end_for_good(tx, key).await?,
            }
        }
        Ok(())
    }

    async fn revoke_key_of_ended_owner(&self, tx: &mut Tx, key: &Key) -> Result<()> {
        let Some(end) = store::owner_revocations::find(tx, &key.owner, &key.key_id).await? else {
            return Ok(());
        };
        if store::keys::revoke_ended_key(tx, &end, &key.key_id).await? {
            store::audit::insert(tx, &self.revocation_event(&end, &key.key_id)?).await?;
        }
        Ok(())
    }

    /// Makes the end of an expired key final. The key is shown as before, so this needs no audit record.
    async fn end_for_good(&self, tx: &mut Tx, mut key: Key) -> Result<()> {
        key.ended_at.get_or_insert(self.clock.now());
        let key = self.write_key(tx, key).await?;
        store::keys::end_grace_periods(tx, &key.key_id).await?;
        Ok(())
    }
}
