//! Revokes keys.

use model::audit::AuditAction;
use model::key::{Key, KeyStatus, Precondition, Revocation};
use store::Tx;
use store::invalidations::{TransactionId, transaction_id};

use crate::actor::{Caller, KeyRef};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::nodes::Enforcement;
use crate::not_found::NO_KEY;
use crate::policy::{self, Action};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Revokes a key. Once this has returned, neither its secret nor an earlier one is accepted.
    pub async fn revoke_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        reason: String,
        precondition: &Precondition,
    ) -> Result<Key> {
        let (key, _) = self.revoke_key_in(caller, key, reason, precondition, false).await?;
        Ok(key)
    }

    /// Like [`Self::revoke_key`], and then waits until every server of the database refuses the key, at most a second.
    /// The second value is `None` if that cannot be known, because the database does not answer any more.
    pub async fn revoke_key_everywhere(
        &self,
        caller: &Caller,
        key: &KeyRef,
        reason: String,
        precondition: &Precondition,
    ) -> Result<(Key, Option<Enforcement>)> {
        let (key, change) = self.revoke_key_in(caller, key, reason, precondition, true).await?;
        let enforcement = match change {
            Some(change) => self.await_enforcement(change).await,
            None => None,
        };
        Ok((key, enforcement))
    }

    /// Also returns the transaction if somebody asks for it.
    async fn revoke_key_in(
        &self,
        caller: &Caller,
        key: &KeyRef,
        reason: String,
        precondition: &Precondition,
        is_asked: bool,
    ) -> Result<(Key, Option<TransactionId>)> {
        retry!(self.try_revoke_key(caller, key, reason.clone(), precondition, is_asked).await)
    }

    async fn try_revoke_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        reason: String,
        precondition: &Precondition,
        is_asked: bool,
    ) -> Result<(Key, Option<TransactionId>)> {
        let may = |caller: &Caller| policy::permit(caller, Action::RevokeKeys);
        let (mut tx, caller) = self.begin_for_key(caller, key, may).await?;
        let caller = &caller;
        let key = self.load_key(&mut tx, caller, Action::RevokeKeys, key).await?;
        policy::refuse_protected(&key)?;
        if key.status(self.clock.now()) != KeyStatus::Active {
            return Err(Error::NotFound(NO_KEY));
        }
        if !precondition.fits(&key) {
            return Err(Error::Stale);
        }
        let key = self.revoke_in(&mut tx, caller, key, reason).await?;
        let change = if is_asked { Some(transaction_id(&mut tx).await?) } else { None };
        tx.commit().await?;
        Ok((key, change))
    }

    pub(crate) async fn revoke_in(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        mut key: Key,
        reason: String,
    ) -> Result<Key> {
        let changes =
            Changes::default().field("status", "active", "revoked").field("reason", "", reason.as_str());
        let revocation = Revocation { at: self.clock.now(), by: caller.acting(), reason };
        key.revoked = Some(revocation);
        let key = self.write_key(tx, key).await?;
        store::keys::end_grace_periods(tx, &key.key_id).await?;
        self.record(tx, caller, AuditAction::ApiKeyRevoked, AuditTarget::Key(&key.key_id), changes).await?;
        Ok(key)
    }
}
