//! Judges all exchanges of a test, and prints how soon revocations were in effect.

use std::time::Duration;

use crate::clients::{Exchange, Verdict};
use crate::keys::Key;

/// Time within which every node refuses a revoked key.
const WITHIN: Duration = Duration::from_secs(1);
/// Whom the clients of a deployment ask.
pub const TARGETS: [&str; 4] = ["HAProxy", "node 1", "node 2", "node 3"];

/// Asserts that no key got a wrong verdict, and prints the figures.
pub fn check(what: &str, exchanges: &[Exchange], keys: &[Key], targets: &[&str]) {
    for exchange in exchanges {
        let key = &keys[exchange.key];
        match &exchange.verdict {
            Verdict::Valid => {
                let is_late = key.ended.is_some_and(|ended| exchange.started > ended + WITHIN);
                assert!(!is_late, "a revoked key was accepted: {exchange:?}, revoked at {:?}", key.ended);
            }
            Verdict::Invalid(code) => {
                assert!(key.ending.is_some(), "a living key is called invalid: {exchange:?}");
                assert_eq!(code, "REVOKED", "{exchange:?}");
            }
            Verdict::None => {}
        }
    }
    let mut delays: Vec<_> = (0..keys.len()).filter_map(|key| delay(exchanges, keys, key)).collect();
    delays.sort();
    let [half, most] = [50, 99].map(|percent| delays[(delays.len() * percent / 100).min(delays.len() - 1)]);
    println!("{what}: {} keys revoked; refused by all after {half:?} (p50), {most:?} (p99)", delays.len());
    for (target, name) in targets.iter().enumerate() {
        let asked: Vec<_> = exchanges.iter().filter(|exchange| exchange.target == target).collect();
        let none = asked.iter().filter(|exchange| exchange.verdict == Verdict::None).count();
        println!("  {name}: {} questions, {none} without a verdict", asked.len());
        assert!(asked.len() - none > 100, "hardly anybody asked {name}");
    }
}

/// The time from the acknowledgement until nobody accepted the key any more.
fn delay(exchanges: &[Exchange], keys: &[Key], key: usize) -> Option<Duration> {
    let ended = keys[key].ended?;
    let accepted =
        exchanges.iter().filter(|exchange| exchange.key == key && exchange.verdict == Verdict::Valid);
    accepted.map(|exchange| exchange.started.saturating_duration_since(ended)).max()
}
