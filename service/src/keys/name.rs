//! Giving the name of a key that has expired to another one.

use model::key::{Key, KeyName, KeyOwner, KeyStatus};
use store::Tx;

use crate::error::{Error, Result};
use crate::state::Service;

impl Service {
    /// Frees a name of an owner for another key, or says that an active key holds it. An expired key that held it has ended
    /// for good from now on: otherwise two keys would share the name once the clock is set back.
    pub(crate) async fn free_name(&self, tx: &mut Tx, owner: &KeyOwner, name: &KeyName) -> Result<()> {
        let now = self.clock.now();
        for holder in store::keys::holders_of_name(tx, owner, name).await? {
            if holder.status(now) == KeyStatus::Active {
                return Err(Error::from(store::Error::Taken("key_name")));
            }
            self.end_for_good(tx, holder).await?;
        }
        Ok(())
    }

    /// Makes the end of an expired key final. What is shown of it stays, so this has no audit record of its own.
    pub(crate) async fn end_for_good(&self, tx: &mut Tx, mut key: Key) -> Result<()> {
        key.ended_at = Some(self.clock.now());
        let key = self.write_key(tx, key).await?;
        store::keys::end_graces(tx, &key.key_id).await?;
        Ok(())
    }
}
