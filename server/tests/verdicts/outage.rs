//! When the database is away, nobody is told that a key is wrong, and nothing old is believed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use service::testing::Cluster;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep};

use crate::asker::{Ask, Asker, Said};
use crate::binary::{Place, Rest, Running};
use crate::ends::{End, Victim};

/// Shorter and longer than a question waits for the database.
const OUTAGES: [Duration; 2] = [Duration::from_millis(2500), Duration::from_secs(8)];
/// For how long what was known may be believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// Every question is answered within this.
const ANSWERED: Duration = Duration::from_secs(6);
/// After the database is back, keys are accepted again within this.
const BACK: Duration = Duration::from_secs(10);

/// A server on a database that can be taken away.
struct Trial {
    cluster: Arc<Cluster>,
    _server: Running,
    _place: Place,
    rest: Rest,
    asker: Asker,
}

/// Which key a question was about, and how it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Living,
    Dead,
}

impl Trial {
    async fn start() -> Self {
        let cluster = Arc::new(spawn_blocking(Cluster::start).await.unwrap());
        let place = Place::new();
        let url = cluster.url().to_string();
        let admin = place.bootstrap(&["--database-url", &url])["admin_key"].as_str().unwrap().to_owned();
        let server = place.start(&["--database-url", &url, "--rate-limit-default", "2000000000"]);
        let (rest, asker) = (Rest::new(&server.address, &admin), Asker::new(&server.address, &admin));
        Self { cluster, _server: server, _place: place, rest, asker }
    }

    async fn stop(&self) -> Instant {
        let cluster = self.cluster.clone();
        spawn_blocking(move || cluster.stop()).await.unwrap();
        Instant::now()
    }

    async fn resume(&self) -> Instant {
        let cluster = self.cluster.clone();
        let before = Instant::now();
        spawn_blocking(move || cluster.resume()).await.unwrap();
        before
    }
}

/// Asks about a living key and a dead one, by verifying them and by showing them, until told to stop.
fn keep_asking(
    asker: &Asker,
    keys: [(About, String); 2],
    is_over: &Arc<AtomicBool>,
) -> JoinSet<Vec<(About, Ask)>> {
    let mut tasks = JoinSet::new();
    for (about, secret) in keys {
        for is_shown in [false, true, false] {
            let (asker, secret, is_over) = (asker.clone(), secret.clone(), is_over.clone());
            tasks.spawn(async move {
                let mut asks = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    let ask = if is_shown { asker.show(&secret).await } else { asker.verify(&secret).await };
                    asks.push((about, ask));
                    sleep(Duration::from_millis(2)).await;
                }
                asks
            });
        }
    }
    tasks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_no_key_is_called_invalid_and_no_dead_one_accepted() {
    let trial = Trial::start().await;
    let living = Victim::new(&trial.rest, 0).await;
    for (number, outage) in OUTAGES.into_iter().enumerate() {
        let dead = Victim::new(&trial.rest, number + 1).await;
        for victim in [&living, &dead] {
            trial.asker.accepted_within(&victim.secret, BACK).await;
        }
        // The database goes in the same moment in which the key's end was acknowledged.
        dead.end(&trial.rest, End::Revoked).await;
        let keys = [(About::Living, living.secret.clone()), (About::Dead, dead.secret.clone())];
        let is_over = Arc::new(AtomicBool::new(false));
        let asking = keep_asking(&trial.asker, keys, &is_over);
        let gone = trial.stop().await;
        sleep(outage).await;
        let back = trial.resume().await;
        let recovery = trial.asker.accepted_within(&living.secret, BACK).await;
        is_over.store(true, Ordering::SeqCst);
        let asks = asking.join_all().await.concat();
        let mut refused = 0;
        for (about, ask) in &asks {
            assert!(ask.ended - ask.started < ANSWERED, "{about:?} {ask:?}");
            match (about, &ask.said) {
                (_, Said::Later(seconds)) => {
                    refused += 1;
                    assert!(*seconds >= 1);
                }
                (About::Living, said) => assert_eq!(*said, Said::Yes, "a living key is refused"),
                (About::Dead, said) => assert!(matches!(said, Said::No(_)), "a dead key is accepted"),
            }
            let is_during = ask.started > gone + BELIEVED && ask.ended < back;
            assert!(!is_during || ask.said != Said::Yes, "believed for too long: {about:?} {ask:?}");
        }
        assert!(refused > 0, "nobody noticed");
        println!("{} questions, {refused} answered with 503; recovered in {recovery:?}", asks.len());
    }
}

/// The connections are ended again and again, and the database stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_is_no_verdict() {
    let trial = Trial::start().await;
    let (living, dead) = (Victim::new(&trial.rest, 0).await, Victim::new(&trial.rest, 1).await);
    trial.asker.accepted_within(&living.secret, BACK).await;
    dead.end(&trial.rest, End::Revoked).await;
    let keys = [(About::Living, living.secret.clone()), (About::Dead, dead.secret.clone())];
    let is_over = Arc::new(AtomicBool::new(false));
    let asking = keep_asking(&trial.asker, keys, &is_over);
    for _ in 0..10 {
        let cluster = trial.cluster.clone();
        let others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
        spawn_blocking(move || cluster.run(others)).await.unwrap();
        sleep(Duration::from_millis(200)).await;
    }
    trial.asker.accepted_within(&living.secret, BACK).await;
    is_over.store(true, Ordering::SeqCst);
    for (about, ask) in asking.join_all().await.concat() {
        match (about, &ask.said) {
            (_, Said::Later(_)) => {}
            (About::Living, said) => assert_eq!(*said, Said::Yes, "a living key is refused"),
            (About::Dead, said) => assert!(matches!(said, Said::No(_)), "a dead key is accepted"),
        }
    }
}
