//! Measures how long a start takes, from the start of the process to the first correct answer.

use std::path::Path;
use std::time::Instant;

use crate::baseline::Baseline;
use crate::load::{Call, Connection, Plan};
use crate::process::{self, Server};
use crate::setting::Setting;
use crate::stats::median;
use crate::table::{Row, Verdict, ms, number};
use crate::{Result, instance, load};

/// The number of starts of each kind.
const ROUNDS: usize = 5;

/// Starts on the large database, in alternation with a bare server.
pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    let filled = setting.database(setting.large, &data).await?;
    let (mut clean, mut crashed, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(time_bare(setting, folder.path()).await?.0);
        let (milliseconds, server) = time_keystead(setting, &data).await?;
        clean.push(milliseconds);
        // The server is killed under load, so that the next start has to recover the log.
        let calls: load::Calls = {
            let (filled, round) = (filled.clone(), clean.len() as u64);
            std::sync::Arc::new(move |n| instance::create(&filled, round * 1_000_000 + n))
        };
        let plan =
            Plan { callers: 16, time: std::time::Duration::from_millis(300), calls_max: 5000, rate: None };
        load::run(server.address, plan, &calls, instance::is_created).await?;
        server.kill().await?;
        let (milliseconds, server) = time_keystead(setting, &data).await?;
        crashed.push(milliseconds);
        server.kill().await?;
    }
    let bare = median(&bare).unwrap_or(f64::NAN);
    let row = |what: &str, times: &[f64]| {
        let ours = median(times).unwrap_or(f64::NAN);
        Row {
            goal: "start",
            what: format!("{what}, {} keys", number(setting.large as f64)),
            ours: ms(ours),
            opponent: format!("bare axum {}", ms(bare)),
            ratio: Some(ours / bare),
            wanted: "≤ 1 s".to_owned(),
            verdict: Verdict::of(ours <= 1000.0, ours / 1000.0),
        }
    };
    Ok(vec![row("ready after starting", &clean), row("ready after `kill -9` under load", &crashed)])
}

async fn time_keystead(setting: &Setting, data: &Path) -> Result<(f64, Server)> {
    let began = Instant::now();
    let server = instance::start(setting, data).await?;
    instance::healthy(server.address).await?;
    Ok((began.elapsed().as_secs_f64() * 1000.0, server))
}

async fn time_bare(setting: &Setting, folder: &Path) -> Result<(f64, Server)> {
    let began = Instant::now();
    let server = bare(setting, &Baseline::Hello, folder).await?;
    Connection::open(server.address).await?.time(&Call::get("/")).await?;
    Ok((began.elapsed().as_secs_f64() * 1000.0, server))
}

/// Starts a baseline.
pub async fn bare(setting: &Setting, baseline: &Baseline, folder: &Path) -> Result<Server> {
    let mut command = process::command(setting.server_core, std::env::current_exe()?);
    command.arg("baseline").args(baseline.words());
    process::start(command, &folder.join("baseline-errors")).await
}
