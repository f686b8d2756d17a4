//! If one process changes something, every other process on the same database knows it within a second. This also
//! applies to a process that was paused in the meantime.

use std::time::Duration;

use serde_json::Value;
use service::testing::TestBed;
use tokio::time::{Instant, sleep};

use crate::binary::{ADMIN, Rest, Running, TestFolder, binary};
use crate::ends::{End, Victim};
use crate::race::outcome_of;
use crate::verifier::{Reply, Verifier};

/// Time within which every other process must know of a change.
const WITHIN: Duration = Duration::from_secs(1);
const CALLERS: usize = 4;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

struct Nodes {
    _places: [TestFolder; 2],
    one: Running,
    other: Running,
    admin: String,
    /// Dropping this removes the database.
    bed: TestBed,
}

impl Nodes {
    async fn start() -> Self {
        let bed = TestBed::postgres().await;
        let url = bed.database.url().to_string();
        let places = [TestFolder::new(), TestFolder::new()];
        let admin = text(&places[0].bootstrap(&["--database-url", &url])["admin_key"]).to_owned();
        let [one, other] = places
            .each_ref()
            .map(|place| place.start(&["--database-url", &url, "--rate-limit-default", "2000000000"]));
        Self { _places: places, one, other, admin, bed }
    }
}

/// Ends keys on one node while the other is asked, and goes on asking for longer than the other node may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_refuses_an_ended_key_within_a_second() {
    let nodes = Nodes::start().await;
    let rest = Rest::new(&nodes.one.address, &nodes.admin);
    let verifier = Verifier::new(&nodes.other.address, &nodes.admin);
    let mut latest = Duration::ZERO;
    for (number, how) in End::ALL.into_iter().enumerate() {
        let victim = Victim::new(&rest, number).await;
        verifier.accepted_within(&victim.secret, WITHIN).await;
        let asking = verifier.keep_asking(&victim.secret, CALLERS);
        sleep(Duration::from_millis(200)).await;
        let ended = victim.end(&rest, how).await;
        sleep(WITHIN + Duration::from_millis(200)).await;
        let outcome = outcome_of(&asking.end().await, ended, how);
        let yes = outcome.latest_yes.unwrap_or_default();
        assert!(yes < WITHIN, "{how:?}: accepted {yes:?} after the end");
        assert!(outcome.after > 20, "{} questions after the end", outcome.after);
        latest = latest.max(yes);
    }
    println!("Accepted by another node at most {latest:?} after the end.");
}

/// A process that was stopped does not use what it had in memory before. It reads the database again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_was_paused_uses_nothing_stale() {
    let nodes = Nodes::start().await;
    let rest = Rest::new(&nodes.one.address, &nodes.admin);
    let verifier = Verifier::new(&nodes.other.address, &nodes.admin);
    for (number, how) in [End::Revoked, End::Narrowed].into_iter().enumerate() {
        let victim = Victim::new(&rest, number).await;
        verifier.accepted_within(&victim.secret, WITHIN).await;
        nodes.other.signal("-STOP");
        let ended = victim.end(&rest, how).await;
        sleep(WITHIN + Duration::from_millis(100)).await;
        // The requests are sent while the node is stopped, so that it answers them with what it has in memory at the
        // moment it continues.
        let asking = verifier.keep_asking(&victim.secret, CALLERS);
        sleep(Duration::from_secs(1)).await;
        nodes.other.signal("-CONT");
        sleep(Duration::from_millis(300)).await;
        let asks = asking.end().await;
        assert_eq!(outcome_of(&asks, ended, how).latest_yes, None, "{how:?}");
        assert!(asks.len() >= CALLERS);
    }
}

/// The process is stopped for so long that the changes it missed are no longer stored. Its clock may not show the
/// pause, for example if its whole machine was paused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_missed_invalidations_reloads_everything() {
    const ALL_BUT_THE_NEWEST: &str = "DELETE FROM changes WHERE number < (SELECT max(number) FROM changes)";
    let nodes = Nodes::start().await;
    let rest = Rest::new(&nodes.one.address, &nodes.admin);
    let verifier = Verifier::new(&nodes.other.address, &nodes.admin);
    for (number, forget) in [ALL_BUT_THE_NEWEST, "DELETE FROM changes"].into_iter().enumerate() {
        let victim = Victim::new(&rest, 2 * number).await;
        verifier.accepted_within(&victim.secret, WITHIN).await;
        nodes.other.signal("-STOP");
        let ended = victim.end(&rest, End::Revoked).await;
        let made = Victim::new(&rest, 2 * number + 1).await;
        nodes.bed.database.run(forget).await;
        sleep(WITHIN).await;
        nodes.other.signal("-CONT");
        // No requests are sent before the node has looked for changes: a request would make it read the key from the
        // database again, and hide that its memory is outdated.
        sleep(WITHIN).await;
        let asking = verifier.keep_asking(&victim.secret, CALLERS);
        verifier.accepted_within(&made.secret, WITHIN).await;
        sleep(Duration::from_millis(300)).await;
        assert_eq!(outcome_of(&asking.end().await, ended, End::Revoked).latest_yes, None, "{forget}");
    }
}

/// The command line changes keys while a server runs on the same database file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_by_the_command_line_apply_within_a_second() {
    let place = TestFolder::new();
    let first = text(&place.bootstrap(&[])["admin_key"]).to_owned();
    let server = place.start(&["--rate-limit-default", "2000000000"]);
    let rest = Rest::new(&server.address, &first);
    let service_account = admin_of_its_own(&rest).await;
    let verifier = Verifier::new(&server.address, &service_account);
    let mut secret = first;
    for _ in 0..3 {
        verifier.accepted_within(&secret, WITHIN).await;
        let asking = verifier.keep_asking(&secret, CALLERS);
        sleep(Duration::from_millis(100)).await;
        let mut command = place.command(&binary());
        command.args(["admin-key", "--email", ADMIN]);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let ended = Instant::now();
        assert!(output.status.success(), "{output:?}");
        let made: Value = serde_json::from_slice(&output.stdout).unwrap();
        sleep(WITHIN + Duration::from_millis(100)).await;
        let outcome = outcome_of(&asking.end().await, ended, End::Revoked);
        let yes = outcome.latest_yes.unwrap_or_default();
        assert!(yes < WITHIN && outcome.after > 20, "accepted {yes:?} after the end");
        assert_eq!(verifier.show(&secret).await.outcome, Reply::No("401".to_owned()));
        text(&made["admin_key"]).clone_into(&mut secret);
        assert_eq!(verifier.verify(&secret).await.outcome, Reply::Yes);
        assert_eq!(verifier.show(&secret).await.outcome, Reply::Yes);
    }
}

/// Creates another key of the admin to ask with, which the command does not replace.
async fn admin_of_its_own(rest: &Rest) -> String {
    let body = serde_json::json!({"name": "asks", "permissions": ["admin"]});
    match rest.send(reqwest::Method::POST, &Rest::keys(), Some(body)).await {
        crate::binary::Answer::Done(made) => text(&made["key"]).to_owned(),
        other => panic!("{other:?}"),
    }
}
