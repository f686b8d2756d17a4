//! Slows down failed sign-ins by four counts.
//!
//! - The pair of an e-mail address and a subnet is slowed down early. The owner, who comes from another subnet, is not
//!   kept out by an attacker's attempts.
//! - The e-mail address as a whole is slowed down late and never for long, against guessing from many networks.
//! - A subnet has a budget for all e-mail addresses together, and its surroundings have a larger one, against trying
//!   one password with many addresses.
//!
//! These counts are kept in memory, for e-mail addresses with and without an account. In addition, the account's row in
//! the database counts its consecutive failures, up to [`FAILURES_MAX`]. Neither time nor a restart nor a flood of
//! other attempts lowers that count.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::subnet::Subnet;

/// Consecutive failures after which no one can sign in to an account until an admin or the operator allows it again.
/// With the waits below, an attacker can reach it within an hour.
pub(crate) const FAILURES_MAX: u32 = 100;
/// How often in a row admins can allow sign-ins again before the account's owner has signed in. Otherwise an admin of
/// one of the account's organizations could guess at its password without limit.
pub(crate) const REOPENINGS_MAX: u32 = 3;

/// Milliseconds without a failure after which the failures of a pair or an e-mail address are forgotten.
const FORGET_MILLIS: u64 = 3_600_000;
/// Maximum number of entries, of about 40 bytes each. Beyond it, the least recently touched ones are removed.
const ENTRIES_MAX: usize = 100_000;
/// When there are too many entries, one in this many is removed, so that the search for the oldest entries is rare.
const EVICTED: usize = 16;

/// How failures of one kind are slowed down.
#[derive(Debug, Clone, Copy)]
enum ThrottleRule {
    /// The first `free` failures cause no wait. Each further one doubles the wait, up to `seconds_max`.
    Doubling { free: u32, seconds_max: u64 },
    /// `size` failures are allowed at once, and one more after each `millis_each`.
    Budget { size: u32, millis_each: u64 },
}

/// The rules for pair, e-mail address, subnet and surroundings, in this order.
const THROTTLE_RULES: [ThrottleRule; 4] = [
    ThrottleRule::Doubling { free: 5, seconds_max: 900 },
    ThrottleRule::Doubling { free: 50, seconds_max: 60 },
    ThrottleRule::Budget { size: 60, millis_each: 10_000 },
    ThrottleRule::Budget { size: 240, millis_each: 2_500 },
];

/// What failures are counted for: the first half of a SHA-256. Its fixed size bounds the memory, however long the
/// e-mail addresses of an attacker are.
type ThrottleKey = [u8; 16];

#[derive(Clone, Copy, Default)]
struct Failures {
    number: u32,
    /// With doubling, the time of the last failure. With a budget, the start of the interval of `millis_each` after
    /// which one failure stops counting.
    at_millis: u64,
}

impl ThrottleRule {
    /// The failures that still count now.
    fn left(self, Failures { number, at_millis }: Failures, now: u64) -> Failures {
        let age = now.saturating_sub(at_millis);
        match self {
            Self::Doubling { .. } if age >= FORGET_MILLIS => Failures { number: 0, at_millis: now },
            Self::Doubling { .. } => Failures { number, at_millis },
            Self::Budget { millis_each, .. } => {
                let back = age / millis_each;
                let number = number.saturating_sub(u32::try_from(back).unwrap_or(u32::MAX));
                Failures { number, at_millis: if number == 0 { now } else { at_millis + back * millis_each } }
            }
        }
    }

    /// Milliseconds until the next attempt is allowed.
    fn wait(self, left: Failures, now: u64) -> u64 {
        let Failures { number, at_millis } = left;
        let millis = match self {
            Self::Doubling { free, seconds_max } => match number.saturating_sub(free) {
                0 => 0,
                over => (1_u64 << over.min(20)).min(seconds_max) * 1000,
            },
            Self::Budget { size, millis_each } => {
                if number < size {
                    0
                } else {
                    millis_each
                }
            }
        };
        (at_millis + millis).saturating_sub(now)
    }

    fn count(self, left: Failures, now: u64) -> Failures {
        let is_new = matches!(self, Self::Doubling { .. }) || left.number == 0;
        Failures {
            number: left.number.saturating_add(1),
            at_millis: if is_new { now } else { left.at_millis },
        }
    }
}

/// Counts failed sign-ins.
#[derive(Default)]
pub(crate) struct SignInThrottle(Mutex<HashMap<ThrottleKey, Failures>>);

