//! Names that dead keys hold.

use model::key::{KeyName, KeyOwner};
use store::Tx;

use crate::error::Result;
use crate::state::Service;

impl Service {
    /// Frees a name for an owner's new key, if it is held by a key that only has not been written down as ended yet: its time
    /// has passed, or it ended with its owner, who has come back since.
    pub(crate) async fn free_name(&self, tx: &mut Tx, owner: &KeyOwner, name: &KeyName) -> Result<()> {
        store::keys::expire_named(tx, owner, name, self.clock.now()).await?;
        let held = store::keys::find_named(tx, owner, name).await?;
        let Some(key) = held.filter(|key| key.revoked.is_some()) else { return Ok(()) };
        let Some(end) = store::ends::find(tx, owner, &key.key_id).await? else { return Ok(()) };
        if store::keys::revoke_ended_key(tx, &end, &key.key_id).await? {
            store::audit::insert(tx, &self.event_of_ended(&end, &key.key_id)?).await?;
        }
        Ok(())
    }
}
