//! Failed sign-ins, for the audit log of each organization that the account belongs to.
//!
//! They are noted in memory and written behind: a write before the answer would tell by its time that there is such an
//! account, and whoever tries passwords would fill the log. Each account has at most one record a minute, which says how
//! many attempts there were. Addresses without an account leave no record, since no organization could read it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::audit::AuditAction;
use model::id::AccountId;
use store::users::Membership;

use crate::actor::{Actor, Caller, Member, Origin};
use crate::audit::{Changes, Subject};
use crate::error::Result;
use crate::recheck::FreshCaller;
use crate::state::Service;

/// Time between two records of one account.
const RECORD_EVERY_MILLIS: u64 = 60_000;
/// Accounts of which failures are remembered at once. Those of further accounts are not recorded.
const ACCOUNTS_MAX: usize = 10_000;
/// Longest agent that is kept, in characters.
const AGENT_LENGTH_MAX: usize = 300;

/// Failed sign-ins that are not written yet, by account.
#[derive(Debug, Default)]
pub(crate) struct FailedSignIns(Mutex<HashMap<AccountId, Failures>>);

#[derive(Debug, Default)]
struct Failures {
    /// Attempts since the last record.
    attempts: u64,
    /// Where the latest of them came from.
    origin: Origin,
    /// When the last record was written, by the monotonic clock.
    recorded_at: Option<u64>,
}

impl FailedSignIns {
    /// Notes an attempt to sign in to an account with a wrong password.
    pub(crate) fn note(&self, account: &AccountId, origin: &Origin) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= ACCOUNTS_MAX && !accounts.contains_key(account) {
            return;
        }
        let failures = accounts.entry(account.clone()).or_default();
        failures.attempts = failures.attempts.saturating_add(1);
        failures.origin = origin.clone();
        if let Some(agent) = &mut failures.origin.agent {
            *agent = agent.chars().take(AGENT_LENGTH_MAX).collect();
        }
    }

    /// Takes what is due for a record, and forgets accounts without a failure for a minute.
    fn take_due(&self, now: u64) -> Vec<(AccountId, u64, Origin)> {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = |failures: &Failures| {
            failures.recorded_at.is_none_or(|at| now.saturating_sub(at) >= RECORD_EVERY_MILLIS)
        };
        accounts.retain(|_, failures| failures.attempts > 0 || !is_due(failures));
        let due = accounts.iter_mut().filter(|(_, failures)| failures.attempts > 0 && is_due(failures));
        due.map(|(account, failures)| {
            failures.recorded_at = Some(now);
            (account.clone(), std::mem::take(&mut failures.attempts), failures.origin.clone())
        })
        .collect()
    }
}

impl Service {
    /// Records the failed sign-ins that are due.
    pub(crate) async fn write_failed_sign_ins(&self) -> Result<()> {
        for (account, attempts, origin) in self.failed_sign_ins.take_due(self.clock.monotonic_millis()) {
            self.record_failures(&account, attempts, &origin).await?;
        }
        Ok(())
    }

    async fn record_failures(&self, account: &AccountId, attempts: u64, origin: &Origin) -> Result<()> {
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
            // Nobody was proven: the record names the member whose password was tried.
            let caller = Caller { actor: Actor::Member(member), origin: origin.clone() };
            let changes = Changes::default().added("attempts", attempts);
            let subject = Subject::User(&user.user_id);
            self.record(&mut tx, &FreshCaller::proven(caller), AuditAction::SignInFailed, subject, changes)
                .await?;
        }
        Ok(tx.commit().await?)
    }
}
