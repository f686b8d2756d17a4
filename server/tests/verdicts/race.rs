//! On a single server, no request that begins after the end of a key was confirmed is answered with yes.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::binary::{Dice, Rest, TestFolder};
use crate::ends::{End, Victim};
use crate::verifier::{Exchange, Reply, Verifier};

const VERIFIES: &str = "KEYSTEAD_TEST_VERIFIES";
const VERIFIES_USUAL: usize = 6000;
const CALLERS: usize = 8;
/// How long to go on asking after the end.
const AFTERWARDS: Duration = Duration::from_millis(30);

/// How requests after the end of a key were answered.
pub struct Outcome {
    /// The latest request after the end that was still answered with yes, as the time since the end.
    pub latest_yes: Option<Duration>,
    /// The number of requests that began after the end.
    pub after: usize,
}

/// Checks all requests about a key that ended.
pub fn outcome_of(asks: &[Exchange], ended: Instant, how: End) -> Outcome {
    // Once a key was refused, it must never be accepted again.
    let refused = asks.iter().filter(|ask| ask.outcome != Reply::Yes).map(|ask| ask.ended).min();
    for ask in asks {
        let is_late = refused.is_some_and(|refused| ask.started > refused);
        assert!(!is_late || ask.outcome != Reply::Yes, "{how:?}: refused, and accepted again: {ask:?}");
        if let Reply::No(word) = &ask.outcome {
            assert!(how.words().contains(&word.as_str()), "{how:?}: {word}");
        }
    }
    let late = asks.iter().filter(|ask| ask.started > ended);
    let yes = late.clone().filter(|ask| ask.outcome == Reply::Yes);
    Outcome { latest_yes: yes.map(|ask| ask.started - ended).max(), after: late.count() }
}

/// Ends keys while they are verified, until `verifies` requests were sent. Returns the number of requests and of keys.
async fn race(arguments: &[&str], verifies: usize) -> (usize, usize) {
    let place = TestFolder::new();
    let admin = place.bootstrap(&[])["admin_key"].as_str().unwrap().to_owned();
    let server = place.start(&[&["--rate-limit-default", "2000000000"], arguments].concat());
    let (rest, client) = (Rest::new(&server.address, &admin), Verifier::new(&server.address, &admin));
    let living = Victim::new(&rest, 0).await;
    let control = client.keep_asking(&living.secret, 1);
    let (mut verify_requests, mut late, mut dead) = (0, 0, Vec::new());
    let mut dice = Dice::seeded(11);
    while verify_requests < verifies {
        for how in End::ALL {
            let number = dead.len() + 1;
            let victim = Victim::new(&rest, number).await;
            let is_warm = number % 3 != 0;
            if is_warm {
                assert_eq!(client.verify(&victim.secret).await.outcome, Reply::Yes);
            }
            let asking = client.keep_asking(&victim.secret, CALLERS);
            sleep(Duration::from_millis(dice.below(20) as u64)).await;
            let ended = victim.end(&rest, how).await;
            sleep(AFTERWARDS).await;
            let asks = asking.end().await;
            let outcome = outcome_of(&asks, ended, how);
            assert_eq!(outcome.latest_yes, None, "{how:?}, {arguments:?}");
            verify_requests += asks.len();
            late += outcome.after;
            dead.push(victim.secret);
        }
    }
    for secret in &dead {
        assert_ne!(client.verify(secret).await.outcome, Reply::Yes, "a dead key is back");
    }
    for ask in control.end().await {
        assert_eq!(ask.outcome, Reply::Yes, "a living key is refused");
    }
    assert!(late > verify_requests / 10, "only {late} of {verify_requests} began after an end");
    (verify_requests, dead.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_verification_that_starts_after_the_end_of_a_key_is_accepted() {
    let verifies = std::env::var(VERIFIES).map_or(VERIFIES_USUAL, |number| number.parse().unwrap());
    // Once with the key cache, and once with a cache so small that the database is asked.
    for arguments in [&[] as &[&str], &["--verified-keys-max", "1"]] {
        let (verify_requests, ends) = race(arguments, verifies / 2).await;
        println!(
            "{verify_requests} questions raced with the ends of {ends} keys {arguments:?}; none was accepted too late."
        );
    }
}
