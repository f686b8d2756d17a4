//! Names that dead keys hold.

use model::key::{Key, KeyName, KeyOwner, KeyStatus};
use store::Tx;

use crate::error::{Error, Result};
use crate::state::Service;

impl Service {
    /// Frees a name of an owner for another key, or says that an active key holds it. A key that ended with its owner, who has
    /// come back since, is revoked as the batch would have done. An expired key has ended for good from now on: otherwise two
    /// keys would share the name once the clock is set back.
    pub(crate) async fn free_name(&self, tx: &mut Tx, owner: &KeyOwner, name: &KeyName) -> Result<()> {
        let now = self.clock.now();
        for holder in store::keys::holders_of_name(tx, owner, name).await? {
            match holder.status(now) {
                KeyStatus::Active => return Err(Error::from(store::Error::Taken("key_name"))),
                KeyStatus::Revoked => self.revoke_ended_holder(tx, &holder).await?,
                KeyStatus::Expired => self.end_for_good(tx, holder).await?,
            }
        }
        Ok(())
    }

    async fn revoke_ended_holder(&self, tx: &mut Tx, key: &Key) -> Result<()> {
        let Some(end) = store::ends::find(tx, &key.owner, &key.key_id).await? else { return Ok(()) };
        if store::keys::revoke_ended_key(tx, &end, &key.key_id).await? {
            store::audit::insert(tx, &self.event_of_ended(&end, &key.key_id)?).await?;
        }
        Ok(())
    }

    /// Makes the end of an expired key final. What is shown of it stays, so this has no audit record of its own.
    async fn end_for_good(&self, tx: &mut Tx, mut key: Key) -> Result<()> {
        key.ended_at.get_or_insert(self.clock.now());
        let key = self.write_key(tx, key).await?;
        store::keys::end_graces(tx, &key.key_id).await?;
        Ok(())
    }
}
