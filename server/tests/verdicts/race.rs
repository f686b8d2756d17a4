//! On one server: no question that begins after a key's end was acknowledged is answered with yes.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::asker::{Ask, Asker, Said};
use crate::binary::{Dice, Place, Rest};
use crate::ends::{End, Victim};

const VERIFIES: &str = "KEYSTEAD_TEST_VERIFIES";
const VERIFIES_USUAL: usize = 6000;
const CALLERS: usize = 8;
/// How long is asked after the end.
const AFTERWARDS: Duration = Duration::from_millis(30);

/// How far questions reached past an end.
pub struct Outcome {
    /// The latest question after the end that was still answered with yes, counted from the end.
    pub latest_yes: Option<Duration>,
    /// How many began after the end.
    pub after: usize,
}

/// Looks at all that was asked about a key that ended.
pub fn judge(asks: &[Ask], ended: Instant, how: End) -> Outcome {
    // Once refused, never accepted again.
    let refused = asks.iter().filter(|ask| ask.said != Said::Yes).map(|ask| ask.ended).min();
    for ask in asks {
        let is_late = refused.is_some_and(|refused| ask.started > refused);
        assert!(!is_late || ask.said != Said::Yes, "{how:?}: refused, and accepted again: {ask:?}");
        if let Said::No(word) = &ask.said {
            assert!(how.words().contains(&word.as_str()), "{how:?}: {word}");
        }
    }
    let late = asks.iter().filter(|ask| ask.started > ended);
    let yes = late.clone().filter(|ask| ask.said == Said::Yes);
    Outcome { latest_yes: yes.map(|ask| ask.started - ended).max(), after: late.count() }
}

/// Ends keys while they are asked about, so many questions long.
async fn race(arguments: &[&str], verifies: usize) -> (usize, usize) {
    let place = Place::new();
    let admin = place.bootstrap(&[])["admin_key"].as_str().unwrap().to_owned();
    let server = place.start(&[&["--rate-limit-default", "2000000000"], arguments].concat());
    let (rest, asker) = (Rest::new(&server.address, &admin), Asker::new(&server.address, &admin));
    let living = Victim::new(&rest, 0).await;
    let control = asker.keep_asking(&living.secret, 1);
    let (mut questions, mut late, mut dead) = (0, 0, Vec::new());
    let mut dice = Dice::seeded(11);
    while questions < verifies {
        for how in End::ALL {
            let number = dead.len() + 1;
            let victim = Victim::new(&rest, number).await;
            let is_warm = number % 3 != 0;
            if is_warm {
                assert_eq!(asker.verify(&victim.secret).await.said, Said::Yes);
            }
            let asking = asker.keep_asking(&victim.secret, CALLERS);
            sleep(Duration::from_millis(dice.below(20) as u64)).await;
            let ended = victim.end(&rest, how).await;
            sleep(AFTERWARDS).await;
            let asks = asking.end().await;
            let outcome = judge(&asks, ended, how);
            assert_eq!(outcome.latest_yes, None, "{how:?}, {arguments:?}");
            questions += asks.len();
            late += outcome.after;
            dead.push(victim.secret);
        }
    }
    for secret in &dead {
        assert_ne!(asker.verify(secret).await.said, Said::Yes, "a dead key is back");
    }
    for ask in control.end().await {
        assert_eq!(ask.said, Said::Yes, "a living key is refused");
    }
    assert!(late > questions / 10, "only {late} of {questions} began after an end");
    (questions, dead.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_that_begins_after_a_keys_end_is_accepted() {
    let verifies = std::env::var(VERIFIES).map_or(VERIFIES_USUAL, |number| number.parse().unwrap());
    // From memory, and with a memory so small that the database is asked.
    for arguments in [&[] as &[&str], &["--verified-keys-max", "1"]] {
        let (questions, ends) = race(arguments, verifies / 2).await;
        println!(
            "{questions} questions raced with the ends of {ends} keys {arguments:?}; none was answered late with yes."
        );
    }
}
