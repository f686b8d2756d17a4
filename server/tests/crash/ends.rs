//! Stops or kills the server again and again while keys are changed, and starts it again. No confirmed change is lost.
//!
//! `KEYSTEAD_TEST_KILLS` sets the number of rounds. The result of a long run is in docs/internals/testing.md.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::binary::{Answer, Dice, Rest, Running, TestFolder};
use crate::caller::Caller;
use crate::database;
use crate::held::ActiveKey;
use crate::resolve::Listed;

const ROUNDS: &str = "KEYSTEAD_TEST_KILLS";
const ROUNDS_USUAL: u32 = 15;
const CALLERS: usize = 8;
/// Maximum time from the start of the process until it is ready, and from the signal to its end.
const START_MAX: Duration = Duration::from_secs(10);
const END_MAX: Duration = Duration::from_secs(10);
/// Raises the rate limit, because the callers send more requests in a minute than a key usually may.
const ARGUMENTS: [&str; 2] = ["--rate-limit-default", "2000000000"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// `kill -9` while keys are changed.
    Kill,
    /// `kill -9` while keys are changed, and again while the next server starts.
    KillTwice,
    /// `SIGTERM` while keys are changed.
    Terminate,
}

struct Trial {
    place: TestFolder,
    admin_key: String,
    dice: Dice,
    callers: Vec<Caller>,
    starts: Vec<Duration>,
    cut: [u32; 2],
    half_sent: u32,
    half_sent_key: Option<ActiveKey>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_and_stops_lose_no_acknowledged_write_and_revive_no_secret() {
    let rounds = std::env::var(ROUNDS).map_or(ROUNDS_USUAL, |rounds| rounds.parse().unwrap());
    let place = TestFolder::new();
    let made = place.bootstrap(&[]);
    let mut trial = Trial {
        place,
        admin_key: made["admin_key"].as_str().unwrap().to_owned(),
        dice: Dice::seeded(7),
        callers: (0..CALLERS).map(Caller::new).collect(),
        starts: Vec::new(),
        cut: [0, 0],
        half_sent: 0,
        half_sent_key: None,
    };
    let mut server = trial.start().await;
    for round in 0..rounds {
        let end = match round % 10 {
            3 => End::Terminate,
            7 => End::KillTwice,
            _ => End::Kill,
        };
        trial.work_until(end, server).await;
        server = trial.start().await;
        trial.check(&server, round + 1 == rounds).await;
        if (round + 1) % 50 == 0 {
            trial.respond(round + 1);
        }
    }
    trial.respond(rounds);
}

impl Trial {
    /// Starts the server and waits until it is ready. Fails if that takes longer than `START_MAX`.
    async fn start(&mut self) -> Running {
        let started = Instant::now();
        let server = self.place.start(&ARGUMENTS);
        while !self.rest(&server).is_ready().await {
            assert!(started.elapsed() < START_MAX, "not ready in time");
            sleep(Duration::from_millis(5)).await;
        }
        self.starts.push(started.elapsed());
        assert!(started.elapsed() < START_MAX, "{:?}", started.elapsed());
        server
    }

    fn rest(&self, server: &Running) -> Rest {
        Rest::new(&server.address, &self.admin_key)
    }

    /// Lets the callers change keys, and ends the server at a random moment.
    async fn work_until(&mut self, end: End, mut server: Running) {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut working, rest) = (JoinSet::new(), self.rest(&server));
        for caller in self.callers.drain(..) {
            working.spawn(caller.work(rest.clone(), stop.clone()));
        }
        sleep(Duration::from_micros(self.dice.roll() % 400_000)).await;
        if end == End::Terminate {
            self.terminate(&mut server).await;
        } else {
            server.kill();
        }
        stop.store(true, Ordering::Relaxed);
        self.callers = working.join_all().await;
        self.callers.sort_by_key(|caller| caller.number);
        if end == End::KillTwice {
            let usual = self.starts.iter().min().unwrap().as_micros();
            let starting = self.place.spawn(&ARGUMENTS);
            sleep(Duration::from_micros(self.dice.roll() % u64::try_from(usual).unwrap())).await;
            drop(starting);
        }
    }

