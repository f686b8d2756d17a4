//! Records failed sign-ins in the audit log of each organization that the account belongs to.
//!
//! They are collected in memory and written later. A write before the response would reveal by its duration that the
//! account exists, and an attacker who tries passwords could fill the log. Each account gets at most one record a
//! minute, with the number of attempts. Addresses without an account get no record, because no organization could read
//! it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::audit::AuditAction;
use model::id::AccountId;
use store::users::Membership;

use crate::actor::{Actor, Caller, Member, RequestContext};
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

/// Minimum time between two records of one account.
const RECORD_EVERY_MILLIS: u64 = 60_000;
/// Maximum number of accounts in memory. Failures of further accounts are not recorded.
const ACCOUNTS_MAX: usize = 10_000;
/// Maximum length of a stored user agent, in characters.
const AGENT_LENGTH_MAX: usize = 300;

/// Failed sign-ins that are not written yet, by account.
#[derive(Debug, Default)]
pub(crate) struct FailedSignIns(Mutex<HashMap<AccountId, Failures>>);

#[derive(Debug, Default)]
struct Failures {
    /// Attempts since the last record.
    attempts: u64,
    /// The request context of the latest attempt.
    context: RequestContext,
    /// The monotonic time of the last record.
    recorded_at: Option<u64>,
}

impl FailedSignIns {
    /// Records a sign-in with a wrong password.
    pub(crate) fn record(&self, account: &AccountId, context: &RequestContext) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= ACCOUNTS_MAX && !accounts.contains_key(account) {
            return;
        }
        let failures = accounts.entry(account.clone()).or_default();
        failures.attempts = failures.attempts.saturating_add(1);
        failures.context = context.clone();
        if let Some(agent) = &mut failures.context.agent {
            *agent = agent.chars().take(AGENT_LENGTH_MAX).collect();
        }
    }

    /// Takes the failures that are due for a record, and removes accounts without a failure in the minute since their
    /// last record.
    fn take_due(&self, now: u64) -> Vec<(AccountId, u64, RequestContext)> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = |failures: &Failures| {
            failures.recorded_at.is_none_or(|at| now.saturating_sub(at) >= RECORD_EVERY_MILLIS)
        };
        accounts.retain(|_, failures| failures.attempts > 0 || !is_due(failures));
        let due = accounts.iter_mut().filter(|(_, failures)| failures.attempts > 0 && is_due(failures));
        due.map(|(account, failures)| {
            failures.recorded_at = Some(now);
            (account.clone(), std::mem::take(&mut failures.attempts), failures.context.clone())
        })
        .collect()
    }
}

impl Service {
    /// Writes the failed sign-ins that are due.
    pub(crate) async fn write_failed_sign_ins(&self) -> Result<()> {
        for (account, attempts, context) in self.failed_sign_ins.take_due(self.clock.monotonic_millis()) {
            retry!(self.try_record_failures(&account, attempts, &context).await)?;
        }
        Ok(())
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
