//! Ending all keys of an owner.

use model::audit::AuditEvent;
use model::key::{KeyOwner, Revocation};
use store::Tx;

use crate::actor::Caller;
use crate::error::Result;
use crate::state::Service;

impl Service {
    /// Ends everything that an owner has, `admin-key` too. It belongs into the transaction that ends the owner, behind the change
    /// of their row, which keys that are being made wait for, and behind the record of it.
    pub(crate) async fn end_keys_of(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        owner: &KeyOwner,
        event: &AuditEvent,
        why: &str,
    ) -> Result<()> {
        let revocation = Revocation { at: event.at, by: caller.acting(), reason: why.to_owned() };
        Ok(store::ends::insert(tx, owner, &revocation, event).await?)
    }
}
