//! Failed sign-ins that are not in the audit log yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::id::AccountId;

use crate::actor::RequestContext;

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

    /// Puts back attempts whose record could not be written. They are due again after a minute.
    pub(super) fn put_back(&self, account: &AccountId, attempts: u64) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The entry has stayed, because it was recorded less than a minute ago.
        if let Some(failures) = accounts.get_mut(account) {
            failures.attempts = failures.attempts.saturating_add(attempts);
        }
    }

    /// Takes the failures that are due for a record, and removes accounts without a failure in the minute since their
    /// last record.
    pub(super) fn take_due(&self, now: u64) -> Vec<(AccountId, u64, RequestContext)> {
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
