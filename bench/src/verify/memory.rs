//! What a server holds, and how soon after its start it answers.

use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::contest::home;
use super::shots::{Home, Verify};
use crate::load::{Shots, Volley, fire};
use crate::process::{self, Server};
use crate::setting::Setting;
use crate::stats::median;
use crate::table::{Row, Verdict, ms, number};
use crate::{Result, instance};

const MIB: f64 = 1024.0 * 1024.0;
/// Starts on the large database.
const ROUNDS: u64 = 5;
/// Keys of a small installation.
const FEW: u64 = 10_000;
/// What the server says when every secret is in memory.
const LOADED: &str = "secrets are in memory";

/// Measures memory and starts.
pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let (few, many) = (folder.path().join("few"), folder.path().join("many"));
    let in_few = setting.database(FEW, &few).await?;
    let idle = {
        let server = instance::start(setting, &few).await?;
        let home = Rc::new(home(&server, &in_few, &setting.secrets(FEW)).await?);
        loaded(server.address, &home).await?;
        let idle = server.resident()?;
        server.kill().await?;
        idle
    };
    let in_many = setting.database(setting.large, &many).await?;
    let (mut answers, mut loads, mut resident) = (Vec::new(), Vec::new(), Vec::new());
    let mut kept: Option<Rc<Home>> = None;
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
            None => Rc::new(home(&server, &in_many, &setting.secrets(setting.large)).await?),
        };
        let volley = Volley { callers: 64, time: Duration::from_millis(1500), rate: None, first: 0 };
        fire(server.address, volley, Rc::new(Verify { home: home.clone(), cost: 1 })).await?;
        resident.push(server.resident()?);
        kept = Some(home);
        server.kill().await?;
    }
    Ok(rows(setting, idle, &answers, &loads, &resident))
}

/// Starts a server on a data folder and waits until it has every secret in memory: until then it has less time for
/// everything else.
pub async fn start_filled(setting: &Setting, data: &Path) -> Result<Server> {
    let server = start_telling(setting, data).await?;
    filled(data).await?;
    Ok(server)
}

/// Starts a server that says when every secret is in memory.
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

fn rows(setting: &Setting, idle: f64, answers: &[f64], loads: &[f64], resident: &[f64]) -> Vec<Row> {
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
    let (held, answer, load) = (middle(resident), middle(answers), middle(loads));
    let each = (held - idle) / (setting.large - FEW) as f64;
    vec![
        row(
            "G9",
            format!("memory with {keys} keys, under load; {each:.0} bytes for each key more"),
            format!("{:.0} MiB", held / MIB),
            "≤ 180 MiB",
            held / (180.0 * MIB),
        ),
        row(
            "G9",
            format!("memory at rest with {} keys", number(FEW as f64)),
            format!("{:.0} MiB", idle / MIB),
            "≤ 20 MiB",
            idle / (20.0 * MIB),
        ),
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

/// Waits until a server answers from memory: as long as it fills, answers take ten times as long.
pub async fn loaded(address: SocketAddr, home: &Rc<Home>) -> Result<()> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        ask(address, home, 50).await?;
    }
    Ok(())
}

/// Asks for a few verdicts, one after the other.
async fn ask(address: SocketAddr, home: &Rc<Home>, milliseconds: u64) -> Result<()> {
    let volley = Volley { callers: 1, time: Duration::from_millis(milliseconds), rate: None, first: 7 };
    let shots: Rc<dyn Shots> = Rc::new(Verify { home: home.clone(), cost: 1 });
    fire(address, volley, shots).await.map(drop)
}