    /// Stops the server while half of a request is still to be sent. The request must be answered, and its change must
    /// be stored.
    async fn terminate(&mut self, server: &mut Running) {
        self.half_sent += 1;
        let name = format!("half-{}", self.half_sent);
        let body = serde_json::json!({ "name": name }).to_string();
        let (first, second) = body.split_at(body.len() / 2);
        let mut half = TcpStream::connect(server.host()).await.unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{first}",
            Rest::keys(),
            self.admin_key,
            body.len()
        );
        half.write_all(head.as_bytes()).await.unwrap();
        sleep(Duration::from_millis(50)).await;
        server.terminate();
        sleep(Duration::from_micros(self.dice.roll() % 300_000)).await;
        half.write_all(second.as_bytes()).await.unwrap();
        let mut answer = String::new();
        half.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "a half-sent request is answered: {head}");
        let status = server.ended_within(END_MAX).await.expect("it ends in time");
        assert_eq!(status.code(), Some(0));
        let created: Value = serde_json::from_str(body).unwrap();
        self.half_sent_key = Some(ActiveKey::created(&created));
    }

    /// Compares everything on the server with what was confirmed.
    async fn check(&mut self, server: &Running, is_last: bool) {
        let rest = self.rest(server);
        if let Some(held) = self.half_sent_key.take() {
            self.callers[0].add(held);
        }
        let listed = list(&rest).await;
        let mut known: BTreeSet<String> = self.histories().into_keys().collect();
        let mut resolved = Vec::new();
        for caller in &mut self.callers {
            resolved.push(caller.resolve(&listed, &mut known));
        }
        let lives = self.callers.iter().flat_map(|caller| &caller.live);
        let lives: BTreeSet<&String> = lives.map(|held| &held.key_id).collect();
        assert_eq!(listed.keys().collect::<BTreeSet<_>>(), lives, "live keys");
        database::check(&self.place.database(), &self.histories());

        let mut verifying = JoinSet::new();
        for caller in self.callers.drain(..) {
            verifying.spawn(caller.verify(rest.clone(), listed.clone(), is_last));
        }
        self.callers = verifying.join_all().await;
        self.callers.sort_by_key(|caller| caller.number);
        for (caller, resolved) in self.callers.iter_mut().zip(resolved) {
            if let Some(resolved) = resolved {
                self.cut[usize::from(resolved.is_there)] += 1;
                caller.repeat(resolved, &rest).await;
            }
        }
    }

    fn histories(&self) -> BTreeMap<String, crate::held::History> {
        self.callers.iter().flat_map(|caller| caller.histories.clone()).collect()
    }

    #[expect(clippy::print_stdout, reason = "the outcome of a long run is written down")]
    fn respond(&self, rounds: u32) {
        let acknowledged: u32 = self.callers.iter().map(|caller| caller.acknowledged).sum();
        let dead: usize = self.callers.iter().map(|caller| caller.dead.len()).sum();
        let keys = self.histories().len();
        let mut starts = self.starts.clone();
        starts.sort_unstable();
        let [absent, whole] = self.cut;
        println!(
            "{rounds} ends, of these {} by SIGTERM with a half-sent request; {acknowledged} changes acknowledged, 0 lost; \
             {keys} keys; {dead} dead secrets, 0 accepted; {} changes cut, {absent} absent, {whole} whole, 0 half; \
             ready after {:?} (median), {:?} (longest)",
            self.half_sent,
            absent + whole,
            starts[starts.len() / 2],
            starts[starts.len() - 1],
        );
        assert!(acknowledged > rounds * 10, "too few changes were acknowledged: {acknowledged}");
    }
}

/// Lists the active keys, except for the `admin-key`.
async fn list(rest: &Rest) -> Listed {
    let Answer::Done(body) = rest.send(reqwest::Method::GET, &Rest::keys(), None).await else {
        panic!("no list");
    };
    let keys = body["results"].as_array().unwrap().iter();
    let keys = keys.filter(|key| key["name"] != "admin-key");
    keys.map(|key| (key["key_id"].as_str().unwrap().to_owned(), key.clone())).collect()
}