impl SignInThrottle {
    /// Begins an attempt, or refuses it if it comes too early. A refused attempt is not counted, so waiting always
    /// helps. An attempt that begins counts as a failure until it succeeds, so parallel attempts and early disconnects
    /// gain nothing.
    pub(crate) fn begin(&self, email_folded: &str, client: Subnet, clock: &Clock) -> Result<()> {
        let (throttle_keys, now) = (throttle_keys(email_folded, client), clock.monotonic_millis());
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = [Failures::default(); THROTTLE_RULES.len()];
        let mut wait = 0;
        for ((rule, throttle_key), left) in THROTTLE_RULES.iter().zip(&throttle_keys).zip(&mut left) {
            *left = rule.left(entries.get(throttle_key).copied().unwrap_or_default(), now);
            wait = rule.wait(*left, now).max(wait);
        }
        if wait > 0 {
            return Err(Error::TooManyAttempts { retry_after_seconds: wait.div_ceil(1000) });
        }
        if entries.len() + THROTTLE_RULES.len() > ENTRIES_MAX {
            make_room(&mut entries);
        }
        for ((rule, throttle_key), left) in THROTTLE_RULES.iter().zip(throttle_keys).zip(left) {
            entries.insert(throttle_key, rule.count(left, now));
        }
        Ok(())
    }

    /// Forgets the failures of a person who signed in. Their network gets back only what this attempt took: otherwise
    /// the owner of one account could guess at other accounts without limit.
    pub(crate) fn succeeded(&self, email_folded: &str, client: Subnet) {
        let [pair, email, subnet, surroundings] = throttle_keys(email_folded, client);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(&pair);
        entries.remove(&email);
        undo(&mut entries, [subnet, surroundings]);
    }

    /// Takes back an attempt for which no password was compared.
    pub(crate) fn undo_attempt(&self, email_folded: &str, client: Subnet) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        undo(&mut entries, throttle_keys(email_folded, client));
    }

    /// Forgets the failures of an e-mail address as a whole, and those from one client's network. Waits of other
    /// networks stay until they end by themselves.
    pub(crate) fn forget(&self, email_folded: &str, client: Subnet) {
        let [pair, email, ..] = throttle_keys(email_folded, client);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(&pair);
        entries.remove(&email);
    }
}

fn undo(entries: &mut HashMap<ThrottleKey, Failures>, throttle_keys: impl IntoIterator<Item = ThrottleKey>) {
    for throttle_key in throttle_keys {
        if let Some(failures) = entries.get_mut(&throttle_key) {
            failures.number = failures.number.saturating_sub(1);
        }
    }
}

/// Removes the oldest entries.
fn make_room(entries: &mut HashMap<ThrottleKey, Failures>) {
    let mut ages: Vec<u64> = entries.values().map(|failures| failures.at_millis).collect();
    let leave = (ages.len() / EVICTED).max(THROTTLE_RULES.len()).min(ages.len().saturating_sub(1));
    let (_, &mut youngest, _) = ages.select_nth_unstable(leave);
    let mut same_age = leave.saturating_sub(ages.iter().filter(|age| **age < youngest).count());
    entries.retain(|_, failures| {
        let stays_by_number = failures.at_millis == youngest && same_age == 0;
        if failures.at_millis == youngest {
            same_age = same_age.saturating_sub(1);
        }
        failures.at_millis > youngest || stays_by_number
    });
}

fn throttle_keys(email_folded: &str, client: Subnet) -> [ThrottleKey; THROTTLE_RULES.len()] {
    let (email, subnet) = (email_folded, client.address());
    [
        throttle_key(format_args!("pair {subnet} {email}")),
        throttle_key(format_args!("email {email}")),
        throttle_key(format_args!("subnet {subnet}")),
        throttle_key(format_args!("surroundings {}", client.surroundings())),
    ]
}

