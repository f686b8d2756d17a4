//! Ends all keys of an owner.

use model::audit::AuditEvent;
use model::key::{KeyOwner, Revocation};
use store::Tx;

use crate::actor::Caller;
use crate::error::Result;
use crate::state::Service;

impl Service {
    /// Ends all keys of an owner, including `admin-key`. The caller must first, in the same transaction, have changed
    /// the owner's row, on which the creation of keys waits, and have written the audit record of that change.
    pub(crate) async fn revoke_keys_of(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        owner: &KeyOwner,
        event: &AuditEvent,
        why: &str,
    ) -> Result<()> {
        let revocation = Revocation { at: event.at, by: caller.acting(), reason: why.to_owned() };
        Ok(store::owner_revocations::insert(tx, owner, &revocation, event).await?)
    }
}
