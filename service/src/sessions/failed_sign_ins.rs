//! Failed sign-ins that are not in the audit log yet.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::id::AccountId;

use crate::actor::RequestContext;
use crate::write_behind::{Collected, Collector};

/// Minimum time between two records of one account.
const RECORD_EVERY_MILLIS: u64 = 60_000;
/// Maximum number of accounts in memory. Failures of further accounts are not recorded.
const ACCOUNTS_MAX: usize = 10_000;
/// Maximum length of a stored user agent, in characters.
const AGENT_LENGTH_MAX: usize = 300;

/// Failed sign-ins that are not written yet, by account.
pub(crate) struct FailedSignIns {
    failures: Collector<AccountId, Failures>,
    /// The monotonic time of the last record of each account, for as long as its next record has to wait.
    recorded: Mutex<HashMap<AccountId, u64>>,
}

/// The failed sign-ins of one account since its last record.
#[derive(Debug, Default)]
pub(super) struct Failures {
    pub(super) attempts: u64,
    /// The request context of the latest attempt.
    pub(super) context: RequestContext,
}

impl Default for FailedSignIns {
    fn default() -> Self {
        Self { failures: Collector::new(ACCOUNTS_MAX), recorded: Mutex::default() }
    }
}

impl FailedSignIns {
    /// Records a sign-in with a wrong password.
    pub(crate) fn record(&self, account: &AccountId, context: &RequestContext) {
        self.failures.record(account, Failures::default, |failures| {
            failures.attempts = failures.attempts.saturating_add(1);
            failures.context = context.clone();
            if let Some(agent) = &mut failures.context.agent {
                *agent = agent.chars().take(AGENT_LENGTH_MAX).collect();
            }
        });
    }

    /// Number of accounts with failures to be written, now or later.
    pub(crate) fn len(&self) -> usize {
        self.failures.len()
    }

    pub(crate) fn lost_count(&self) -> u64 {
        self.failures.lost_count()
    }

    /// Takes failures that are due for a record.
    pub(super) fn take_due(&self, now: u64, most: usize) -> Vec<(AccountId, Failures)> {
        let mut recorded = self.recorded();
        recorded.retain(|_, at| now.saturating_sub(*at) < RECORD_EVERY_MILLIS);
        let most = most.min(ACCOUNTS_MAX.saturating_sub(recorded.len()));
        let due = self.failures.take_if(most, |account| !recorded.contains_key(account));
        recorded.extend(due.iter().map(|(account, _)| (account.clone(), now)));
        due
    }

    /// Takes failures whether or not they are due, because the server is stopping.
    pub(super) fn take_all(&self, most: usize) -> Vec<(AccountId, Failures)> {
        self.failures.take(most)
    }

    /// Puts back failures that could not be recorded. They are due at once.
    pub(super) fn put_back(&self, unwritten: Vec<(AccountId, Failures)>) {
        let mut recorded = self.recorded();
        for (account, _) in &unwritten {
            recorded.remove(account);
        }
        self.failures.put_back(unwritten);
    }

    fn recorded(&self) -> MutexGuard<'_, HashMap<AccountId, u64>> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collected for Failures {
    fn add_earlier(&mut self, earlier: Self) {
        self.attempts = self.attempts.saturating_add(earlier.attempts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_that_could_not_be_recorded_are_due_at_once() {
        let (failed, account) = (FailedSignIns::default(), AccountId::from_random("a"));
        let attempts = |now| -> Vec<_> {
            failed.take_due(now, 10).into_iter().map(|(_, failures)| failures.attempts).collect()
        };
        failed.record(&account, &RequestContext::default());
        let taken = failed.take_due(0, 10);
        failed.record(&account, &RequestContext::default());
        assert_eq!(attempts(0), [0; 0], "a minute has not passed");
        failed.put_back(taken);
        assert_eq!(attempts(0), [2]);
        failed.record(&account, &RequestContext::default());
        assert_eq!(attempts(RECORD_EVERY_MILLIS - 1), [0; 0]);
        assert_eq!(attempts(RECORD_EVERY_MILLIS), [1]);
    }
}
