//! Records failed sign-ins in the audit log of each organization that the account belongs to.
//!
//! They are collected in memory and written later. A write before the response would reveal by its duration that the
//! account exists, and an attacker who tries passwords could fill the log. Each account gets at most one record a
//! minute, with the number of attempts. Addresses without an account get no record, because no organization could read
//! it.

use model::audit::AuditAction;
use model::id::AccountId;
use store::users::Membership;

use crate::actor::{Actor, Caller, Member, RequestContext};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Writes the failed sign-ins that are due. Those that cannot be written are kept for a later time.
    pub(crate) async fn write_failed_sign_ins(&self) -> Result<()> {
        let mut outcome = Ok(());
        for (account, attempts, context) in self.failed_sign_ins.take_due(self.clock.monotonic_millis()) {
            // Without the database, each further attempt would wait for it in vain.
            let is_given_up = matches!(&outcome, Err(Error::Store(error)) if error.is_unavailable());
            if !is_given_up {
                match retry!(self.try_record_failures(&account, attempts, &context).await) {
                    Ok(()) => continue,
                    Err(error) => outcome = Err(error),
                }
            }
            self.failed_sign_ins.put_back(&account, attempts);
        }
        outcome
    }

    async fn try_record_failures(
        &self,
        account: &AccountId,
        attempts: u64,
        context: &RequestContext,
    ) -> Result<()> {
        let mut tx = self.store.begin().await?;
        for Membership { user, .. } in store::users::memberships(&mut tx, account).await? {
            let member = Member {
                account_id: account.clone(),
                session_id: model::id::SessionId::from_random(&self.entropy.id()?),
                user_id: user.user_id.clone(),
                email: user.email,
                role: user.role,
                organization_id: user.organization_id,
            };
            // Nobody was authenticated. The record names the member whose password was tried.
            let caller = Caller { actor: Actor::Member(member), context: context.clone() };
            let changes = Changes::default().added("attempts", attempts);
            let target = AuditTarget::User(&user.user_id);
            self.record(
                &mut tx,
                &AuthorizedCaller::proven(caller),
                AuditAction::SignInFailed,
                target,
                changes,
            )
            .await?;
        }
        Ok(tx.commit().await?)
    }
}