fn throttle_key(text: std::fmt::Arguments<'_>) -> ThrottleKey {
    let mut throttle_key = ThrottleKey::default();
    throttle_key.iter_mut().zip(Sha256::digest(text.to_string())).for_each(|(to, from)| *to = from);
    throttle_key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TestClock;
    use model::Timestamp;

    const ADA: &str = "ada@example.com";

    /// The throttle, a test clock, and the same clock in the type that the throttle takes.
    struct Bed(SignInThrottle, TestClock, Clock);

    impl Bed {
        fn new() -> Self {
            let test = TestClock::at(Timestamp::from_seconds(1_000_000));
            Self(SignInThrottle::default(), test.clone(), Clock::from(test))
        }

        /// Counts a failure, or returns the seconds to wait.
        fn fail(&self, email: &str, address: &str) -> Result<(), u64> {
            match self.0.begin(email, subnet(address), &self.2) {
                Ok(()) => Ok(()),
                Err(Error::TooManyAttempts { retry_after_seconds }) => Err(retry_after_seconds),
                Err(other) => panic!("{other}"),
            }
        }

        /// Fails until it has to wait. Returns the number of failures and the seconds to wait.
        fn fail_on(&self, each: impl Fn(u32) -> (String, String)) -> (u32, u64) {
            (0..1000)
                .find_map(|n| {
                    let (email, address) = each(n);
                    Some((n, self.fail(&email, &address).err()?))
                })
                .unwrap()
        }

        fn wait(&self, seconds: i64) {
            self.1.advance_seconds(seconds);
        }
    }

    fn subnet(address: &str) -> Subnet {
        Subnet::of(address.parse().unwrap())
    }

    #[test]
    fn guesses_from_one_network_wait_longer_and_longer() {
        let bed = Bed::new();
        assert_eq!(bed.fail_on(|_| (ADA.into(), "2001:db8::1".into())), (6, 2));
        for (waited, then) in [(2, 4), (4, 8), (8, 16)] {
            bed.wait(waited);
            assert_eq!((bed.fail(ADA, "2001:db8::ffff"), bed.fail(ADA, "2001:db8::1")), (Ok(()), Err(then)));
        }
        assert_eq!(bed.fail(ADA, "192.0.2.1"), Ok(()), "the owner comes from elsewhere");
        bed.wait(3600);
        assert_eq!(bed.fail_on(|_| (ADA.into(), "2001:db8::1".into())).0, 6);
    }

    #[test]
    fn guesses_at_one_account_from_many_networks_are_slowed() {
        let bed = Bed::new();
        let from_everywhere = |n: u32| (ADA.to_owned(), format!("198.51.{n}.1"));
        assert_eq!(bed.fail_on(from_everywhere), (51, 2));
        bed.0.succeeded(ADA, subnet("203.0.113.1"));
        assert_eq!(bed.fail_on(from_everywhere), (51, 2));
        bed.0.forget(ADA, Subnet::UNKNOWN);
        assert_eq!(bed.fail_on(from_everywhere), (51, 2));
    }

    #[test]
    fn guesses_at_many_accounts_from_one_network_are_slowed() {
        let bed = Bed::new();
        let spray = |n: u32| (format!("{n}@example.com"), format!("2001:db8:1:1::{n}"));
        assert_eq!(bed.fail_on(spray), (60, 10));
        assert_eq!(bed.fail(ADA, "2001:db8:1:2::1"), Ok(()), "the next network is another one");
        bed.wait(7);
        assert_eq!(bed.fail(ADA, "2001:db8:1:1::1"), Err(3));
        bed.wait(3);
        assert_eq!((bed.fail(ADA, "2001:db8:1:1::1"), bed.fail(ADA, "2001:db8:1:1::1")), (Ok(()), Err(10)));
        bed.wait(36_000);
        assert_eq!(bed.fail_on(spray), (60, 10));
    }

    #[test]
    fn neighboring_networks_share_a_budget() {
        for each in [|n: u32| format!("2001:db8:1:{n:x}::1"), |n: u32| format!("::ffff:192.0.2.{n}")] {
            let bed = Bed::new();
            let spray = |n: u32| (format!("{n}@example.com"), each(n));
            assert_eq!(bed.fail_on(spray), (240, 3));
            assert_eq!(bed.fail(ADA, "203.0.113.9"), Ok(()));
        }
    }

    #[test]
    fn signing_in_to_an_own_account_allows_no_more_guesses_at_others() {
        let bed = Bed::new();
        let mut guesses = 0;
        loop {
            for _ in 0..5 {
                guesses += u32::from(bed.fail(&format!("{guesses}@example.com"), "192.0.2.1").is_ok());
            }
            if bed.fail("me@example.com", "192.0.2.1").is_err() {
                break;
            }
            bed.0.succeeded("me@example.com", subnet("192.0.2.1"));
        }
        assert_eq!(guesses, 60);
    }

    #[test]
    fn attempts_without_a_comparison_do_not_count() {
        let bed = Bed::new();
        for _ in 0..100 {
            assert_eq!(bed.fail(ADA, "192.0.2.1"), Ok(()));
            bed.0.undo_attempt(ADA, subnet("192.0.2.1"));
        }
    }

    #[test]
    fn a_flood_evicts_only_the_oldest_failures() {
        let bed = Bed::new();
        let old = |_: u32| (ADA.to_owned(), "192.0.2.1".to_owned());
        let young = |_: u32| ("bob@example.com".to_owned(), "192.0.2.2".to_owned());
        assert_eq!(bed.fail_on(old).0, 6);
        bed.wait(1);
        // Each attempt comes from another network and makes four entries.
        let flood = |from: u32, to: u32| {
            for n in from..to {
                let address = format!("2001:{:x}:{:x}::1", n >> 16, n & 0xffff);
                assert_eq!(bed.fail(&format!("{n}@example.com"), &address), Ok(()));
            }
        };
        let half = u32::try_from(ENTRIES_MAX / 8).unwrap();
        flood(0, half);
        bed.wait(1);
        assert_eq!(bed.fail_on(young).0, 6);
        // Now there are a few more entries than the maximum, and some of the older half are removed.
        flood(half, half * 2);
        assert!(bed.0.0.lock().unwrap().len() <= ENTRIES_MAX);
        assert_eq!(bed.fail(&young(0).0, &young(0).1), Err(2));
        assert_eq!(bed.fail(&old(0).0, &old(0).1), Ok(()));
    }
}
