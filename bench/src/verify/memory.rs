//! Measures how much memory a server uses, and how soon after its start it responds.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::contest::home;
use super::shots::{Home, Verify};
use super::warm_up::{ask, loaded};
use crate::load::{Volley, fire};
use crate::process::{self, Server};
use crate::setting::Setting;
use crate::stats::median;
use crate::table::{Row, Verdict, ms, number};
use crate::{Result, instance};

const MIB: f64 = 1024.0 * 1024.0;
/// The number of starts on the large database.
const ROUNDS: u64 = 5;
/// The number of keys in a small installation.
const FEW: u64 = 10_000;
/// Part of the message that the server logs when every secret is in the key cache.
const LOADED: &str = "loaded the key cache";

pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let (few, many) = (folder.path().join("few"), folder.path().join("many"));
    let in_few = setting.database(FEW, &few).await?;
    let server = start_filled(setting, &few).await?;
    let idle = server.resident()?;
    let home_of_few = Arc::new(home(&server, &in_few, &setting.secrets(FEW)).await?);
    loaded(server.address, &home_of_few).await?;
    let rested = server.resident()?;
    server.kill().await?;
    let in_many = setting.database(setting.large, &many).await?;
    let (mut answers, mut loads, mut resident) = (Vec::new(), Vec::new(), Vec::new());
    let mut kept: Option<Arc<Home>> = None;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let server = start_telling(setting, &many).await?;
        if let Some(home) = &kept {
            ask(server.address, home, 1).await?;
            answers.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        filled(&many).await?;
        loads.push(began.elapsed().as_secs_f64() * 1000.0);
        let home = match kept.take() {
            Some(home) => home,
            None => Arc::new(home(&server, &in_many, &setting.secrets(setting.large)).await?),
        };
        let volley = Volley { callers: 64, time: Duration::from_millis(1500), rate: None, first: 0 };
        fire(server.address, volley, Arc::new(Verify { home: home.clone(), cost: 1 })).await?;
        resident.push(server.resident()?);
        kept = Some(home);
        server.kill().await?;
    }
    Ok(rows(setting, [idle, rested], &answers, &loads, &resident))
}

/// Starts a server on a data folder and waits until every secret is in its key cache. Until then it is slower.
pub async fn start_filled(setting: &Setting, data: &Path) -> Result<Server> {
    let server = start_telling(setting, data).await?;
    filled(data).await?;
    Ok(server)
}

/// Starts a server with a log level at which it reports that every secret is in the key cache.
async fn start_telling(setting: &Setting, data: &Path) -> Result<Server> {
    let mut command = instance::command(setting, data);
    command.env("KEYSTEAD_LOG", "service=info,warn");
    process::start(command, &data.join("errors")).await
}

async fn filled(data: &Path) -> Result<()> {
    while !std::fs::read_to_string(data.join("errors"))?.contains(LOADED) {
        sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

fn rows(
    setting: &Setting,
    [idle, rested]: [f64; 2],
    answers: &[f64],
    loads: &[f64],
    resident: &[f64],
) -> Vec<Row> {
    let middle = |values: &[f64]| median(values).unwrap_or(f64::NAN);
    let keys = number(setting.large as f64);
    let row = |goal, what: String, ours: String, wanted: &str, part: f64| Row {
        goal,
        what,
        ours,
        opponent: "–".to_owned(),
        ratio: Some(part),
        wanted: wanted.to_owned(),
        verdict: Verdict::of(part <= 1.0, part),
    };
    let of_few = |when: &str, held: f64| {
        let what = format!("memory with {} keys, {when}", number(FEW as f64));
        row("G9", what, format!("{:.0} MiB", held / MIB), "≤ 20 MiB", held / (20.0 * MIB))
    };
    let (held, answer, load) = (middle(resident), middle(answers), middle(loads));
    let each = (held - rested) / (setting.large - FEW) as f64;
    vec![
        row(
            "G9",
            format!("memory with {keys} keys, under load; {each:.0} bytes for each key more"),
            format!("{:.0} MiB", held / MIB),
            "≤ 180 MiB",
            held / (180.0 * MIB),
        ),
        of_few("started and not asked yet", idle),
        of_few("after 5 s of verifying", rested),
        row(
            "G10",
            format!("from the start to the first right verify, {keys} keys"),
            ms(answer),
            "≤ 100 ms",
            answer / 100.0,
        ),
        row(
            "G10",
            format!("from the start until {keys} keys are in memory"),
            ms(load),
            "≤ 1 s",
            load / 1000.0,
        ),
    ]
}
