//! Elsewhere: what one process changes, another on the same database sees within a second, also one that was stopped.

use std::time::Duration;

use serde_json::Value;
use service::testing::TestBed;
use tokio::time::{Instant, sleep};

use crate::asker::{Asker, Said};
use crate::binary::{ADMIN, Place, Rest, Running, binary};
use crate::ends::{End, Victim};
use crate::race::judge;

/// Within this, every other process knows.
const WITHIN: Duration = Duration::from_secs(1);
const CALLERS: usize = 4;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Two servers on one database.
struct Nodes {
    _places: [Place; 2],
    one: Running,
    other: Running,
    admin: String,
    /// The database goes when this is dropped.
    bed: TestBed,
}

impl Nodes {
    async fn start() -> Self {
        let bed = TestBed::postgres().await;
        let url = bed.database.url().to_string();
        let places = [Place::new(), Place::new()];
        let admin = text(&places[0].bootstrap(&["--database-url", &url])["admin_key"]).to_owned();
        let [one, other] = places
            .each_ref()
            .map(|place| place.start(&["--database-url", &url, "--rate-limit-default", "2000000000"]));
        Self { _places: places, one, other, admin, bed }
    }
}

/// Keys are ended on one node while the other is asked, which goes on for longer than the other may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_knows_within_a_second() {
    let nodes = Nodes::start().await;
    let rest = Rest::new(&nodes.one.address, &nodes.admin);
    let asker = Asker::new(&nodes.other.address, &nodes.admin);
    let mut latest = Duration::ZERO;
    for (number, how) in End::ALL.into_iter().enumerate() {
        let victim = Victim::new(&rest, number).await;
        asker.accepted_within(&victim.secret, WITHIN).await;
        let asking = asker.keep_asking(&victim.secret, CALLERS);
        sleep(Duration::from_millis(200)).await;
        let ended = victim.end(&rest, how).await;
        sleep(WITHIN + Duration::from_millis(200)).await;
        let outcome = judge(&asking.end().await, ended, how);
        let yes = outcome.latest_yes.unwrap_or_default();
        assert!(yes < WITHIN, "{how:?}: accepted {yes:?} after the end");
        assert!(outcome.after > 20, "{} questions after the end", outcome.after);
        latest = latest.max(yes);
    }
    println!("Accepted by another node at most {latest:?} after the end.");
}

/// A process that was stopped does not believe what it knew before: it looks again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_was_stopped_believes_nothing_old() {
    let nodes = Nodes::start().await;
    let rest = Rest::new(&nodes.one.address, &nodes.admin);
    let asker = Asker::new(&nodes.other.address, &nodes.admin);
    for (number, how) in [End::Revoked, End::Narrowed].into_iter().enumerate() {
        let victim = Victim::new(&rest, number).await;
        asker.accepted_within(&victim.secret, WITHIN).await;
        nodes.other.signal("-STOP");
        let ended = victim.end(&rest, how).await;
        sleep(WITHIN + Duration::from_millis(100)).await;
        // Asked while it is stopped, to be answered by what it is the moment it wakes.
        let asking = asker.keep_asking(&victim.secret, CALLERS);
        sleep(Duration::from_secs(1)).await;
        nodes.other.signal("-CONT");
        sleep(Duration::from_millis(300)).await;
        let asks = asking.end().await;
        assert_eq!(judge(&asks, ended, how).latest_yes, None, "{how:?}");
        assert!(asks.len() >= CALLERS);
    }
}

/// A process that was stopped for so long that the changes it missed are no longer kept. Its clock may not know of it, as
/// when its whole machine was paused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_missed_changes_for_good_reads_everything_anew() {
    const ALL_BUT_THE_NEWEST: &str = "DELETE FROM changes WHERE number < (SELECT max(number) FROM changes)";
    let nodes = Nodes::start().await;
    let rest = Rest::new(&nodes.one.address, &nodes.admin);
    let asker = Asker::new(&nodes.other.address, &nodes.admin);
    for (number, forget) in [ALL_BUT_THE_NEWEST, "DELETE FROM changes"].into_iter().enumerate() {
        let victim = Victim::new(&rest, 2 * number).await;
        asker.accepted_within(&victim.secret, WITHIN).await;
        nodes.other.signal("-STOP");
        let ended = victim.end(&rest, End::Revoked).await;
        let made = Victim::new(&rest, 2 * number + 1).await;
        nodes.bed.database.run(forget).await;
        sleep(WITHIN).await;
        nodes.other.signal("-CONT");
        // Not asked before the node has looked: what it asks the database about it would know again.
        sleep(WITHIN).await;
        let asking = asker.keep_asking(&victim.secret, CALLERS);
        asker.accepted_within(&made.secret, WITHIN).await;
        sleep(Duration::from_millis(300)).await;
        assert_eq!(judge(&asking.end().await, ended, End::Revoked).latest_yes, None, "{forget}");
    }
}

/// The command line beside a running server, on the same file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_command_line_changes_is_known_within_a_second() {
    let place = Place::new();
    let first = text(&place.bootstrap(&[])["admin_key"]).to_owned();
    let server = place.start(&["--rate-limit-default", "2000000000"]);
    let rest = Rest::new(&server.address, &first);
    let robot = admin_of_its_own(&rest).await;
    let asker = Asker::new(&server.address, &robot);
    let mut secret = first;
    for _ in 0..3 {
        asker.accepted_within(&secret, WITHIN).await;
        let asking = asker.keep_asking(&secret, CALLERS);
        sleep(Duration::from_millis(100)).await;
        let mut command = place.command(&binary());
        command.args(["admin-key", "--email", ADMIN]);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let ended = Instant::now();
        assert!(output.status.success(), "{output:?}");
        let made: Value = serde_json::from_slice(&output.stdout).unwrap();
        sleep(WITHIN + Duration::from_millis(100)).await;
        let outcome = judge(&asking.end().await, ended, End::Revoked);
        let yes = outcome.latest_yes.unwrap_or_default();
        assert!(yes < WITHIN && outcome.after > 20, "accepted {yes:?} after the end");
        assert_eq!(asker.show(&secret).await.said, Said::No("401".to_owned()));
        text(&made["admin_key"]).clone_into(&mut secret);
        assert_eq!(asker.verify(&secret).await.said, Said::Yes);
        assert_eq!(asker.show(&secret).await.said, Said::Yes);
    }
}

/// Another key of the admin that may ask, which the command does not replace.
async fn admin_of_its_own(rest: &Rest) -> String {
    let body = serde_json::json!({"name": "asks", "permissions": ["admin"]});
    match rest.send(reqwest::Method::POST, &Rest::keys(), Some(body)).await {
        crate::binary::Answer::Done(made) => text(&made["key"]).to_owned(),
        other => panic!("{other:?}"),
    }
}
