//! Records failed sign-ins in the audit log of each organization that the account belongs to.
//!
//! They are written behind. A write before the response would reveal by its duration that the account exists, and an
//! attacker who tries passwords could fill the log. Each account gets at most one record a minute, and one more when
//! the server stops, with the number of attempts. Addresses without an account get no record, because no organization
//! could read it.

use model::audit::AuditAction;
use model::id::AccountId;
use store::Tx;
use store::users::Membership;

use super::failed_sign_ins::Failures;
use crate::actor::{Actor, Caller, Member};
use crate::audit::{AuditTarget, Changes};
use crate::counts::Queue;
use crate::error::Result;
use crate::reauthorize::AuthorizedCaller;
use crate::state::Service;
use crate::write_behind::WriteBehind;

/// Number of accounts in one transaction. Each may have a record in many organizations.
const BATCH: usize = 1;

/// The failed sign-ins of a service. If the server is stopping, all of them are due.
struct FailedSignInRecords<'a> {
    service: &'a Service,
    is_stopping: bool,
}

impl WriteBehind for FailedSignInRecords<'_> {
    type Item = (AccountId, Failures);

    const QUEUE: Queue = Queue::FailedSignIns;

    fn take(&self, most: usize) -> Vec<Self::Item> {
        let failed_sign_ins = &self.service.failed_sign_ins;
        if self.is_stopping {
            failed_sign_ins.take_all(most)
        } else {
            failed_sign_ins.take_due(self.service.clock.monotonic_millis(), most)
        }
    }

    fn put_back(&self, unwritten: Vec<Self::Item>) {
        self.service.failed_sign_ins.put_back(unwritten);
    }

    async fn write(&self, tx: &mut Tx, batch: &[Self::Item]) -> Result<()> {
        for (account, failures) in batch {
            self.service.record_failures(tx, account, failures).await?;
        }
        Ok(())
    }
}

impl Service {
    /// Writes the failed sign-ins that are due. If the server is stopping, all of them are due.
    pub(crate) async fn write_failed_sign_ins(&self, is_stopping: bool) -> Result<()> {
        let records = FailedSignInRecords { service: self, is_stopping };
        self.write_up_to(&records, BATCH, self.failed_sign_ins.len()).await
    }

    async fn record_failures(&self, tx: &mut Tx, account: &AccountId, failures: &Failures) -> Result<()> {
        for Membership { user, .. } in store::users::memberships(tx, account).await? {
            let member = Member {
                account_id: account.clone(),
                session_id: model::id::SessionId::from_random(&self.entropy.id()?),
                user_id: user.user_id.clone(),
                email: user.email,
                role: user.role,
                organization_id: user.organization_id,
            };
            // No person was authenticated. The record names the member whose password was tried.
            let caller = Caller { actor: Actor::Member(member), context: failures.context.clone() };
            let caller = AuthorizedCaller::proven(caller);
            let changes = Changes::default().added("attempts", failures.attempts);
            let target = AuditTarget::User(&user.user_id);
            self.record(tx, &caller, AuditAction::SignInFailed, target, changes).await?;
        }
        Ok(())
    }
}
