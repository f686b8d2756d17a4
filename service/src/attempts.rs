//! Failed sign-ins are slowed: first for the pair of account and network, later for the account from anywhere.
//!
//! The pair is slowed early, so that somebody who guesses does not keep the owner out, who comes from elsewhere. The
//! account as a whole is slowed late and never for long, so that guessing from many networks gets nowhere either.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;
use crate::error::{Error, Result};

/// Failures of a pair without any wait.
const PAIR_FREE: u32 = 5;
/// Longest wait of a pair, in seconds.
const PAIR_WAIT_MAX: u64 = 900;
/// Failures of an account without any wait.
const ACCOUNT_FREE: u32 = 50;
/// Longest wait of an account, in seconds.
const ACCOUNT_WAIT_MAX: u64 = 60;
/// Failures are forgotten after so many seconds without another.
const FORGET_SECONDS: u64 = 3600;
/// Entries remembered at most; beyond it the oldest hour is forgotten early.
const ENTRIES_MAX: usize = 100_000;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Subject {
    email_folded: String,
    network: Option<String>,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    number: u32,
    last_millis: u64,
}

/// Remembers failed sign-ins.
#[derive(Default)]
pub(crate) struct Attempts(Mutex<HashMap<Subject, Failures>>);

impl Attempts {
    /// Refuses an attempt that comes too early. A refused attempt is not counted, so waiting always helps.
    pub(crate) fn check(&self, email_folded: &str, address: Option<&str>, clock: &Clock) -> Result<()> {
        let now = clock.monotonic_millis();
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |subject: &Subject, free: u32, longest: u64| {
            let failures = entries.get(subject).copied().unwrap_or_default();
            let over = failures.number.saturating_sub(free);
            let seconds = if over == 0 { 0 } else { (1_u64 << over.min(20)).min(longest) };
            (failures.last_millis + seconds * 1000).saturating_sub(now)
        };
        let [pair, account] = subjects(email_folded, address);
        let wait = wait(&pair, PAIR_FREE, PAIR_WAIT_MAX).max(wait(&account, ACCOUNT_FREE, ACCOUNT_WAIT_MAX));
        if wait == 0 {
            Ok(())
        } else {
            Err(Error::TooManyAttempts { retry_after_seconds: wait.div_ceil(1000) })
        }
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, email_folded: &str, address: Option<&str>, clock: &Clock) {
        let now = clock.monotonic_millis();
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.retain(|_, failures| now.saturating_sub(failures.last_millis) < FORGET_SECONDS * 1000);
        }
        if entries.len() >= ENTRIES_MAX {
            entries.clear();
        }
        for subject in subjects(email_folded, address) {
            let failures = entries.entry(subject).or_default();
            if now.saturating_sub(failures.last_millis) >= FORGET_SECONDS * 1000 {
                failures.number = 0;
            }
            failures.number = failures.number.saturating_add(1);
            failures.last_millis = now;
        }
    }

    /// Forgets the failures of somebody who proved who they are.
    pub(crate) fn succeeded(&self, email_folded: &str, address: Option<&str>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for subject in subjects(email_folded, address) {
            entries.remove(&subject);
        }
    }
}

fn subjects(email_folded: &str, address: Option<&str>) -> [Subject; 2] {
    // Only what could be an address is kept: an attacker must not choose how much is remembered.
    let email_folded: String = email_folded.chars().take(254).collect();
    let pair = Subject { email_folded: email_folded.clone(), network: Some(network(address)) };
    [pair, Subject { email_folded, network: None }]
}

/// The network of an address: IPv6 by its first 64 bits, since whoever has one address of it has them all.
fn network(address: Option<&str>) -> String {
    match address.and_then(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => Ipv6Addr::from(u128::from(address) >> 64 << 64).to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TestClock;
    use model::Timestamp;

    fn fail(attempts: &Attempts, clock: &Clock, address: &str, times: usize) {
        for _ in 0..times {
            attempts.failed("ada@example.com", Some(address), clock);
        }
    }

    #[test]
    fn guessing_from_one_network_waits_longer_and_longer() {
        let test = TestClock::at(Timestamp::from_seconds(1_000_000));
        let (attempts, clock) = (Attempts::default(), Clock::from(test.clone()));
        let check = |address| attempts.check("ada@example.com", Some(address), &clock);
        fail(&attempts, &clock, "2001:db8::1", 5);
        assert!(check("2001:db8::1").is_ok());
        fail(&attempts, &clock, "2001:db8::1", 3);
        assert!(matches!(check("2001:db8::ffff"), Err(Error::TooManyAttempts { retry_after_seconds: 8 })));
        assert!(check("192.0.2.1").is_ok(), "the owner comes from elsewhere");
        test.advance_seconds(8);
        assert!(check("2001:db8::1").is_ok());
    }

    #[test]
    fn guessing_from_many_networks_is_slowed_too() {
        let clock = Clock::from(TestClock::at(Timestamp::from_seconds(1_000_000)));
        let attempts = Attempts::default();
        for host in 0..100 {
            fail(&attempts, &clock, &format!("192.0.2.{host}"), 1);
        }
        assert!(attempts.check("ada@example.com", Some("198.51.100.1"), &clock).is_err());
        attempts.succeeded("ada@example.com", Some("198.51.100.1"));
        assert!(attempts.check("ada@example.com", Some("198.51.100.1"), &clock).is_ok());
    }
}
