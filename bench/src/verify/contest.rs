//! Measures all servers in turns on one core, with 64 connections and random keys. Every response is checked.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::key::{DEFAULT_PREFIX, KeyPrefix, PlainKey, RANDOM_LENGTH};

use super::shots::{Forward, Hello, Home, InBody, InHeader, Keys, Plain, Unknown, Verify};
use crate::baseline::Baseline;
use crate::load::{Call, Shots, Volley, fire, once};
use crate::process::Server;
use crate::rivals::{self, Guard};
use crate::secrets::Secrets;
use crate::seed::{Filled, letters};
use crate::setting::Setting;
use crate::stats::median;
use crate::table::{Row, Verdict, per_second, times, us};
use crate::{Result, instance, start};

/// How many turns each server gets.
const ROUNDS: u64 = 7;
const TURN: Duration = Duration::from_millis(1200);
const CALLERS: u64 = 64;
/// The number of unknown keys.
const UNKNOWN_KEYS: u64 = 100_000;
/// If a server used less than this share of its core, it waited for the load generator, or another process used the
/// core.
const BUSY: f64 = 0.9;

/// A server and the requests that it gets.
pub struct Contestant<'a> {
    server: &'a Server,
    shots: Arc<dyn Shots>,
    turns: Vec<Turn>,
}

/// The result of one turn.
struct Turn {
    rate: f64,
    /// Processor time per request, in microseconds.
    cpu: f64,
    /// The share of the time that the server used its core.
    busy: f64,
    p99: f64,
}

/// Measures how many requests are answered, and what each costs.
pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    let filled = setting.database(setting.large, &data).await?;
    let keys = setting.secrets(setting.large);
    let ours = instance::start(setting, &data).await?;
    let home = Arc::new(home(&ours, &filled, &keys).await?);
    let (hello, json, floor) = (
        start::bare(setting, &Baseline::Hello, folder.path()).await?,
        start::bare(setting, &Baseline::Json, folder.path()).await?,
        start::bare(setting, &Baseline::Floor { keys: keys.clone() }, folder.path()).await?,
    );
    super::warm_up::loaded(ours.address, &home).await?;

    let unknown_keys = unknown_keys()?;
    let shots: [(&Server, Arc<dyn Shots>); 7] = [
        (&hello, Arc::new(Hello)),
        (&json, Arc::new(Plain(home.clone()))),
        (&floor, Arc::new(Plain(home.clone()))),
        (&ours, Arc::new(Verify { home: home.clone(), cost: 1 })),
        (&ours, Arc::new(Unknown { home: home.clone(), unknown_keys })),
        (&ours, Arc::new(Forward(home.clone()))),
        (&ours, Arc::new(Verify { home: home.clone(), cost: 0 })),
    ];
    let mut contestants = shots.map(|(server, shots)| Contestant::new(server, shots));
    rounds(&mut contestants).await?;
    let [hello, json, floor, verify, unknown, forward, looking] = &contestants;

    let mut rows = vec![
        rate("G1", "verify", verify, ("axum-json", json), Some(0.80)),
        rate("G1", "verify", verify, ("axum-hello", hello), Some(0.68)),
        rate("G1", "verify", verify, ("the floor", floor), Some(0.90)),
        rate("G2", "forward-auth", forward, ("axum-hello", hello), Some(0.75)),
        cpu("G3", verify, ("axum-json", json)),
        tail("G1", verify, ("axum-json", json)),
        rate(
            "G7",
            "verify, counted and written behind",
            verify,
            ("only looking (cost 0)", looking),
            Some(0.97),
        ),
        rate("G8", "verify of unknown keys", unknown, ("of stored ones", verify), Some(0.95)),
    ];
    rows.extend(against_rivals(setting, folder.path(), &home, verify, forward).await?);
    Ok(rows)
}

/// The data that the requests need: secrets, the admin's key and a gateway.
pub async fn home(server: &Server, filled: &Filled, keys: &Path) -> Result<Home> {
    let body = r#"{"name":"bench","rules":[{"method":"GET","path":"/v1/**","permission":"read"}]}"#;
    let call = Call::json("/v1/gateways", body.to_owned())
        .with("authorization", format!("Bearer {}", filled.admin_key));
    let made: serde_json::Value = serde_json::from_slice(&once(server.address, &call).await?.body)?;
    let gateway = made.get("gateway_id").and_then(|id| id.as_str()).ok_or("a gateway without an id")?;
    let secrets = Secrets::read(keys)?;
    Ok(Home { secrets, admin_key: filled.admin_key.clone(), gateway: gateway.to_owned() })
}

/// Keys that are not in the database.
pub fn unknown_keys() -> Result<Vec<String>> {
    (0..UNKNOWN_KEYS).map(unknown_key).collect()
}

/// A key with a correct checksum that is not in the database.
fn unknown_key(number: u64) -> Result<String> {
    let prefix = KeyPrefix::parse(DEFAULT_PREFIX).map_err(|error| error.message)?;
    let random = letters(number ^ 0xdead_beef, RANDOM_LENGTH);
    Ok(PlainKey::from_random(&prefix, &random).reveal().to_owned())
}

