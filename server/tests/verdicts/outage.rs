//! While the database is unavailable, no key is reported as invalid, and no outdated verdict is returned.

use std::time::Duration;

use service::testing::Outage;
use tokio::time::{Instant, sleep};

use crate::ends::{End, Victim};
use crate::trial::{BACK, CACHE_VALIDITY, INTERFACES, Observed, Subject, Trial};
use crate::verifier::Reply;

/// Maximum time until a request is answered.
const RESPONSE_TIME_MAX: Duration = Duration::from_secs(6);

/// All kinds of outages, both shorter and longer than a request waits for the database.
const OUTAGES: [(Outage, Duration); 4] = [
    (Outage::Ended, Duration::from_millis(2500)),
    (Outage::Hanging, Duration::from_secs(9)),
    (Outage::Killed, Duration::from_secs(8)),
    (Outage::Hanging, Duration::from_millis(2500)),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_database_no_valid_key_is_refused_and_no_ended_one_accepted() {
    let trial = Trial::start().await;
    let living = Victim::new(&trial.rest, 0).await;
    for (number, (how, lasts)) in OUTAGES.into_iter().enumerate() {
        let dead = Victim::new(&trial.rest, number + 1).await;
        for victim in [&living, &dead] {
            trial.verifier.accepted_within(&victim.secret, BACK).await;
        }
        // The database becomes unavailable right after the end of the key was confirmed.
        dead.end(&trial.rest, End::Revoked).await;
        let asking = trial.keep_asking(&living.secret, &dead.secret);
        trial.begin_outage(how).await;
        let gone = Instant::now();
        sleep(lasts).await;
        let back = Instant::now();
        trial.end_outage(how).await;
        let recovery = trial.verifier.accepted_within(&living.secret, BACK).await;
        sleep(Duration::from_millis(500)).await;
        let asks = asking.end().await;
        check(&asks, gone, back);
        println!("{how:?}: {} questions; recovered in {recovery:?}", asks.len());
    }
}

/// Checks all requests that were sent around an outage.
fn check(asks: &[Observed], gone: Instant, back: Instant) {
    for asked in asks {
        let Observed { subject, ask, .. } = asked;
        assert!(ask.ended - ask.started < RESPONSE_TIME_MAX, "{asked:?}");
        asked.assert_no_wrong_verdict();
        let is_during = ask.started > gone + CACHE_VALIDITY && ask.ended < back;
        assert!(!is_during || ask.outcome != Reply::Yes, "accepted for too long: {subject:?} {ask:?}");
    }
    // During a shorter outage, some requests wait until it is over.
    for interface in INTERFACES.into_iter().filter(|_| back - gone > RESPONSE_TIME_MAX) {
        let mut refused = asks.iter().filter(|asked| asked.interface == interface && asked.is_refused());
        assert!(refused.next().is_some(), "{interface:?}: no request was affected");
    }
    let mut accepted =
        asks.iter().filter(|asked| asked.subject == Subject::Living && asked.ask.outcome == Reply::Yes);
    assert!(accepted.next().is_some());
}

/// The connections are ended again and again while the database stays available.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_gives_no_verdict() {
    let trial = Trial::start().await;
    let (living, dead) = (Victim::new(&trial.rest, 0).await, Victim::new(&trial.rest, 1).await);
    trial.verifier.accepted_within(&living.secret, BACK).await;
    dead.end(&trial.rest, End::Revoked).await;
    let asking = trial.keep_asking(&living.secret, &dead.secret);
    for _ in 0..10 {
        let others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        trial.run(others).await;
        sleep(Duration::from_millis(200)).await;
    }
    trial.verifier.accepted_within(&living.secret, BACK).await;
    for asked in asking.end().await {
        asked.assert_no_wrong_verdict();
    }
}

/// All connections fall silent at once, as when a server is replaced by another one without closing them. New
/// connections work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_database_connections_are_closed() {
    let trial = Trial::start_behind_a_relay().await;
    let (living, dead) = (Victim::new(&trial.rest, 0).await, Victim::new(&trial.rest, 1).await);
    trial.verifier.accepted_within(&living.secret, BACK).await;
    dead.end(&trial.rest, End::Revoked).await;
    let asking = trial.keep_asking(&living.secret, &dead.secret);
    sleep(Duration::from_millis(300)).await;
    trial.silence();
    let silent = Instant::now();
    // Longer than the key cache may be used without the database.
    sleep(2 * CACHE_VALIDITY).await;
    let recovery = trial.verifier.accepted_within(&living.secret, BACK).await;
    // Goes on asking for a while: once recovered, no request may meet a silent connection.
    sleep(Duration::from_secs(1)).await;
    let recovered = silent + 2 * CACHE_VALIDITY + recovery;
    for asked in asking.end().await {
        asked.assert_no_wrong_verdict();
        assert!(asked.ask.ended - asked.ask.started < RESPONSE_TIME_MAX, "{asked:?}");
        assert!(asked.ask.started < recovered || !asked.is_refused(), "{asked:?}");
    }
    println!("accepted again {:?} after the silence", silent.elapsed());
}