/// Gives each server its turns. All others are suspended meanwhile, because they would otherwise write recorded uses in
/// the background.
pub async fn rounds(contestants: &mut [Contestant<'_>]) -> Result<()> {
    for round in 0..ROUNDS {
        for contestant in &mut *contestants {
            let volley = Volley { callers: CALLERS, time: TURN, rate: None, first: round << 32 };
            contestant.server.resume().await?;
            let before = contestant.server.cpu()?;
            let hits = fire(contestant.server.address, volley, contestant.shots.clone()).await?;
            let used = contestant.server.cpu()? - before;
            contestant.server.pause().await?;
            // The first round is a warm-up.
            if round > 0 {
                contestant.turns.push(Turn {
                    rate: hits.rate(),
                    cpu: used * 1e6 / hits.nanoseconds.len() as f64,
                    busy: used / hits.seconds,
                    p99: hits.below(0.99),
                });
            }
        }
    }
    Ok(())
}

impl<'a> Contestant<'a> {
    pub fn new(server: &'a Server, shots: Arc<dyn Shots>) -> Self {
        Self { server, shots, turns: Vec::new() }
    }

    fn middle(&self, value: fn(&Turn) -> f64) -> f64 {
        median(&self.turns.iter().map(value).collect::<Vec<_>>()).unwrap_or(f64::NAN)
    }

    /// The rate, with a note if the server was not busy.
    fn reported(&self) -> String {
        let busy = self.middle(|turn| turn.busy);
        let mark = if busy < BUSY { format!(" (core {:.0} % busy)", busy * 100.0) } else { String::new() };
        format!("{}{mark}", per_second(self.middle(|turn| turn.rate)))
    }
}

/// The median of the ratios of each round. A disturbance in a round affects both sides.
fn ratio(ours: &Contestant<'_>, other: &Contestant<'_>, value: fn(&Turn) -> f64) -> f64 {
    let pairs = ours.turns.iter().zip(&other.turns);
    median(&pairs.map(|(ours, other)| value(ours) / value(other)).collect::<Vec<_>>()).unwrap_or(f64::NAN)
}

pub fn rate(
    goal: &'static str,
    what: &str,
    ours: &Contestant<'_>,
    (name, other): (&str, &Contestant<'_>),
    least: Option<f64>,
) -> Row {
    let ratio = ratio(ours, other, |turn| turn.rate);
    Row {
        goal,
        what: what.to_owned(),
        ours: ours.reported(),
        opponent: format!("{name} {}", other.reported()),
        ratio: Some(ratio),
        wanted: least.map_or("–".to_owned(), |least| format!("≥ {}", times(least))),
        verdict: least.map_or(Verdict::Told, |least| Verdict::of(ratio >= least, least / ratio)),
    }
}

/// Compares processor time, which does not depend on the speed of the load generator.
pub fn cpu(goal: &'static str, ours: &Contestant<'_>, (name, other): (&str, &Contestant<'_>)) -> Row {
    let (mine, bare) = (ours.middle(|turn| turn.cpu), other.middle(|turn| turn.cpu));
    let ratio = ratio(ours, other, |turn| turn.cpu);
    let micros = |value: f64| format!("{value:.2} µs");
    Row {
        goal,
        what: "processor time of a verify".to_owned(),
        ours: micros(mine),
        opponent: format!("{name} {}", micros(bare)),
        ratio: Some(ratio),
        wanted: "≤ 1.35 × and ≤ + 2 µs".to_owned(),
        verdict: Verdict::of(ratio <= 1.35 && mine <= bare + 2.0, (ratio / 1.35).max(mine / (bare + 2.0))),
    }
}

pub fn tail(goal: &'static str, ours: &Contestant<'_>, (name, other): (&str, &Contestant<'_>)) -> Row {
    let ratio = ratio(ours, other, |turn| turn.p99);
    Row {
        goal,
        what: "p99 of a verify at 64 connections".to_owned(),
        ours: us(ours.middle(|turn| turn.p99)),
        opponent: format!("{name} {}", us(other.middle(|turn| turn.p99))),
        ratio: Some(ratio),
        wanted: "≤ 2 ×".to_owned(),
        verdict: Verdict::of(ratio <= 2.0, ratio / 2.0),
    }
}

/// Compares with competitors that verify keys, in turns. A competitor that does not start is left out, with the reason.
async fn against_rivals(
    setting: &Setting,
    folder: &Path,
    home: &Arc<Home>,
    verify: &Contestant<'_>,
    forward: &Contestant<'_>,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (goal, rival, least) in
        [("G4", Guard::BetterAuth, 50.0), ("G4", Guard::Drf, 50.0), ("G5", Guard::Nginx, 0.75)]
    {
        let at = folder.join(rival.name().replace(' ', "-"));
        std::fs::create_dir_all(&at)?;
        let (ours, what) = match rival {
            Guard::Nginx => (forward, "forward-auth"),
            Guard::BetterAuth | Guard::Drf => (verify, "verify"),
        };
        let (server, keys) = match rivals::guard(setting, rival, &at, &home.secrets).await {
            Ok(started) => started,
            Err(error) => {
                let why = error.to_string();
                rows.push(Row::not_measured(
                    goal,
                    format!("{what} against {}", rival.name()),
                    times(least),
                    &why,
                ));
                continue;
            }
        };
        let shots: Arc<dyn Shots> = match rival {
            Guard::BetterAuth => Arc::new(InBody(Keys::Own(keys))),
            Guard::Drf => Arc::new(InHeader {
                path: "/check",
                header: "authorization: Api-Key ",
                keys: Keys::Own(keys),
            }),
            Guard::Nginx => {
                Arc::new(InHeader { path: "/", header: "x-api-key: ", keys: Keys::Stored(home.clone()) })
            }
        };
        let mut pair = [Contestant::new(ours.server, ours.shots.clone()), Contestant::new(&server, shots)];
        rounds(&mut pair).await?;
        let [ours, other] = &pair;
        rows.push(rate(goal, what, ours, (rival.name(), other), Some(least)));
    }
    Ok(rows)
}
